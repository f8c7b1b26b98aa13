// spec/limits.md is what the code does: each row of its tables, and the defaults it tells.

#include "server/limits.h"

#include <chrono>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "oplog/commit_queue.h"
#include "oplog/op_log.h"
#include "ot/steps.h"
#include "ot/types/parse.h"
#include "server/access/policy.h"
#include "server/access/rights.h"
#include "server/access/tickets.h"
#include "server/access/token.h"
#include "server/close_code.h"
#include "server/config.h"
#include "server/guard.h"

using namespace segue;

namespace {

std::string number(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

std::string bytes(std::uint64_t size) {
  for (const auto& [shift, unit] : {std::pair{30, "GiB"}, {20, "MiB"}, {10, "KiB"}}) {
    if (size >> shift > 0) return std::to_string(size >> shift) + " " + unit;
  }
  return std::to_string(size) + " bytes";
}

template <class Duration>
std::string seconds(Duration time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count()) + " s";
}

// The first two columns of all tables between two headings.
std::map<std::string, std::string> rows_of_spec(std::string_view from, std::string_view to) {
  std::map<std::string, std::string> rows;
  std::ifstream file(SEGUE_SOURCE_DIR "/spec/limits.md");
  bool is_inside = false;
  for (std::string line; std::getline(file, line);) {
    is_inside = line == from || (is_inside && line != to);
    if (!is_inside || line.rfind("| ", 0) != 0 || line.rfind("| ---", 0) == 0) continue;
    const std::size_t first = line.find(" | ");
    const std::size_t second = line.find(" | ", first + 3);
    rows.emplace(line.substr(2, first - 2), line.substr(first + 3, second - first - 3));
  }
  rows.erase("what");
  rows.erase("code");
  return rows;
}

// As a whole word: 10 is not in 100.
bool tells(const std::string& bound, const std::string& value) {
  return bound.starts_with(value) || bound.find(' ' + value) != std::string::npos;
}

using Expected = std::map<std::string, std::vector<std::string>>;

// Both have the same rows, and each bound tells the defaults.
void check(const std::map<std::string, std::string>& spec, const Expected& expected) {
  for (const auto& row : expected) {
    const std::string& what = row.first;
    CAPTURE(what);
    REQUIRE(spec.contains(what));
    CAPTURE(spec.at(what));
    for (const std::string& value : row.second) {
      CAPTURE(value);
      CHECK(tells(spec.at(what), value));
    }
  }
  for (const auto& row : spec) {
    CAPTURE(row.first);
    CHECK(expected.contains(row.first));
  }
}

}  // namespace

