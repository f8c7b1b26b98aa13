// The part of Session that is about presence: which channels the client listens to, and what it
// shows there.

#include <algorithm>
#include <string>
#include <utility>

#include "ot/reply.h"
#include "server/session.h"

namespace segue::server {

namespace {
const ot::Error too_many_channels{ot::Errc::too_large, "Too many presence channels"};
}

void Session::on(const ot::JsonPart& message, const ot::PresenceSubscribe& subscribe) {
  if (const auto refused = refusal_of_channel(subscribe.channel)) {
    return reply(ot::error_reply(message, *refused));
  }
  Channel* entry = channel(subscribe.channel);
  if (entry == nullptr) {
    return reply(ot::error_reply(message, too_many_channels));
  }
  const bool is_late = subscribe.seq < entry->seq;  // A later request to quit came first.
  entry->seq = std::max(entry->seq, subscribe.seq);
  if (is_late || entry->listens) {
    return reply(ot::presence_reply(message));
  }
  take_part(*entry, &Channel::listens);
  tell(subscribe.channel, Listen{ot::presence_reply(message)});
}

void Session::on(const ot::JsonPart& message, const ot::PresenceUnsubscribe& unsubscribe) {
  if (Channel* entry = channel(unsubscribe.channel)) {
    entry->seq = std::max(entry->seq, unsubscribe.seq);
    quit(*entry);
  }
  // The channel replies: what it has sent before would else come after, and be taken for news.
  tell(unsubscribe.channel, Quit{ot::presence_reply(message)});
}

void Session::on(const ot::JsonPart& message, const ot::PresenceRequest& presence) {
  if (const auto refused = refusal_of_channel(presence.channel)) {
    return reply(ot::error_reply(message, *refused));
  }
  tell(presence.channel, Ask{});
  reply(R"({"a":"pr"})");
}

void Session::on(const ot::JsonPart& message, ot::PresenceUpdate update) {
  ot::Presence& presence = update.presence;
  presence.src = src_;
  const auto refused =
      presence.doc && !allowed(access::Action::read, presence.doc->collection, presence.doc->id)
          ? refusal_to_read(*presence.doc)
          : refusal_of_channel(presence.channel);
  if (refused) {
    return reply(ot::error_reply(message, *refused));
  }
  if (auto entry = channel_for(presence); !entry) {
    return reply(ot::error_reply(message, entry.error()));
  }
  if (presence.doc) {
    ot::DocId doc = *presence.doc;
    return forward(std::move(doc), DocRequest{nullptr, src_, message, nullptr, std::move(update)});
  }
  std::string acknowledgement = ot::presence_message(presence);
  const std::string name = presence.channel;
  tell(name, Show{std::move(presence), std::nullopt, std::move(acknowledgement)});
}

// The channel, with the presence noted there, so that it is taken back when the client goes.
auto Session::channel_for(const ot::Presence& presence) -> ot::Result<Channel*> {
  if (presence.value.printed_bytes() > limits_.presence_bytes_max) {
    return ot::fail(ot::Errc::too_large,
                    "Presence exceeds " + std::to_string(limits_.presence_bytes_max) + " bytes");
  }
  Channel* entry = channel(presence.channel);
  if (entry == nullptr) {
    return ot::fail(too_many_channels);
  }
  if (presence.value.is_null()) {
    presences_ -= entry->shown.erase(presence.id);
    return entry;
  }
  if (!entry->shown.contains(presence.id) && presences_ >= limits_.presences_max) {
    return ot::fail(ot::Errc::too_large, "Too many presences");
  }
  if (!entry->speaks) {
    take_part(*entry, &Channel::speaks);
    tell(presence.channel, Speak{});
  }
  presences_ += entry->shown.insert(presence.id).second ? 1 : 0;
  return entry;
}

// Idle ones are kept for their seq, and cleared away all at once when there are many.
auto Session::channel(const std::string& name) -> Channel* {
  const auto known = channels_.find(name);
  if (known != channels_.end() && !known->second.is_idle()) {
    return &known->second;
  }
  if (channels_busy_ >= limits_.channels_max) {
    return nullptr;
  }
  if (known == channels_.end() && channels_.size() >= 2 * limits_.channels_max) {
    std::erase_if(channels_, [](const auto& entry) { return entry.second.is_idle(); });
  }
  return &channels_[name];
}

void Session::take_part(Channel& channel, bool Channel::*part) {
  channels_busy_ += channel.is_idle() ? 1 : 0;
  channel.*part = true;
}

void Session::quit(Channel& channel) {
  channels_busy_ -= channel.is_idle() ? 0 : 1;
  presences_ -= channel.shown.size();
  channel.shown.clear();
  channel.listens = false;
  channel.speaks = false;
}

}  // namespace segue::server
