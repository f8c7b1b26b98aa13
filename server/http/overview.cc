// All that the page at /admin shows, in one answer.

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include "ot/json_text.h"
#include "server/http/call.h"
#include "server/http/handlers.h"

namespace segue::server {

namespace {

using ot::Json;

boost::asio::awaitable<Overview> looked_over(Worker& worker) {
  return called_back<Overview>([&worker](auto done) { worker.look_over(std::move(done)); });
}

// What the process takes in memory; 0 where that cannot be told.
std::uint64_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t all_pages = 0;
  std::uint64_t resident_pages = 0;
  statm >> all_pages >> resident_pages;
  return resident_pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

Json to_json(const Live& live) {
  Json out = Json::object();
  for (const LiveNumber& number : live_numbers()) {
    out.set(number.name, live.*number.member);
  }
  return out;
}

Json to_json(const std::vector<DocumentInfo>& documents) {
  Json out = Json::array();
  for (const DocumentInfo& info : documents) {
    out.push_back(Json::object({{"collection", info.doc.collection},
                                {"id", info.doc.id},
                                {"version", info.version.value},
                                {"memory_bytes", info.memory_bytes},
                                {"ops_per_minute", info.ops_per_minute},
                                {"subscribers", info.subscribers}}));
  }
  return out;
}

Json to_json(const std::vector<ConnectionInfo>& connections) {
  Json out = Json::array();
  for (const ConnectionInfo& info : connections) {
    out.push_back(Json::object({{"src", info.src},
                                {"author", info.author},
                                {"address", info.address},
                                {"since_ms", info.since_ms},
                                {"subscriptions", info.subscriptions},
                                {"outbox_bytes", info.outbox_bytes}}));
  }
  return out;
}

Json to_json(const Histogram& histogram) {
  std::uint64_t count = 0;
  Json buckets = Json::array();
  for (std::size_t i = 0; i < Histogram::bucket_count; ++i) {
    count += histogram.bucket(i);
    buckets.push_back(histogram.bucket(i));
  }
  return Json::object(
      {{"count", count}, {"sum", histogram.sum()}, {"buckets", std::move(buckets)}});
}

Json refusals(const WorkerMetrics& sum) {
  Json out = Json::object();
  for (std::size_t i = 0; i < sum.refused.size(); ++i) {
    if (sum.refused[i].value() > 0) {
      const std::string code(ot::errc_name(static_cast<ot::Errc>(i)));
      out.set(code.empty() ? "none" : code, sum.refused[i].value());
    }
  }
  return out;
}

Json closes(const WorkerMetrics& sum) {
  Json out = Json::array();
  for (std::size_t i = 0; i < close_reasons.size(); ++i) {
    if (sum.closed[i].value() > 0) {
      out.push_back(Json::object({{"code", close_reasons[i].code},
                                  {"reason", close_reasons[i].text},
                                  {"count", sum.closed[i].value()}}));
    }
  }
  return out;
}

Json counts(const WorkerMetrics& sum, const CommitMetrics& commits) {
  return Json::object({{"ops", sum.ops.value()},
                       {"transformed", sum.late_ops.value()},
                       {"resent", sum.duplicates.value()},
                       {"overwrites", sum.overwrites.value()},
                       {"forced", sum.forced.value()},
                       {"connections", sum.opened.value()},
                       {"cache_hits", sum.hits.value()},
                       {"cache_misses", sum.misses.value()},
                       {"cache_evictions", sum.evictions.value()},
                       {"commits_failed", commits.failed.value()}});
}

}  // namespace

boost::asio::awaitable<HttpResponse> get_overview(Exchange& exchange) {
  Worker& worker = exchange.worker;
  const Overview overview = co_await looked_over(worker);
  const auto sum = worker.metrics_of_all();
  const CommitMetrics& commits = worker.commit_metrics();
  const std::string_view not_ready = worker.not_ready();
  Json out = Json::object();
  out.set("time_ms", worker.now_ms());
  out.set("started_ms", worker.started_ms());
  out.set("ready", not_ready.empty());
  out.set("state", not_ready.empty() ? "ready" : not_ready);
  out.set("resident_bytes", resident_bytes());
  out.set("numbers", to_json(overview.live));
  out.set("counts", counts(*sum, commits));
  out.set("refused", refusals(*sum));
  out.set("closed", closes(*sum));
  out.set("stages_us", Json::object({{"apply", to_json(sum->apply)},
                                     {"durable", to_json(sum->durable)},
                                     {"send", to_json(sum->send)}}));
  out.set("commits", Json::object({{"ops", to_json(commits.batch_ops)},
                                   {"bytes", to_json(commits.batch_bytes)},
                                   {"took_us", to_json(commits.flush)}}));
  out.set("largest", to_json(overview.largest));
  out.set("busiest", to_json(overview.busiest));
  out.set("connections", to_json(overview.connections));
  HttpResponse response = json_response(ot::json_text(out) + '\n');
  response.set(boost::beast::http::field::cache_control, "no-store");
  co_return response;
}

}  // namespace segue::server
