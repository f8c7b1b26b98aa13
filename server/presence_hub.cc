#include "server/presence_hub.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "ot/planted_bug.h"
#include "ot/reply.h"
#include "server/doc_request.h"

namespace segue::server {

void PresenceHub::handle(const ChannelRequest& request) {
  Channel& channel = channels_[request.channel];
  std::visit([&](const auto& what) { on(channel, request, what); }, request.what);
  drop_if_empty(request.channel);
}

void PresenceHub::drop_if_empty(const std::string& name) {
  const Channel& channel = channels_.at(name);
  if (channel.listeners.empty() && channel.speakers.empty() && channel.kept.empty()) {
    channels_.erase(name);
  }
}

std::size_t PresenceHub::presences() const {
  std::size_t sum = 0;
  for (const auto& [name, channel] : channels_) {
    sum += channel.kept.size();
  }
  return sum;
}

void PresenceHub::on(Channel& channel, const ChannelRequest& request, const Listen& listen) {
  broadcast(channel, Frame::text(ot::presence_asked(request.channel)), request.client.get(),
            request.src);
  channel.listeners.add({request.client, request.src, {}});
  replay(channel, request);
  send(request.client, Frame::text(listen.reply));
}

// A place in a document is told by the document's actor, which knows what has become of it.
void PresenceHub::replay(const Channel& channel, const ChannelRequest& request) {
  for (const auto& [name, kept] : channel.kept) {
    if (name.first == request.src) {
      continue;
    }
    if (kept.doc) {
      host_.route(*kept.doc,
                  DocRequest{request.client, request.src, {}, nullptr, ShowAgain{kept.presence}});
      continue;
    }
    send(request.client, Frame::text(ot::presence_message(kept.presence)));
  }
}

void PresenceHub::on(Channel& channel, const ChannelRequest& request, const Speak&) {
  channel.speakers.insert(request.client.get());
}

void PresenceHub::on(Channel& channel, const ChannelRequest& request, const Ask&) {
  broadcast(channel, Frame::text(ot::presence_asked(request.channel)), request.client.get(),
            request.src);
}

void PresenceHub::on(Channel& channel, const ChannelRequest& request, const Show& show) {
  const ot::Presence& presence = show.presence;
  // Else it has left while this was on its way.
  if (presence.value.is_null() || channel.speakers.contains(request.client.get())) {
    keep(channel, request, show);
    broadcast(channel, Frame::text(ot::presence_message(presence)), request.client.get(),
              presence.src);
  }
  if (!show.reply.empty()) {
    send(request.client, Frame::text(show.reply));
  }
}

void PresenceHub::keep(Channel& channel, const ChannelRequest& request, const Show& show) {
  const ot::Presence& presence = show.presence;
  const std::pair name(presence.src, presence.id);
  const auto known = channel.kept.find(name);
  if (known != channel.kept.end() && known->second.presence.number > presence.number) {
    return;
  }
  if (!presence.value.is_null()) {
    channel.kept.insert_or_assign(name, Kept{presence, request.client, show.doc});
  } else if (known != channel.kept.end()) {
    channel.kept.erase(known);
  }
}

// ---- those who have no connection

void PresenceHub::on(Channel& channel, const ChannelRequest&, const Errand& errand) {
  auto result = errand.shown ? show_visitor(channel, *errand.shown, errand.ttl_ms)
                             : ot::Result<std::string>(listed(channel));
  host_.post(errand.worker,
             [answer = errand.answer, result = std::move(result)] { answer(result); });
}

ot::Result<std::string> PresenceHub::show_visitor(Channel& channel, ot::Presence presence,
                                                  std::uint64_t ttl_ms) {
  const std::pair name(presence.src, presence.id);
  const auto known = channel.kept.find(name);
  const bool is_known = known != channel.kept.end() && known->second.owner == nullptr;
  if (presence.value.is_null()) {
    if (is_known) {
      take_back(channel, std::move(channel.kept.extract(known).mapped()));
    }
    return std::string();
  }
  if (!is_known && visits_.use_count() > static_cast<std::int64_t>(host_.limits().visits_max)) {
    return ot::fail(ot::Errc::too_large, "Too many are present");
  }
  // Larger than any that was used under this id before, also before it ended.
  presence.number = std::max(static_cast<std::uint64_t>(host_.now_ms()),
                             is_known ? known->second.presence.number + 1 : 0);
  const std::int64_t ends_ms = host_.steady_ms() + static_cast<std::int64_t>(ttl_ms);
  auto alarm = host_.call_at(
      ends_ms, [this, channel_name = presence.channel, name] { end_visit(channel_name, name); });
  broadcast(channel, Frame::text(ot::presence_message(presence)), nullptr, presence.src);
  channel.kept.insert_or_assign(
      name, Kept{std::move(presence), nullptr, std::nullopt, ends_ms, std::move(alarm), visits_});
  return std::string();
}

void PresenceHub::end_visit(const std::string& channel_name,
                            const std::pair<ot::ClientId, std::string>& name) {
  const auto channel = channels_.find(channel_name);
  if (channel == channels_.end()) {
    return;
  }
  const auto kept = channel->second.kept.find(name);
  const bool has_ended = kept != channel->second.kept.end() && kept->second.owner == nullptr &&
                         kept->second.ends_ms <= host_.steady_ms();  // Else it was renewed.
  if (has_ended) {
    take_back(channel->second, std::move(channel->second.kept.extract(kept).mapped()));
    drop_if_empty(channel_name);
  }
}

std::string PresenceHub::listed(const Channel& channel) {
  std::string out = R"({"presences":[)";
  for (const auto& [name, kept] : channel.kept) {
    out += (out.back() == '[' ? "" : ",") + ot::presence_entry(kept.presence);
  }
  return out + "]}";
}

void PresenceHub::on(Channel& channel, const ChannelRequest& request, const Quit& quit) {
  channel.listeners.remove(request.client.get());
  channel.speakers.erase(request.client.get());
  for (auto next = channel.kept.begin(); next != channel.kept.end();) {
    const auto kept = next++;
    if (kept->second.owner == request.client && !ot::planted(ot::Bug::presence_left_behind)) {
      take_back(channel, std::move(channel.kept.extract(kept).mapped()));
    }
  }
  if (!quit.reply.empty()) {
    send(request.client, Frame::text(quit.reply));
  }
}

// Under the same number as before: clients let a null replace it.
void PresenceHub::take_back(Channel& channel, Kept kept) {
  ot::Presence& presence = kept.presence;
  presence.value = ot::Json();
  if (kept.doc) {
    ot::DocId doc = *kept.doc;
    ot::ClientId src = presence.src;
    return host_.route(std::move(doc), DocRequest{std::move(kept.owner),
                                                  std::move(src),
                                                  {},
                                                  nullptr,
                                                  ot::PresenceUpdate{std::move(presence)}});
  }
  broadcast(channel, Frame::text(ot::presence_message(presence)), kept.owner.get(), presence.src);
}

void PresenceHub::send(const std::shared_ptr<Client>& client, const Frame& frame) {
  host_.post(client->worker(), [client, frame] { client->deliver(frame); });
}

void PresenceHub::broadcast(Channel& channel, const Frame& frame, const Client* but,
                            const ot::ClientId& src) {
  const auto& lists = channel.listeners.by_worker(host_.workers());
  for (std::size_t worker = 0; worker < lists.size(); ++worker) {
    if (lists[worker] == nullptr) {
      continue;
    }
    host_.post(worker, [list = lists[worker], frame, but, src] {
      for (const Subscriber& listener : *list) {
        if (listener.client.get() != but && listener.src != src) {
          listener.client->deliver(frame);
        }
      }
    });
  }
}

}  // namespace segue::server
