#include "server/http/authorize.h"

#include <optional>
#include <string>
#include <utility>

#include "server/http/call.h"
#include "server/http_gate.h"

namespace segue::server {

namespace {

using access::Action;

bool may_read(const access::Rights& rights, const Exchange& exchange) {
  if (!exchange.channel.empty()) {
    return rights.allow_channel(exchange.channel);
  }
  const ot::DocId& doc = exchange.named;
  if (!doc.id.empty()) {
    return rights.allow(Action::read, doc.collection, doc.id);
  }
  return doc.collection.empty() ? rights.allow_all(Action::admin, "")
                                : rights.allow_all(Action::read, doc.collection);
}

Problem forbidden(std::string detail, std::string field = {}) {
  return {Fault::forbidden, std::move(detail), std::move(field), ot::Errc::forbidden};
}

Problem may_not(Action action) {
  return forbidden("A rule must allow you to " + std::string(access::action_name(action)) +
                   " here; `segue policy explain` tells which one decides.");
}

}  // namespace

Answer<void> authorize(Exchange& exchange, const OriginPolicy& origins) {
  access::Access* access = exchange.worker.access();
  if (access == nullptr) {
    return {};
  }
  auto admitted = HttpGate(origins, access, exchange.worker.now_s()).admit(exchange.request);
  if (!admitted && admitted.error().code == ot::Errc::forbidden) {
    return refuse(forbidden(admitted.error().detail + '.'));
  }
  if (!admitted) {
    return refuse({Fault::unauthorized,
                   "Send it as Authorization: Bearer TOKEN (" + admitted.error().detail + ").",
                   "Authorization", ot::Errc::unauthorized});
  }
  if (!may_read(**admitted, exchange)) {
    const bool whole_log = exchange.named.collection.empty() && exchange.channel.empty();
    return refuse(may_not(whole_log ? Action::admin : Action::read));
  }
  exchange.rights = std::move(*admitted);
  return {};
}

Answer<void> authorize_action(const Exchange& exchange, access::Action action) {
  if (exchange.rights == nullptr) {
    return {};
  }
  for (const Action needed : access::needed_for(action)) {
    if (!exchange.rights->allow(needed, exchange.named.collection, exchange.named.id)) {
      return refuse(may_not(needed));
    }
  }
  return {};
}

boost::asio::awaitable<Answer<void>> authorize_src(Exchange& exchange, ot::ClientId src) {
  if (exchange.rights == nullptr) {
    co_return Answer<void>();
  }
  access::SrcAuthors& srcs = exchange.worker.access()->srcs();
  const std::string author = exchange.rights->author();
  std::optional<bool> is_own = srcs.is_author(src.value, author);
  if (!is_own) {
    auto read = [src](const oplog::OpLog& log) { return log.src_author(src); };
    const auto logged = co_await with_log(exchange.worker, std::move(read));
    if (!logged) {
      co_return refuse(not_now());
    }
    is_own = srcs.claim(src.value, author, *logged);
  }
  if (!*is_own) {
    co_return refuse(forbidden("The src, or the key, is another author's.", "src"));
  }
  co_return Answer<void>();
}

bool is_still_allowed(const Exchange& exchange) {
  if (exchange.rights == nullptr) {
    return true;
  }
  const auto renewed = exchange.worker.access()->renew(*exchange.rights, exchange.worker.now_s());
  return renewed && may_read(**renewed, exchange);
}

}  // namespace segue::server
