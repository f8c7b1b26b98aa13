#include "server/metrics_text.h"

#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace segue::server {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr double microsecond = 1e-6;

MetricFamily family(std::string name, std::string help, MetricType type) {
  MetricFamily made;
  made.name = "segue_" + std::move(name);
  made.help = std::move(help);
  made.type = type;
  return made;
}

ClientMetric counted(const Counter& counter) {
  ClientMetric metric;
  metric.counter.value = static_cast<double>(counter.value());
  return metric;
}

ClientMetric labelled(ClientMetric metric, std::string name, std::string value) {
  metric.label.push_back({std::move(name), std::move(value)});
  return metric;
}

MetricFamily counter(std::string name, std::string help, const Counter& value) {
  MetricFamily made = family(std::move(name), std::move(help), MetricType::Counter);
  made.metric.push_back(counted(value));
  return made;
}

// `unit`: what one of a histogram's values is of the metric's unit.
ClientMetric histogram_of(const Histogram& histogram, double unit) {
  ClientMetric metric;
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < Histogram::bucket_count; ++i) {
    count += histogram.bucket(i);
    const bool is_last = i + 1 == Histogram::bucket_count;
    const double bound = is_last ? std::numeric_limits<double>::infinity()
                                 : static_cast<double>(std::uint64_t{1} << i) * unit;
    metric.histogram.bucket.push_back({count, bound});
  }
  metric.histogram.sample_count = count;
  metric.histogram.sample_sum = static_cast<double>(histogram.sum()) * unit;
  return metric;
}

MetricFamily histogram(std::string name, std::string help, const Histogram& values, double unit) {
  MetricFamily made = family(std::move(name), std::move(help), MetricType::Histogram);
  made.metric.push_back(histogram_of(values, unit));
  return made;
}

MetricFamily refusals(const WorkerMetrics& sum) {
  MetricFamily made =
      family("ops_refused_total", "Ops that were answered with an error", MetricType::Counter);
  for (std::size_t i = 0; i < sum.refused.size(); ++i) {
    if (sum.refused[i].value() > 0) {
      const std::string code(ot::errc_name(static_cast<ot::Errc>(i)));
      made.metric.push_back(
          labelled(counted(sum.refused[i]), "code", code.empty() ? "none" : code));
    }
  }
  return made;
}

MetricFamily overwrites(const WorkerMetrics& sum) {
  MetricFamily made =
      family("overwrites_total", "Writes that replaced a value which their author had not seen",
             MetricType::Counter);
  made.metric.push_back(labelled(counted(sum.overwrites), "by", "merge"));
  made.metric.push_back(labelled(counted(sum.forced), "by", "force"));
  return made;
}

MetricFamily closes(const WorkerMetrics& sum) {
  MetricFamily made = family("connections_closed_total", "WebSockets that the server has closed",
                             MetricType::Counter);
  for (std::size_t i = 0; i < close_reasons.size(); ++i) {
    ClientMetric metric =
        labelled(counted(sum.closed[i]), "code", std::to_string(close_reasons[i].code));
    made.metric.push_back(
        labelled(std::move(metric), "reason", std::string(close_reasons[i].text)));
  }
  return made;
}

MetricFamily responses(const WorkerMetrics& sum) {
  MetricFamily made =
      family("http_responses_total", "HTTP requests that were answered", MetricType::Counter);
  for (std::size_t status = 0; status < sum.responses.size(); ++status) {
    if (sum.responses[status].value() > 0) {
      made.metric.push_back(
          labelled(counted(sum.responses[status]), "status", std::to_string(status)));
    }
  }
  return made;
}

MetricFamily stages(const WorkerMetrics& sum) {
  MetricFamily made =
      family("op_stage_seconds", "How long an op takes, by stage", MetricType::Histogram);
  const auto add = [&](const char* stage, const Histogram& values) {
    made.metric.push_back(labelled(histogram_of(values, microsecond), "stage", stage));
  };
  add("apply", sum.apply);
  add("durable", sum.durable);
  add("send", sum.send);
  return made;
}

}  // namespace

struct MetricsText::Families : std::vector<MetricFamily> {};

MetricsText::MetricsText() : families_(std::make_unique<Families>()) {}
MetricsText::~MetricsText() = default;

void MetricsText::add(const WorkerMetrics& sum) {
  Counter acks;
  acks.add(sum.ops.value() + sum.duplicates.value());
  Families& all = *families_;
  all.push_back(
      counter("ops_committed_total", "Ops that have got a version and are on disk", sum.ops));
  all.push_back(counter("ops_transformed_total",
                        "Of those: rewritten over others, committed before", sum.late_ops));
  all.push_back(counter("ops_resent_total", "Ops that came again, and were acknowledged again",
                        sum.duplicates));
  all.push_back(counter("acks_total", "Acknowledgements: of ops committed and resent", acks));
  all.push_back(refusals(sum));
  all.push_back(overwrites(sum));
  all.push_back(counter("connections_opened_total", "WebSockets that were opened", sum.opened));
  all.push_back(closes(sum));
  all.push_back(responses(sum));
  all.push_back(counter("cache_hits_total", "Requests to documents in memory", sum.hits));
  all.push_back(counter("cache_misses_total", "Documents that had to be loaded", sum.misses));
  all.push_back(
      counter("cache_evictions_total", "Documents let go to make room for others", sum.evictions));
  all.push_back(stages(sum));
  all.push_back(
      histogram("op_late_versions", "How many ops a committed one had not seen", sum.late_by, 1));
}

void MetricsText::add(const CommitMetrics& commits) {
  Families& all = *families_;
  all.push_back(histogram("commit_ops", "Ops in a commit", commits.batch_ops, 1));
  all.push_back(histogram("commit_bytes", "Bytes of ops in a commit", commits.batch_bytes, 1));
  all.push_back(histogram("commit_seconds", "How long a commit takes, with its sync", commits.flush,
                          microsecond));
  all.push_back(counter("commits_failed_total", "Commits that failed", commits.failed));
}

void MetricsText::add(const Live& live) {
  for (const LiveNumber& number : live_numbers()) {
    add_gauge(number.name, number.what, static_cast<double>(live.*number.member));
  }
}

void MetricsText::add_gauge(std::string_view name, std::string_view help, double value) {
  MetricFamily made = family(std::string(name), std::string(help), MetricType::Gauge);
  ClientMetric metric;
  metric.gauge.value = value;
  made.metric.push_back(std::move(metric));
  families_->push_back(std::move(made));
}

std::string MetricsText::print() const {
  return prometheus::TextSerializer().Serialize(*families_);
}

}  // namespace segue::server
