// PresenceHub: the presence channels that are pinned to one worker. It knows who listens in each
// and what was shown last under each id, which newcomers are told at once.
//
// What belongs to a place in a document comes by way of the document's actor, at its newest
// version, and after everything the actor has sent before (DocumentHost::publish): so nobody who
// gets the document's ops hears of a place in a version it has not been sent.
//
// Strand: its worker's. Invariant: every presence that is kept has an owner who is still speaking,
// or a time when it ends.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "server/audience.h"
#include "server/channel_request.h"
#include "server/document_host.h"

namespace segue::server {

class PresenceHub {
 public:
  // `host` outlives it.
  explicit PresenceHub(DocumentHost& host) : host_(host) {}

  void handle(const ChannelRequest& request);
  // Of all channels that anybody listens to or speaks in.
  std::size_t channels() const { return channels_.size(); }
  // That are remembered, in all of them.
  std::size_t presences() const;
  void clear() { channels_.clear(); }

 private:
  struct Kept {
    ot::Presence presence;
    std::shared_ptr<Client> owner;
    std::optional<ot::DocId> doc;
    // Where there is no owner:
    std::int64_t ends_ms = 0;
    DocumentHost::Alarm alarm{};
    std::shared_ptr<const char> mark{};  // of visits_
  };
  struct Channel {
    Audience listeners;
    std::unordered_set<const Client*> speakers;
    std::map<std::pair<ot::ClientId, std::string>, Kept> kept;  // by src and id
  };

  void on(Channel& channel, const ChannelRequest& request, const Listen& listen);
  void on(Channel& channel, const ChannelRequest& request, const Speak& speak);
  void on(Channel& channel, const ChannelRequest& request, const Ask& ask);
  void on(Channel& channel, const ChannelRequest& request, const Show& show);
  void on(Channel& channel, const ChannelRequest& request, const Errand& errand);
  void on(Channel& channel, const ChannelRequest& request, const Quit& quit);

  void replay(const Channel& channel, const ChannelRequest& request);
  static std::string listed(const Channel& channel);
  static void keep(Channel& channel, const ChannelRequest& request, const Show& show);
  void take_back(Channel& channel, Kept kept);
  ot::Result<std::string> show_visitor(Channel& channel, ot::Presence presence,
                                       std::uint64_t ttl_ms);
  void end_visit(const std::string& channel, const std::pair<ot::ClientId, std::string>& name);
  void drop_if_empty(const std::string& name);
  void send(const std::shared_ptr<Client>& client, const Frame& frame);
  // To everybody who listens but this client.
  void broadcast(Channel& channel, const Frame& frame, const Client* but, const ot::ClientId& src);

  DocumentHost& host_;
  std::unordered_map<std::string, Channel> channels_;
  // Held by each presence without an owner, and so counts them.
  std::shared_ptr<const char> visits_ = std::make_shared<const char>();
};

}  // namespace segue::server