TEST_CASE("limits: spec/limits.md tells the defaults of the code, and no other bounds") {
  const server::Limits l;
  const oplog::CommitQueue::Options commits;
  const auto& doc = l.document;
  check(
      rows_of_spec("# Limits", "## Numbers and rates"),
      {
          {"message", {bytes(l.message_bytes_max)}},
          {"message, still read", {bytes(l.message_bytes_drained_max)}},
          {"nesting of a message", {number(l.json.depth_max)}},
          {"members of one object", {number(l.json.keys_max)}},
          {"key of an object", {bytes(l.json.key_bytes_max)}},
          {"collection", {bytes(l.message.collection_bytes_max)}},
          {"document id", {bytes(l.message.id_bytes_max)}},
          {"src", {bytes(l.message.src_bytes_max)}},
          {"version", {}},
          {"seq", {}},
          {"ids of a bulk request", {number(l.message.bulk_ids_max)}},
          {"components of an op", {number(ot::op_components_max)}},
          {"path of a component", {number(ot::op_path_length_max)}},
          {"transform of one op, over all that it is late by", {}},  // below
          {"transform between two turns of other requests", {}},     // below
          {"document after an op", {bytes(doc.document_bytes_max)}},
          {"nesting of a document after an op", {number(doc.depth_max)}},
          {"frames waiting for a reader", {bytes(l.outbox_bytes_max), number(l.outbox_frames_max)}},
          {"catch-up", {"pieces of " + number(l.catch_up_ops), bytes(l.catch_up_bytes)}},
          {"ops in memory per document", {bytes(doc.history_bytes_max)}},
          {"srcs remembered per document, besides those of its ops in memory",
           {number(doc.authors_max)}},
          {"requests of a client behind one to the same document that takes several steps",
           {bytes(l.requests_waiting_bytes_max)}},
          {"subscriptions of a connection", {number(l.subscriptions_max)}},
          {"value of a presence", {bytes(l.presence_bytes_max)}},
          {"presences of a connection", {number(l.presences_max)}},
          {"presence channels of a connection", {number(l.channels_max)}},
          {"live queries of a connection", {number(l.queries_max)}},
          {"fields and operators of a query", {number(l.query.filter.terms_max)}},
          {"values in its lists; fields it sorts by",
           {number(l.query.filter.values_max) + "; " + number(l.query.sort_keys_max)}},
          {"results of a query; skip + limit", {number(l.query.results_max)}},
          {"documents held for queries (`--query-memory`)", {bytes(l.query_bytes_max)}},
          {"requests to a collection that is being read for queries",
           {number(l.queries_waiting_max)}},
          {"documents in memory (`--memory`)", {bytes(l.documents_bytes_max)}},
          {"requests waiting for a load", {number(l.loads_waiting_max), seconds(l.load_wait_max)}},
          {"ops since a document's last checkpoint", {bytes(l.checkpoint_ops_bytes_min)}},
          {"free space under the log (`--free-space-min`)",
           {bytes(server::Config().free_space_min)}},
          {"batch of a group commit",
           {number(commits.batch_entries_max), bytes(commits.batch_bytes_max)}},
          {"acknowledged before the sync (`--durability async`)",
           {bytes(commits.unsynced_bytes_max), seconds(commits.unsynced_age_max)}},
          {"HTTP head",
           {bytes(l.http_header_bytes_max), number(l.http_fields_max),
            "a target of " + bytes(l.http_target_bytes_max), seconds(l.http_head_timeout)}},
          {"the op that a PUT or a PATCH becomes", {bytes(l.http_op_bytes_max)}},
          {"HTTP body",
           {bytes(l.http_body_bytes_max), seconds(l.http_body_timeout),
            seconds(l.http_stall_timeout)}},
          {"HTTP connection between two requests",
           {seconds(l.http_idle_timeout), seconds(l.http_stranger_timeout)}},
          {"HTTP answer that is not taken", {seconds(l.http_stall_timeout)}},
          {"a page of history, of the feed, of the ops in an answer", {}},  // where it is used
          {"waiting for the feed (`wait`)", {}},                            // the same
          {"silence of an event stream", {seconds(l.http_heartbeat)}},
          {"operations of a JSON Patch", {}},  // where it is used
          {"ops that blame looks at", {}},     // the same
          {"token", {bytes(access::token_bytes_max)}},
          {"keys; rules of a policy, of a token",
           {number(access::Policy::rules_max) + ", " + number(access::Rights::token_rules_max)}},
          {"files of keys, rules; revocations", {}},  // where it is used
          {"tickets that are out",
           {number(access::Tickets::out_max),
            number(static_cast<std::uint64_t>(access::Tickets::valid_s)) + " s"}},
          {"srcs remembered that may not be in the log yet", {}},  // where it is used
          {"memory for compression (`--compress`), of a connection that has it", {}},
          {"leases of a connection; of a document",
           {number(l.leases_max) + "; " + number(l.document_leases_max)}},
          {"time until a lease has to be renewed (`ttl_ms`)", {}},  // where it is used
          {"presences over HTTP, of one worker; how long one lasts (`ttl_ms`)", {}},  // the same
          {"TLS handshake", {seconds(l.handshake_timeout)}},
          {"certificate, key", {}},  // where it is used
          {"config file", {}},       // the same
          {"WebSocket opening and closing", {seconds(l.handshake_timeout)}},
          {"first valid message of a WebSocket", {seconds(l.first_message_timeout)}},
          {"silence (`--idle-timeout`)",
           {"ping after " + seconds(l.idle_timeout / 2), "end after " + seconds(l.idle_timeout)}},
          {"shutdown", {seconds(l.shutdown_grace)}},
      });
  CHECK(ot::Steps::steps_max == 10'000'000);
  CHECK(doc.steps_max == 100'000);
}

TEST_CASE("limits: spec/limits.md tells the numbers and rates of the code") {
  const server::GuardLimits guard;
  const auto& [messages, traffic] = guard.connection;
  const auto number_of = [](double value) { return number(static_cast<std::uint64_t>(value)); };
  const auto megabytes = [](double value) {
    return std::to_string(static_cast<int>(value / 1e6)) + " MB";
  };
  check(
      rows_of_spec("## Numbers and rates", "## Close codes"),
      {
          {"connections that have shown no token", {number(guard.admission.strangers_max)}},
          {"connections of one address", {number(guard.admission.per_address_max)}},
          {"messages of one connection",
           {number_of(messages.per_second) + " a second", number_of(messages.burst) + " at once"}},
          {"bytes of one connection",
           {megabytes(traffic.per_second) + " a second", megabytes(traffic.burst) + " at once"}},
          {"messages and bytes of one author, of one address", {"four times"}},
      });
  CHECK(guard.together.messages.per_second == 4 * messages.per_second);
  CHECK(guard.together.messages.burst == 4 * messages.burst);
  CHECK(guard.together.bytes.per_second == 4 * traffic.per_second);
  CHECK(guard.together.bytes.burst == 4 * traffic.burst);
}

TEST_CASE("limits: spec/limits.md tells every code that a connection is closed with") {
  std::set<std::string> in_code{"1002", "1009"};  // Beast's
  for (const server::CloseReason& reason : server::close_reasons) {
    in_code.insert(std::to_string(reason.code));
  }
  std::set<std::string> in_spec;
  for (const auto& [code, meaning] : rows_of_spec("## Close codes", "the end"))
    in_spec.insert(code);
  CHECK(in_code == in_spec);
  const server::Limits limits;
  const std::string frames = rows_of_spec("## Close codes", "the end").at("4029");
  const auto& [per_second, burst] = limits.control_frames;
  CHECK(frames.find(number(std::uint64_t(per_second)) + " control frames a second") !=
        std::string::npos);
  CHECK(frames.find(number(std::uint64_t(burst)) + " at once") != std::string::npos);
  CHECK(frames.find(number(limits.empty_reads_max) + " reads") != std::string::npos);
}
