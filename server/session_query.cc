// The part of Session that is about queries.

#include <string>
#include <utility>

#include "ot/reply.h"
#include "server/session.h"

namespace segue::server {

void Session::on(const ot::JsonPart& message, ot::QueryFetch fetch) {
  auto query = compile(fetch);
  if (!query) {
    return reply(ot::error_reply(message, query.error()));
  }
  if (const auto refused = refusal_of_query(fetch.collection)) {
    return reply(ot::error_reply(message, *refused));
  }
  ask(message, std::move(fetch.collection), RunQuery{std::move(*query)});
}

void Session::on(const ot::JsonPart& message, ot::QuerySubscribe subscribe) {
  const double number = subscribe.query.number;
  auto query = compile(subscribe.query);
  if (!query) {
    return reply(ot::error_reply(message, query.error()));
  }
  if (const auto refused = refusal_of_query(subscribe.query.collection)) {
    return reply(ot::error_reply(message, *refused));
  }
  const auto earlier = queries_.find(number);
  if (earlier == queries_.end() && queries_.size() >= limits_.queries_max) {
    return reply(ot::error_reply(message, {ot::Errc::too_large, "Too many live queries"}));
  }
  const std::string collection = subscribe.query.collection;
  if (earlier != queries_.end() && earlier->second != collection) {
    ask({}, earlier->second, EndQuery{number});
  }
  queries_[number] = collection;
  ask(message, collection, FollowQuery{std::move(*query), number, std::move(subscribe.known)});
}

void Session::on(const ot::JsonPart& message, const ot::QueryUnsubscribe& query) {
  auto known = queries_.extract(query.number);
  if (known.empty()) {
    return reply(ot::plain_reply(message));
  }
  ask(message, std::move(known.mapped()), EndQuery{query.number});
}

ot::Result<query::Query> Session::compile(const ot::QueryFetch& query) const {
  if (!query.database.empty()) {
    return ot::fail(ot::Errc::database_adapter_not_found, "There is one database only");
  }
  return query::Query::parse(query.query, limits_.query);
}

void Session::ask(const ot::JsonPart& message, std::string collection,
                  decltype(QueryRequest::what) what) {
  QueryRequest request{nullptr, src_, std::move(collection), nullptr, message, std::move(what)};
  request.projection = resolve(request.collection);
  port_.forward(std::move(request));
}

void Session::leave_queries() {
  std::set<std::string> collections;
  for (const auto& [number, collection] : queries_) {
    collections.insert(collection);
  }
  for (const std::string& collection : collections) {
    ask({}, collection, LeaveQueries{});
  }
  queries_.clear();
}

}  // namespace segue::server
