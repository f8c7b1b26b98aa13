// The past of a document: its ops, the difference between two versions, and who last changed what.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <boost/beast/http/field.hpp>

#include "ot/json_text.h"
#include "server/entry_text.h"
#include "server/http/blame.h"
#include "server/http/call.h"
#include "server/http/handlers.h"

namespace segue::server {

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

constexpr std::size_t page_bytes_max = 1u << 20;

struct Range {
  ot::Version from;
  ot::Version to;
};

// The versions ?from= and ?to=, of a document that is at `head`.
Answer<Range> read_range(const Exchange& exchange, ot::Version head) {
  const auto from = exchange.number("from");
  const auto to = exchange.number("to");
  if (!from || !to) {
    return refuse(!from ? from.error() : to.error());
  }
  const Range range{{from->value_or(0)}, {to->value_or(head.value)}};
  for (const auto& [name, version] : {std::pair("from", range.from), std::pair("to", range.to)}) {
    if (version > head) {
      return refuse({Fault::no_version,
                     "The document is at version " + std::to_string(head.value) + '.', name,
                     ot::Errc::version_ahead});
    }
  }
  return range;
}

// The first `limit` ops of the range, in a document that is at `head`.
ot::Result<std::string> page(const oplog::OpLog& log, const ot::DocId& doc, Scope scope,
                             Range range, std::uint64_t limit) {
  auto entries = log.read(doc, range.from, std::min(range.to, range.from + limit), page_bytes_max);
  if (!entries) {
    return ot::fail(entries.error());
  }
  std::string out = "\"ops\":[";
  for (oplog::Entry& entry : *entries) {
    out += out.back() == '[' ? "{" : ",{";
    out += entry_members(scope.seen(std::move(entry))) + '}';
  }
  out += ']';
  const ot::Version next = range.from + entries->size();
  if (!entries->empty() && next < range.to) {
    out += ",\"next\":" + std::to_string(next.value);
  }
  return out;
}

Answer<std::string> diff(const ot::Snapshot& from, const ot::Snapshot& to) {
  if (from.type == nullptr || from.type != to.type) {
    return refuse({Fault::no_diff,
                   "The document does not exist, or is of another type, at one of the versions.",
                   "from"});
  }
  const auto op = from.type->diff(from.data, to.data);
  if (!op) {
    return refuse(problem_of(op.error()));
  }
  std::string out = "{\"from\":" + std::to_string(from.version.value) +
                    ",\"to\":" + std::to_string(to.version.value) + ",\"type\":";
  ot::print_json_string(from.type->uri, out);
  out += ",\"op\":";
  ot::print_json(from.type->to_json(*op), out);
  return out + "}\n";
}

// How many ops the document has. It need not be of a type that is known here.
asio::awaitable<Answer<ot::Version>> head_of(Exchange& exchange) {
  const auto now = co_await look(exchange);
  if (now) {
    co_return now->version;
  }
  if (now.error().fault != Fault::unknown_type) {
    co_return refuse(now.error());
  }
  auto read = [doc = exchange.doc](const oplog::OpLog& log) { return log.head(doc); };
  const auto head = co_await with_log(exchange.worker, std::move(read));
  if (!head) {
    co_return refuse(problem_of(head.error()));
  }
  co_return head->version;
}

}  // namespace

asio::awaitable<HttpResponse> get_ops(Exchange& exchange) {
  const auto known = exchange.tags(http::field::if_none_match);
  if (!known) {
    co_return respond(known.error());
  }
  const auto limit = exchange.page_limit();
  if (!limit) {
    co_return respond(limit.error());
  }
  const auto found = co_await head_of(exchange);
  if (!found) {
    co_return respond(found.error());
  }
  const ot::Version head = *found;
  if (head == ot::Version{}) {
    co_return respond(no_document(head));
  }
  const auto range = read_range(exchange, head);
  if (!range) {
    co_return respond(range.error());
  }
  if (*known && (*known)->has(head)) {
    co_return not_modified(head);
  }
  auto read = [doc = exchange.doc, scope = exchange.scope, range = *range, limit = *limit](
                  const oplog::OpLog& log) { return page(log, doc, scope, range, limit); };
  auto ops = co_await with_log(exchange.worker, std::move(read));
  if (!ops) {
    co_return respond(problem_of(ops.error()));
  }
  HttpResponse response =
      json_response("{\"version\":" + std::to_string(head.value) + ',' + *ops + "}\n");
  set_version(response, head);
  co_return response;
}

asio::awaitable<HttpResponse> get_diff(Exchange& exchange) {
  if (exchange.target.find("from") == nullptr) {
    co_return respond({Fault::bad_parameter, "It must be given.", "from"});
  }
  const auto now = co_await look(exchange);
  if (!now) {
    co_return respond(now.error());
  }
  if (now->version == ot::Version{}) {
    co_return respond(no_document(now->version));
  }
  const auto range = read_range(exchange, now->version);
  if (!range) {
    co_return respond(range.error());
  }
  const auto from = co_await look_back(exchange, range->from);
  if (!from) {
    co_return respond(from.error());
  }
  const auto to = co_await look_back(exchange, range->to);
  if (!to) {
    co_return respond(to.error());
  }
  auto compare = [from = *from, to = *to](const oplog::OpLog&) { return diff(from, to); };
  auto body = co_await with_log(exchange.worker, std::move(compare));
  if (!body) {
    co_return respond(body.error());
  }
  co_return json_response(std::move(*body));
}

asio::awaitable<HttpResponse> get_blame(Exchange& exchange) {
  const auto now = co_await look(exchange);
  if (!now) {
    co_return respond(now.error());
  }
  if (now->type == nullptr) {
    co_return respond(no_document(now->version));
  }
  auto search = [doc = exchange.doc, now = *now, types = exchange.worker.types(),
                 limits = exchange.worker.limits().document](const oplog::OpLog& log) {
    return blame(log, doc, now, types, limits);
  };
  auto body = co_await with_log(exchange.worker, std::move(search));
  if (!body) {
    co_return respond(body.error());
  }
  HttpResponse response = json_response(std::move(*body));
  set_version(response, now->version);
  co_return response;
}

}  // namespace segue::server
