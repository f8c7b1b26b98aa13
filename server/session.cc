#include "server/session.h"

#include <utility>
#include <variant>

#include "ot/assert.h"
#include "ot/json_text.h"
#include "ot/reply.h"

namespace segue::server {

namespace {
const ot::Error too_many_subscriptions{ot::Errc::too_large, "Too many subscriptions"};
}

void Session::start() { reply(ot::greeting(src_)); }

void Session::on_message(std::string_view text) {
  OT_ASSERT(!waiting_);
  if (text.size() > limits_.message_bytes_max) {
    return refuse(ot::salvage_request(text),
                  {ot::Errc::too_large,
                   "Message exceeds " + std::to_string(limits_.message_bytes_max) + " bytes"});
  }
  auto message = ot::tokenize_json(text, limits_.json);
  if (message) {
    return handle(std::move(*message));
  }
  if (message.error().code == ot::Errc::bad_json) {
    return port_.close(not_json);
  }
  refuse(ot::salvage_request(text), message.error());
}

// `message` may be what could be read of it: its author is answered, and need not send it again.
void Session::refuse(const ot::JsonPart& message, const ot::Error& error) {
  const ot::JsonView action = message.view().find("a");
  if (action && action.is("op")) {
    port_.on_refused(error.code);
  }
  reply(ot::error_reply(message, error));
}

void Session::handle(const ot::JsonPart& message) {
  if (!message.view().is_object() && !message.view().is_array()) {
    return port_.close(not_an_object);
  }
  auto request = ot::decode_message(message, find_type_, limits_.message);
  if (!request) {
    return refuse(message, request.error());
  }
  has_understood_ = true;
  std::visit([&](auto& kind) { on(message, std::move(kind)); }, *request);
}

void Session::on(const ot::JsonPart&, ot::Handshake handshake) {
  knows_no_op_ = handshake.knows_no_op;
  knows_leases_ = handshake.knows_leases;
  const ot::ClientId wanted = handshake.id ? std::move(*handshake.id) : src_;
  claim(wanted, [this, wanted](bool mine) {
    src_ = mine ? wanted : src_;
    reply(ot::handshake_reply(src_, token_info(), knows_leases_));
  });
}

void Session::on(const ot::JsonPart& message, const ot::Ping&) { reply(ot::plain_reply(message)); }

template <class DocMessage>
void Session::on(const ot::JsonPart& message, DocMessage request) {
  if (const auto refused = refusal(request)) {
    return reply(ot::error_reply(message, *refused));
  }
  ot::DocId doc = request.doc;
  forward(std::move(doc), DocRequest{nullptr, src_, message, nullptr, std::move(request)});
}

void Session::on(const ot::JsonPart& message, ot::Submit submit) {
  if (const auto refused = refusal(submit)) {
    return refuse(message, *refused);
  }
  ot::DocId doc = submit.doc;
  const ot::ClientId src = submit.op.src;
  DocRequest request{nullptr, src_, message, nullptr, std::move(submit)};
  if (rights_ == nullptr || src.value.empty()) {
    return forward(std::move(doc), std::move(request));
  }
  claim(src, [this, doc = std::move(doc), request = std::move(request)](bool mine) {
    mine ? forward(doc, request)
         : refuse(request.message, {ot::Errc::src_not_yours, "The src is another author's"});
  });
}

void Session::on(const ot::JsonPart& message, ot::LeaseTake take) {
  std::erase_if(leases_, [](const auto& lease) { return lease.second.expired(); });
  if (leases_.size() >= limits_.leases_max) {
    return reply(ot::error_reply(message, {ot::Errc::too_large, "Too many leases"}));
  }
  forward_lease(message, std::move(take));
}

void Session::on(const ot::JsonPart& message, ot::LeaseRenew renew) {
  std::erase_if(leases_, [](const auto& lease) { return lease.second.expired(); });
  forward_lease(message, std::move(renew));
}

template <class Request>
void Session::forward_lease(const ot::JsonPart& message, Request request) {
  if (const auto refused = refusal_to_do(access::Action::write, request.doc)) {
    return reply(ot::error_reply(message, *refused));
  }
  ot::DocId doc = request.doc;
  DocRequest to_document{nullptr, src_, message, nullptr, std::move(request)};
  to_document.lease_mark = std::make_shared<const char>();
  leases_.emplace_back(doc, to_document.lease_mark);
  forward(std::move(doc), std::move(to_document));
}

std::optional<ot::Error> Session::refusal(const ot::Subscribe& subscribe) const {
  const bool has_room =
      subscribed_.size() < limits_.subscriptions_max || subscribed_.contains(subscribe.doc);
  return has_room ? refusal_to_read(subscribe.doc) : std::optional(too_many_subscriptions);
}

bool Session::has_room_for(const ot::Bulk& bulk) const {
  if (bulk.action != ot::BulkAction::subscribe) {
    return true;
  }
  std::size_t sum = subscribed_.size();
  for (const ot::Bulk::Item& item : bulk.items) {
    sum += subscribed_.contains({bulk.collection, item.id}) ? 0 : 1;
  }
  return sum <= limits_.subscriptions_max;
}

void Session::on(const ot::JsonPart& received, ot::Bulk bulk) {
  ot::Json message = received.value();
  if (!has_room_for(bulk)) {
    return reply(ot::error_reply(message, too_many_subscriptions));
  }
  if (rights_ != nullptr && refuse_unreadable(message, bulk) && bulk.items.empty()) {
    return;
  }
  auto gathered = std::make_shared<BulkReply>(message, bulk);
  if (gathered->complete()) {
    return reply(gathered->text());
  }
  bulks_open_ += gathered->has_snapshots() ? 1 : 0;
  for (ot::Bulk::Item& item : bulk.items) {
    ot::DocId doc{bulk.collection, std::move(item.id)};
    const auto refused =
        bulk.action == ot::BulkAction::unsubscribe ? std::nullopt : refusal_to_read(doc);
    if (refused) {
      on_bulk_part(gathered, doc.id, "{\"error\":" + ot::error_text(*refused) + "}");
      continue;
    }
    DocRequest request{nullptr, src_, message, gathered, ot::Unsubscribe{doc}};
    const auto version =
        bulk.with_versions ? std::optional(item.version.value_or(ot::Version{})) : std::nullopt;
    if (bulk.action == ot::BulkAction::fetch) {
      request.what = ot::Fetch{doc, version};
    } else if (bulk.action == ot::BulkAction::subscribe) {
      request.what = ot::Subscribe{doc, version};
    }
    forward(std::move(doc), std::move(request));
  }
}

void Session::forward(ot::DocId doc, DocRequest request) {
  if (std::holds_alternative<ot::Subscribe>(request.what)) {
    subscribed_.insert(doc);
  } else if (std::holds_alternative<ot::Unsubscribe>(request.what)) {
    subscribed_.erase(doc);
  } else if (std::holds_alternative<ot::Submit>(request.what)) {
    request.refuse_no_op = rules_.refuse_no_ops && knows_no_op_;
  }
  request.rights = rights_;
  request.knows_leases = knows_leases_;
  request.projection = resolve(doc.collection);
  port_.forward(doc, std::move(request));
}

const ot::Projection* Session::resolve(std::string& collection) const {
  const auto* projection =
      rules_.projections != nullptr ? rules_.projections->find(collection) : nullptr;
  if (projection != nullptr) {
    collection = projection->collection;
  }
  return projection;
}

void Session::on_frame(const Frame& frame) {
  if (bulks_open_ == 0) {
    return port_.send(frame);
  }
  if (held_bytes_ + frame.bytes().size() > limits_.outbox_bytes_max ||
      held_.size() >= limits_.outbox_frames_max) {
    return port_.close(slow_consumer);
  }
  held_.push_back(frame);
  held_bytes_ += frame.bytes().size();
}

void Session::on_bulk_part(const std::shared_ptr<BulkReply>& bulk, const std::string& id,
                           std::string_view text) {
  bulk->add(id, text);
  if (!bulk->complete()) {
    return;
  }
  const Frame frame = Frame::text(bulk->text());
  if (!bulk->has_snapshots()) {
    return on_frame(frame);  // Its ops came before and may be held.
  }
  port_.send(frame);
  if (--bulks_open_ > 0) {
    return;
  }
  held_bytes_ = 0;
  for (const Frame& held : std::exchange(held_, {})) {
    port_.send(held);
  }
}

void Session::stop() {
  for (const auto& [doc, mark] : std::exchange(leases_, {})) {
    if (!mark.expired()) {
      subscribed_.insert(doc);
    }
  }
  for (ot::DocId doc : subscribed_) {
    resolve(doc.collection);
    port_.forward(doc, DocRequest{nullptr, src_, {}, nullptr, Leave{}});
  }
  subscribed_.clear();
  for (auto& [name, channel] : channels_) {
    if (!channel.is_idle()) {
      tell(name, Quit{});
    }
    quit(channel);
  }
  channels_.clear();
  leave_queries();
}

}  // namespace segue::server
