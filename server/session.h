// Session: one connection's side of the ShareDB protocol. Text comes in; replies, requests to
// documents and the reason to close go out through a SessionPort.
//
// Strand: the connection's. Pure: it knows neither sockets nor threads.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ot/ids.h"
#include "ot/json.h"
#include "ot/message.h"
#include "ot/reply.h"
#include "server/access/rights.h"
#include "server/access_port.h"
#include "server/bulk_reply.h"
#include "server/channel_request.h"
#include "server/close_code.h"
#include "server/doc_request.h"
#include "server/frame.h"
#include "server/limits.h"
#include "server/projections.h"
#include "server/query_request.h"

namespace segue::server {

// The surroundings of a session.
class SessionPort {
 public:
  SessionPort() = default;
  SessionPort(const SessionPort&) = delete;
  SessionPort& operator=(const SessionPort&) = delete;
  virtual ~SessionPort() = default;

  virtual void send(const Frame& frame) = 0;
  // Hands a request to the document's actor. The port fills in the client.
  virtual void forward(const ot::DocId& doc, DocRequest request) = 0;
  // The same for a presence channel.
  virtual void forward(ChannelRequest request) = 0;
  // And for the queries of a collection.
  virtual void forward(QueryRequest request) = 0;
  virtual void close(CloseReason reason) = 0;
  // For metrics: an op was answered with an error before any document has seen it.
  virtual void on_refused(ot::Errc) {}
};

// How a server differs from others, for a session.
struct SessionRules {
  const Projections* projections = nullptr;
  bool refuse_no_ops = false;  // an op of which others' ops have left nothing is not committed
};

class Session {
 public:
  // `id`: the src of this connection until its client claims another; unguessable.
  Session(ot::ClientId id, const Limits& limits, ot::TypeLookup find_type, SessionPort& port,
          SessionRules rules = {})
      : src_(std::move(id)), limits_(limits), find_type_(find_type), port_(port), rules_(rules) {}

  const ot::ClientId& src() const { return src_; }

  // Where keys are in use: before start(), and whenever it changes, what the client may do; it has
  // to be the same author. Closes if the client is subscribed to what it may not read any more.
  // `port` outlives the session. Without a call everything is allowed.
  void admit(std::shared_ptr<const access::Rights> rights, AccessPort& port);
  // null without keys
  const std::shared_ptr<const access::Rights>& rights() const { return rights_; }
  bool allowed(access::Action action, std::string_view collection, std::string_view id) const;

  // The connection is open: greets.
  void start();
  // Whether there was a message that could be understood.
  bool has_understood() const { return has_understood_; }
  std::size_t subscriptions() const { return subscribed_.size(); }
  // Something has to be found out before the next message: the transport must not read on.
  bool is_waiting() const { return waiting_; }
  // A text message has arrived. The transport has made sure that it is UTF-8.
  // REQUIRES: not is_waiting().
  void on_message(std::string_view text);
  // A document has something for this client. While a bulk request for snapshots is under way all
  // of it waits, so that no op of a document overtakes its snapshot.
  void on_frame(const Frame& frame);
  void on_bulk_part(const std::shared_ptr<BulkReply>& bulk, const std::string& id,
                    std::string_view text);
  // The connection has ended: leaves every document, channel and query.
  void stop();

 private:
  void handle(const ot::JsonPart& message);
  void reply(std::string_view text) { port_.send(Frame::text(text)); }
  void refuse(const ot::JsonPart& message, const ot::Error& error);

