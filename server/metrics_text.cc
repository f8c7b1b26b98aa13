#include "server/metrics_text.h"

#include <limits>
#include <memory>
#include <utility>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace segue::server {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Workers = std::vector<const WorkerMetrics*>;

constexpr double microsecond = 1e-6;

MetricFamily family(std::string name, std::string help, MetricType type) {
  MetricFamily made;
  made.name = "segue_" + std::move(name);
  made.help = std::move(help);
  made.type = type;
  return made;
}

ClientMetric counted(std::uint64_t value) {
  ClientMetric metric;
  metric.counter.value = static_cast<double>(value);
  return metric;
}

ClientMetric labelled(ClientMetric metric, std::string name, std::string value) {
  metric.label.push_back({std::move(name), std::move(value)});
  return metric;
}

MetricFamily counter(std::string name, std::string help, std::uint64_t value) {
  MetricFamily made = family(std::move(name), std::move(help), MetricType::Counter);
  made.metric.push_back(counted(value));
  return made;
}

// `unit`: what one of a histogram's values is of the metric's unit.
ClientMetric histogram_of(const std::vector<const Histogram*>& parts, double unit) {
  ClientMetric metric;
  std::uint64_t count = 0;
  double sum = 0;
  for (std::size_t i = 0; i < Histogram::bucket_count; ++i) {
    for (const Histogram* part : parts) {
      count += part->bucket(i);
    }
    const bool is_last = i + 1 == Histogram::bucket_count;
    const double bound = is_last ? std::numeric_limits<double>::infinity()
                                 : static_cast<double>(std::uint64_t{1} << i) * unit;
    metric.histogram.bucket.push_back({count, bound});
  }
  for (const Histogram* part : parts) {
    sum += static_cast<double>(part->sum()) * unit;
  }
  metric.histogram.sample_count = count;
  metric.histogram.sample_sum = sum;
  return metric;
}

MetricFamily histogram(std::string name, std::string help,
                       const std::vector<const Histogram*>& parts, double unit) {
  MetricFamily made = family(std::move(name), std::move(help), MetricType::Histogram);
  made.metric.push_back(histogram_of(parts, unit));
  return made;
}

template <class Member>
std::vector<const Histogram*> parts_of(const Workers& workers, Member member) {
  std::vector<const Histogram*> parts;
  for (const WorkerMetrics* worker : workers) {
    parts.push_back(&(worker->*member));
  }
  return parts;
}

template <class Value>
std::uint64_t sum_of(const Workers& workers, Value value) {
  std::uint64_t sum = 0;
  for (const WorkerMetrics* worker : workers) {
    sum += value(*worker).value();
  }
  return sum;
}

MetricFamily refusals(const Workers& workers) {
  MetricFamily made =
      family("ops_refused_total", "Ops that were answered with an error", MetricType::Counter);
  for (std::size_t i = 0; i < std::tuple_size_v<decltype(WorkerMetrics::refused)>; ++i) {
    const std::uint64_t sum = sum_of(
        workers, [i](const WorkerMetrics& worker) -> auto& { return worker.refused[i]; });
    if (sum > 0) {
      const std::string code(ot::errc_name(static_cast<ot::Errc>(i)));
      made.metric.push_back(labelled(counted(sum), "code", code.empty() ? "none" : code));
    }
  }
  return made;
}

MetricFamily closes(const Workers& workers) {
  MetricFamily made = family("connections_closed_total", "WebSockets that the server has closed",
                             MetricType::Counter);
  for (std::size_t i = 0; i < close_reasons.size(); ++i) {
    const std::uint64_t sum = sum_of(
        workers, [i](const WorkerMetrics& worker) -> auto& { return worker.closed[i]; });
    ClientMetric metric = labelled(counted(sum), "code", std::to_string(close_reasons[i].code));
    made.metric.push_back(
        labelled(std::move(metric), "reason", std::string(close_reasons[i].text)));
  }
  return made;
}

MetricFamily stages(const Workers& workers) {
  MetricFamily made =
      family("op_stage_seconds", "How long an op takes, by stage", MetricType::Histogram);
  const auto add = [&](const char* stage, auto member) {
    made.metric.push_back(
        labelled(histogram_of(parts_of(workers, member), microsecond), "stage", stage));
  };
  add("apply", &WorkerMetrics::apply);
  add("durable", &WorkerMetrics::durable);
  add("send", &WorkerMetrics::send);
  return made;
}

}  // namespace

struct MetricsText::Families : std::vector<MetricFamily> {};

MetricsText::MetricsText() : families_(std::make_unique<Families>()) {}
MetricsText::~MetricsText() = default;

void MetricsText::add(const Workers& workers) {
  const auto sum = [&](auto member) {
    return sum_of(
        workers, [member](const WorkerMetrics& worker) -> auto& { return worker.*member; });
  };
  Families& all = *families_;
  all.push_back(counter("ops_committed_total", "Ops that have got a version and are on disk",
                        sum(&WorkerMetrics::ops)));
  all.push_back(counter("ops_transformed_total",
                        "Of those: rewritten over others, committed before",
                        sum(&WorkerMetrics::late_ops)));
  all.push_back(counter("ops_resent_total", "Ops that came again, and were acknowledged again",
                        sum(&WorkerMetrics::duplicates)));
  all.push_back(refusals(workers));
  all.push_back(closes(workers));
  all.push_back(stages(workers));
  all.push_back(histogram("op_late_versions", "How many ops a committed one had not seen",
                          parts_of(workers, &WorkerMetrics::late_by), 1));
}

void MetricsText::add(const CommitMetrics& commits) {
  Families& all = *families_;
  all.push_back(histogram("commit_ops", "Ops in a commit", {&commits.batch_ops}, 1));
  all.push_back(histogram("commit_bytes", "Bytes of ops in a commit", {&commits.batch_bytes}, 1));
  all.push_back(histogram("commit_seconds", "How long a commit takes, with its sync",
                          {&commits.flush}, microsecond));
  all.push_back(counter("commits_failed_total", "Commits that failed", commits.failed.value()));
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
