#include "server/http/written.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <boost/beast/http/field.hpp>

#include "ot/json_text.h"
#include "server/entry_text.h"
#include "server/http/call.h"
#include "server/http/explain_write.h"

namespace segue::server {

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

constexpr std::size_t ops_max = 1'000;
constexpr std::size_t ops_bytes_max = 1u << 20;

// The first of the ops in [from, to), as many as a response holds.
ot::Result<std::vector<oplog::Entry>> ops_between(const oplog::OpLog& log, const ot::DocId& doc,
                                                  ot::Version from, ot::Version to) {
  return log.read(doc, from, std::min(to, from + ops_max), ops_bytes_max);
}

std::string list_of(const std::vector<oplog::Entry>& entries, Scope scope) {
  std::string out = "[";
  for (const oplog::Entry& entry : entries) {
    out += out.size() == 1 ? "{" : ",{";
    out += entry_members(scope.seen(entry)) + '}';
  }
  return out + ']';
}

// `more`: printed members that go last.
asio::awaitable<HttpResponse> written_response(Exchange& exchange, WriteRequest write,
                                               ot::Snapshot after, std::string more) {
  std::string body = "{\"version\":" + std::to_string(after.version.value);
  if (after.type != nullptr && !write.minimal) {
    const std::string data = co_await printed(exchange.worker, after.data);
    body += ",\"data\":" + data;
  }
  HttpResponse response = json_response(body + more + "}\n");
  if (write.create) {
    response.result(http::status::created);
  }
  set_version(response, after.version);
  co_return response;
}

// What the document was right after an op that is in the log for long.
asio::awaitable<Answer<ot::Snapshot>> after(Exchange& exchange, Committed committed) {
  if (committed.after) {
    co_return *committed.after;
  }
  const ot::Version version = committed.at + 1;
  auto past = co_await look_back(exchange, version);
  co_return past;
}

// What was committed between the base and the op, and what that did to it.
ot::Result<std::string> story(const oplog::OpLog& log, const ot::DocId& doc, Scope scope,
                              const Origin& origin, ot::Version at) {
  auto since = ops_between(log, doc, origin.base.version, at);
  if (!since) {
    return ot::fail(std::move(since.error()));
  }
  std::string out = ",\"merged\":true";
  if (origin.op) {
    out += ",\"explain\":" + explain_write(origin.base, origin.op, *since);
  }
  return out + ",\"ops\":" + list_of(*since, scope);
}

ot::Result<std::string> how_to_go_on(const oplog::OpLog& log, const ot::DocId& doc, Scope scope,
                                     ot::Version base, const ot::Snapshot& now) {
  const auto since = ops_between(log, doc, std::min(base, now.version), now.version);
  if (!since) {
    return ot::fail(since.error());
  }
  std::string out = ",\"version\":" + std::to_string(now.version.value);
  if (now.type != nullptr) {
    out += ",\"data\":";
    ot::print_json(now.data, out);
  }
  return out + ",\"ops\":" + list_of(*since, scope);
}

}  // namespace

asio::awaitable<HttpResponse> written(Exchange& exchange, WriteRequest write, Origin origin,
                                      Committed committed) {
  const auto snapshot = co_await after(exchange, committed);
  if (!snapshot) {
    co_return respond(snapshot.error());
  }
  std::string more = committed.after ? "" : ",\"repeated\":true";
  if (origin.base.version < committed.at) {
    auto tell = [doc = exchange.doc, scope = exchange.scope, origin, at = committed.at](
                    const oplog::OpLog& log) { return story(log, doc, scope, origin, at); };
    auto told = co_await with_log(exchange.worker, std::move(tell));
    if (!told) {
      co_return respond(problem_of(told.error()));
    }
    more += *told;
  }
  auto response = co_await written_response(exchange, std::move(write), *snapshot, std::move(more));
  co_return response;
}

asio::awaitable<HttpResponse> unchanged(Exchange& exchange, WriteRequest write, ot::Snapshot now) {
  auto response = co_await written_response(exchange, std::move(write), std::move(now), "");
  co_return response;
}

asio::awaitable<HttpResponse> conflict(Exchange& exchange, ot::Version base, ot::Snapshot now,
                                       Problem problem) {
  auto tell = [doc = exchange.doc, scope = exchange.scope, base, now](const oplog::OpLog& log) {
    return how_to_go_on(log, doc, scope, base, now);
  };
  auto members = co_await with_log(exchange.worker, std::move(tell));
  if (!members) {
    co_return respond(problem_of(members.error()));
  }
  problem.members = std::move(*members);
  HttpResponse response = respond(problem);
  set_version(response, now.version);
  co_return response;
}

}  // namespace segue::server
