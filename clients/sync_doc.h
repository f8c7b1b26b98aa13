// SyncDoc: one document as a client holds it. Local edits show at once; one op is in flight, later
// ones wait behind it, composed into one where the type can. What others commit is transformed
// against both.
//
// Strand: its SyncState's, which owns it. Pure: no socket, no clock. Costs of an op: those of its
// type, whatever the size of the document.
//
// Invariant: data() is the server's document at version(), with the op in flight and then the
// waiting ones applied.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "clients/request.h"
#include "ot/ids.h"
#include "ot/json.h"
#include "ot/message.h"
#include "ot/op.h"
#include "ot/result.h"
#include "ot/type.h"

namespace segue::client {

// The server's reason to refuse something, or the client's own to give it up.
struct Refusal {
  std::string code;
  std::string message;
};

// What has happened to a document. `edits` counts calls of create(), edit() and remove(): those of
// one document come to their end in the order they were made in.
struct Loaded {};  // a snapshot took the place of what was there
struct RemoteOp {  // somebody's op was applied
  ot::Version version;
  ot::ClientId src;
  ot::Seq seq;
};
struct Acknowledged {  // the oldest `edits` edits are committed, as one op
  ot::Version version;
  ot::ClientId src;
  ot::Seq seq;
  std::size_t edits = 0;
};
struct Rejected {  // the oldest `edits` edits were taken back
  Refusal why;
  std::size_t edits = 0;
};
struct Fetched {};  // a fetch() has come to its end
struct Failed {     // a fetch or a subscription was refused, and is not tried again by itself
  Refusal why;
};

struct Event {
  ot::DocId doc;
  std::variant<Loaded, RemoteOp, Acknowledged, Rejected, Fetched, Failed> what;
};

// What the documents of a connection share.
struct Channel {
  ot::TypeLookup find_type = nullptr;
  bool open = false;  // the handshake is done
  ot::ClientId src;
  ot::Seq seq_next{1};
  bool compose = true;
  std::vector<std::string> messages;  // to be sent
  std::vector<Event> events;
};

class SyncDoc {
 public:
  // `channel` outlives the document.
  SyncDoc(ot::DocId id, Channel& channel) : id_(std::move(id)), channel_(channel) {}

  const ot::DocId& id() const { return id_; }
  // None: nothing is known of the server's document yet.
  std::optional<ot::Version> version() const { return version_; }
  // Null where the document does not exist, or is not known yet.
  const ot::AnyType* type() const { return type_; }
  const ot::Json& data() const { return data_; }
  // Edits that are not acknowledged yet.
  std::size_t edits_pending() const;
  bool subscribed() const { return subscription_ == Subscription::on; }
  // Nothing is under way for this document, in either direction.
  bool settled() const;

 private:
  friend class SyncState;

  enum class Subscription { off, asked, on, leaving };
  struct Local {
    ot::OpKind kind = ot::OpKind::edit;
    const ot::AnyType* type = nullptr;  // an edit's document's; the one to create
    ot::AnyOp op;                       // an edit
    std::optional<ot::Json> data;       // a create's, where it has any
    std::size_t edits = 1;
    ot::ClientId src = {};  // since it was first sent
    ot::Seq seq = {};
  };
  struct Remote {
    ot::OpKind kind = ot::OpKind::noop;
    const ot::AnyType* type = nullptr;
    ot::AnyOp op = {};
    const ot::Json* data = nullptr;
  };
  struct Name {
    ot::ClientId src;
    ot::Seq seq;
    bool operator==(const Name&) const = default;
  };

  // The owner's calls. Errors: the edit does not apply to data(), which is then unchanged.
  ot::Result<void> create(std::string_view type, std::optional<ot::Json> data);
  ot::Result<void> edit(const ot::Json& op);
  ot::Result<void> remove();
  void subscribe();
  void unsubscribe();
  void fetch();

  // The connection.
  void on_open();
  void on_lost();
  bool wants_subscription() const { return wanted_ && subscription_ == Subscription::off; }
  // The owner has asked for it, together with others.
  void subscription_asked() { subscription_ = Subscription::asked; }
  void ask_again();
  // Sends the first waiting op if none is in flight.
  void flush();

  // The server's messages.
  void on_op(const ot::Json& message);
  void on_fetched(const ot::Json* snapshot, const Refusal* refusal);
  void on_subscribed(const ot::Json* snapshot, const Refusal* refusal);
  void on_unsubscribed();

  void push(Local op);
  bool compose_into_last(const Local& op);
  void send_in_flight(bool again);
  void send(std::string text) { channel_.messages.push_back(std::move(text)); }
  template <class What>
  void tell(What what) {
    channel_.events.push_back({id_, std::move(what)});
  }

  void ask_subscription();
  void on_ack(ot::Version version);
  void on_op_refused(const ot::Json& message, const Refusal& refusal);
  void on_remote(ot::Version version, const ot::Json& message);
  ot::Result<Remote> decode(const ot::Json& message) const;
  ot::Result<void> pass_local_edits(Remote& remote);
  static ot::Result<void> pass(Local& local, Remote& remote);
  ot::Result<void> apply(const Remote& remote);
  void on_snapshot(const ot::Json& snapshot);
  ot::Result<void> undo_in_flight();
  void start_over(const Refusal& why);
  // Fetches what is known to be missing, unless a fetch is under way.
  void catch_up();

  ot::DocId id_;
  Channel& channel_;
  std::optional<ot::Version> version_;
  const ot::AnyType* type_ = nullptr;         // of data_
  const ot::AnyType* server_type_ = nullptr;  // of the server's document at version_
  ot::Json data_;
  std::optional<Local> in_flight_;
  std::deque<Local> waiting_;
  std::vector<Name> given_up_;  // ops that this connection may still answer
  ot::Version exists_;          // the server has at least this version
  bool wanted_ = false;
  Subscription subscription_ = Subscription::off;
  bool snapshot_wanted_ = false;  // nothing is known, and it matters
  bool fetch_wanted_ = false;     // fetch() was called, and none was sent since
  bool fetch_reported_ = false;   // the fetch under way is one that fetch() waits for
  std::size_t fetches_ = 0;       // under way
};

}  // namespace segue::client
