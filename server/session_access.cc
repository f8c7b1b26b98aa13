// Access in a session: what a client may do, and in whose name.

#include <algorithm>
#include <string>
#include <utility>

#include "ot/reply.h"
#include "server/session.h"

namespace segue::server {

namespace {

using access::Action;

ot::Error forbidden(Action action) {
  return {ot::Errc::forbidden,
          "No rule allows you to " + std::string(access::action_name(action)) + " this document"};
}

}  // namespace

void Session::admit(std::shared_ptr<const access::Rights> rights, AccessPort& port) {
  rights_ = std::move(rights);
  access_ = &port;
  const auto unreadable = [this](const ot::DocId& doc) {
    return !allowed(Action::read, doc.collection, doc.id);
  };
  const auto unheard = [this](const auto& entry) {
    return !entry.second.is_idle() && refusal_of_channel(entry.first);
  };
  const auto unanswered = [this](const auto& entry) { return refusal_of_query(entry.second); };
  if (std::any_of(subscribed_.begin(), subscribed_.end(), unreadable) ||
      std::any_of(channels_.begin(), channels_.end(), unheard) ||
      std::any_of(queries_.begin(), queries_.end(), unanswered)) {
    port_.close(no_longer_allowed);
  }
}

bool Session::allowed(Action action, std::string_view collection, std::string_view id) const {
  return rights_ == nullptr || rights_->allow(action, collection, id);
}

std::optional<ot::Error> Session::refusal(const ot::Submit& submit) const {
  return refusal_to_do(access::action_of(submit.op.kind), submit.doc);
}

std::optional<ot::Error> Session::refusal_to_do(Action action, const ot::DocId& doc) const {
  for (const Action needed : access::needed_for(action)) {
    if (!allowed(needed, doc.collection, doc.id)) {
      return forbidden(needed);
    }
  }
  return std::nullopt;
}

std::optional<ot::Error> Session::refusal_to_read(const ot::DocId& doc) const {
  return allowed(Action::read, doc.collection, doc.id) ? std::nullopt
                                                       : std::optional(forbidden(Action::read));
}

std::optional<ot::Error> Session::refusal_of_channel(std::string_view channel) const {
  if (rights_ == nullptr || rights_->allow_channel(channel)) {
    return std::nullopt;
  }
  return ot::Error{ot::Errc::forbidden, "No rule allows you to read the document of this channel"};
}

// Its results may be any documents of the collection.
std::optional<ot::Error> Session::refusal_of_query(std::string_view collection) const {
  if (rights_ == nullptr || rights_->allow_all(Action::read, collection)) {
    return std::nullopt;
  }
  return ot::Error{ot::Errc::forbidden,
                   "No rule allows you to read all documents of this collection"};
}

// Until it is known whose the src is, nothing else is handled: what follows may build on it.
void Session::claim(const ot::ClientId& src, std::function<void(bool)> then) {
  if (rights_ == nullptr || src == src_) {
    return then(true);
  }
  waiting_ = true;
  access_->claim_src(src, rights_->author(), [this, then = std::move(then)](ot::Result<bool> mine) {
    waiting_ = false;
    mine ? then(*mine) : port_.close(try_again_later);
  });
}

void Session::on(const ot::JsonPart& message, const ot::Authenticate& credentials) {
  ot::Json request = ot::Json::object({{"a", "auth"}});  // without the token
  if (const ot::JsonView id = message.view().find("id")) {
    request.set("id", id.value());
  }
  if (rights_ == nullptr) {
    return reply(ot::error_reply(request, {ot::Errc::unsupported, "No keys are in use"}));
  }
  auto rights = access_->authenticate(credentials);
  if (rights && (*rights)->author() != rights_->author()) {
    rights = ot::fail(ot::Errc::unauthorized, "the token is of another author");
  }
  if (!rights) {
    return reply(ot::error_reply(request, rights.error()));
  }
  admit(std::move(*rights), *access_);
  reply(ot::authenticate_reply(request, *token_info()));
}

std::optional<ot::TokenInfo> Session::token_info() const {
  return rights_ == nullptr
             ? std::nullopt
             : std::optional(ot::TokenInfo{rights_->author(), rights_->identity().expires_s});
}

// Takes those that may not be read out of a request for ops, and answers for them apart, since the
// reply to the rest has one error for all. Whether there were any.
bool Session::refuse_unreadable(ot::Json& message, ot::Bulk& bulk) {
  if (!bulk.with_versions || bulk.action == ot::BulkAction::unsubscribe) {
    return false;
  }
  std::vector<ot::Bulk::Item> readable;
  ot::Json refused = ot::Json::object();
  ot::Json rest = ot::Json::object();
  for (ot::Bulk::Item& item : bulk.items) {
    const bool may = allowed(Action::read, bulk.collection, item.id);
    const ot::Json* version = message.find("b")->find(item.id);
    (may ? rest : refused).set(item.id, *version);
    if (may) {
      readable.push_back(std::move(item));
    }
  }
  bulk.items = std::move(readable);
  if (refused.size() == 0) {
    return false;
  }
  ot::Json answered = message;
  answered.set("b", std::move(refused));
  message.set("b", std::move(rest));
  reply(ot::error_reply(answered, forbidden(Action::read)));
  return true;
}

}  // namespace segue::server