  void on(const ot::JsonPart& message, ot::Handshake handshake);
  void on(const ot::JsonPart& message, const ot::Ping& ping);
  void on(const ot::JsonPart& message, const ot::Authenticate& credentials);
  void on(const ot::JsonPart& message, ot::Submit submit);
  void on(const ot::JsonPart& message, const ot::PresenceSubscribe& subscribe);
  void on(const ot::JsonPart& message, const ot::PresenceUnsubscribe& unsubscribe);
  void on(const ot::JsonPart& message, const ot::PresenceRequest& presence);
  void on(const ot::JsonPart& message, ot::PresenceUpdate update);
  void on(const ot::JsonPart& message, ot::QueryFetch fetch);
  void on(const ot::JsonPart& message, ot::QuerySubscribe subscribe);
  void on(const ot::JsonPart& message, const ot::QueryUnsubscribe& query);
  void on(const ot::JsonPart& message, ot::LeaseTake take);
  void on(const ot::JsonPart& message, ot::LeaseRenew renew);
  void on(const ot::JsonPart& message, ot::Bulk bulk);
  template <class DocMessage>
  void on(const ot::JsonPart& message, DocMessage request);

  void forward(ot::DocId doc, DocRequest request);
  template <class Request>
  void forward_lease(const ot::JsonPart& message, Request request);
  bool has_room_for(const ot::Bulk& bulk) const;
  // What this collection is another name for: then it gets the name of the real one.
  const ot::Projection* resolve(std::string& collection) const;

  // A presence channel that this client has to do with.
  struct Channel {
    std::uint64_t seq = 0;  // of the newest request to listen or to quit
    bool listens = false;
    bool speaks = false;
    std::set<std::string> shown;  // ids of its presences
    bool is_idle() const { return !listens && !speaks; }
  };
  // Null if the client has too many.
  Channel* channel(const std::string& name);
  void take_part(Channel& channel, bool Channel::*part);
  ot::Result<Channel*> channel_for(const ot::Presence& presence);
  void quit(Channel& channel);
  void tell(const std::string& channel, decltype(ChannelRequest::what) what) {
    port_.forward(ChannelRequest{nullptr, src_, channel, std::move(what)});
  }

  ot::Result<query::Query> compile(const ot::QueryFetch& query) const;
  void ask(const ot::JsonPart& message, std::string collection, decltype(QueryRequest::what) what);
  void leave_queries();

  // Access: session_access.cc. No value: not refused.
  std::optional<ot::Error> refusal(const ot::Submit& submit) const;
  std::optional<ot::Error> refusal(const ot::Subscribe& subscribe) const;
  std::optional<ot::Error> refusal(const ot::Unsubscribe&) const { return std::nullopt; }
  std::optional<ot::Error> refusal(const ot::LeaseRelease&) const { return std::nullopt; }
  template <class Reading>
  std::optional<ot::Error> refusal(const Reading& request) const {
    return refusal_to_read(request.doc);
  }
  std::optional<ot::Error> refusal_to_read(const ot::DocId& doc) const;
  std::optional<ot::Error> refusal_to_do(access::Action action, const ot::DocId& doc) const;
  std::optional<ot::Error> refusal_of_channel(std::string_view channel) const;
  std::optional<ot::Error> refusal_of_query(std::string_view collection) const;
  bool refuse_unreadable(ot::Json& message, ot::Bulk& bulk);
  void claim(const ot::ClientId& src, std::function<void(bool)> then);
  std::optional<ot::TokenInfo> token_info() const;

  ot::ClientId src_;
  const Limits& limits_;
  ot::TypeLookup find_type_;
  SessionPort& port_;
  std::shared_ptr<const access::Rights> rights_;  // null: everything is allowed
  AccessPort* access_ = nullptr;
  bool waiting_ = false;
  bool has_understood_ = false;
  SessionRules rules_;
  bool knows_no_op_ = false;
  bool knows_leases_ = false;
  std::set<ot::DocId> subscribed_;  // by the names the client uses
  // Those that may be held, or are asked for: a mark lives as long as its lease.
  std::vector<std::pair<ot::DocId, std::weak_ptr<const void>>> leases_;
  std::unordered_map<std::string, Channel> channels_;
  std::size_t channels_busy_ = 0;                    // that are not idle
  std::size_t presences_ = 0;                        // shown, in all channels
  std::unordered_map<double, std::string> queries_;  // live ones: their collections, as named
  std::size_t bulks_open_ = 0;                       // those that asked for snapshots
  std::vector<Frame> held_;
  std::size_t held_bytes_ = 0;
};

}  // namespace segue::server
