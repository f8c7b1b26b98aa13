// Reading documents: the data now and as it was, and the list of a collection.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <boost/beast/http/field.hpp>

#include "ot/json_text.h"
#include "server/entry_text.h"
#include "server/http/call.h"
#include "server/http/handlers.h"
#include "server/rebuild.h"

namespace segue::server {

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

// ?v= and ?at=.
struct Moment {
  std::optional<std::uint64_t> version;
  std::optional<std::uint64_t> time_ms;
};

Answer<Moment> read_moment(const Exchange& exchange) {
  const auto version = exchange.number("v");
  const auto time_ms = exchange.number("at");
  if (!version || !time_ms) {
    return refuse(!version ? version.error() : time_ms.error());
  }
  if (*version && *time_ms) {
    return refuse({Fault::bad_parameter, "Only one of v and at can be asked for.", "at"});
  }
  return Moment{*version, *time_ms};
}

asio::awaitable<Answer<ot::Snapshot>> look_at(Exchange& exchange, Moment moment) {
  if (moment.version) {
    return look_back(exchange, ot::Version{*moment.version});
  }
  if (moment.time_ms) {
    return look_back_to(exchange, static_cast<std::int64_t>(*moment.time_ms));
  }
  return look(exchange);
}

// A page of a collection's documents.
ot::Result<std::string> list(const oplog::OpLog& log, const std::string& collection,
                             const std::string& after, std::size_t limit) {
  auto docs = log.documents(ot::DocId{collection, after}, limit + 1);
  if (!docs) {
    return ot::fail(std::move(docs.error()));
  }
  std::erase_if(*docs, [&](const ot::DocId& doc) { return doc.collection != collection; });
  const bool more = docs->size() > limit;
  docs->resize(std::min(docs->size(), limit));
  std::string out = "{\"documents\":[";
  for (const ot::DocId& doc : *docs) {
    const auto head = log.head(doc);
    if (!head) {
      return ot::fail(head.error());
    }
    const auto newest = log.read(doc, ot::Version{head->version.value - 1}, head->version, 1);
    if (!newest) {
      return ot::fail(newest.error());
    }
    const bool exists = newest->front().kind != ot::OpKind::remove;
    out += out.back() == '[' ? "{\"id\":" : ",{\"id\":";
    ot::print_json_string(doc.id, out);
    out += ",\"version\":" + std::to_string(head->version.value);
    out += ",\"time_ms\":" + std::to_string(head->time_ms);
    out += exists ? ",\"exists\":true}" : ",\"exists\":false}";
  }
  out += ']';
  if (more) {
    out += ",\"next\":";
    ot::print_json_string(docs->back().id, out);
  }
  return out + "}\n";
}

// A document whose type is not known here: what the log has of it as such, and how far its ops go.
asio::awaitable<HttpResponse> raw_document(Exchange& exchange, Moment moment) {
  std::optional<ot::Version> version;
  if (moment.version) {
    version = ot::Version{*moment.version};
  }
  auto read = [doc = exchange.doc, version](const oplog::OpLog& log) {
    return raw_snapshot(log, doc, version);
  };
  auto raw = co_await with_log(exchange.worker, std::move(read));
  if (!raw) {
    co_return respond(problem_of(raw.error()));
  }
  HttpResponse response = json_response(raw->data.empty() ? "null" : std::move(raw->data));
  set_version(response, raw->version);
  response.set("Segue-Type", raw->type);
  response.set("Segue-Raw-Of", std::to_string(raw->head.value));
  co_return response;
}

}  // namespace

asio::awaitable<HttpResponse> get_document(Exchange& exchange) {
  const auto moment = read_moment(exchange);
  if (!moment) {
    co_return respond(moment.error());
  }
  const auto known = exchange.tags(http::field::if_none_match);
  if (!known) {
    co_return respond(known.error());
  }
  const auto snapshot = co_await look_at(exchange, *moment);
  const bool is_raw = !snapshot && snapshot.error().fault == Fault::unknown_type &&
                      !moment->time_ms && exchange.scope.projection == nullptr;
  if (is_raw) {
    auto response = co_await raw_document(exchange, *moment);
    co_return response;
  }
  if (!snapshot) {
    co_return respond(snapshot.error());
  }
  if (snapshot->type == nullptr) {
    const bool is_past = moment->version || moment->time_ms;
    co_return respond(is_past ? no_document_then(snapshot->version)
                              : no_document(snapshot->version));
  }
  if (*known && (*known)->has(snapshot->version)) {
    co_return not_modified(snapshot->version);
  }
  std::string body = co_await printed(exchange.worker, snapshot->data);
  HttpResponse response = json_response(std::move(body));
  set_version(response, snapshot->version);
  response.set("Segue-Type", snapshot->type->uri);
  co_return response;
}

asio::awaitable<HttpResponse> list_documents(Exchange& exchange) {
  const auto limit = exchange.page_limit();
  if (!limit) {
    co_return respond(limit.error());
  }
  const std::string* after = exchange.target.find("after");
  auto read =
      [collection = exchange.doc.collection, after = after != nullptr ? *after : std::string(),
       limit = *limit](const oplog::OpLog& log) { return list(log, collection, after, limit); };
  auto page = co_await with_log(exchange.worker, std::move(read));
  if (!page) {
    co_return respond(problem_of(page.error()));
  }
  co_return json_response(std::move(*page));
}

}  // namespace segue::server
