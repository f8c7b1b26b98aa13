// DocumentActor: one live document, the order of what is committed to it, and who is told when.
//
// Everything that could show an op waits in one queue until that op is durable: acks, broadcasts,
// snapshots, errors. So nobody ever sees what a crash can lose, and each client gets all of a
// document's messages in one order.
//
// Strand: the worker the document is pinned to. Pure of I/O: what blocks goes through the host.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ot/document.h"
#include "ot/ids.h"
#include "server/activity.h"
#include "server/audience.h"
#include "server/doc_request.h"
#include "server/document_host.h"
#include "server/lease_table.h"
#include "server/rebuild.h"

namespace segue::server {

class DocumentActor : public std::enable_shared_from_this<DocumentActor> {
 public:
  // `host` outlives the actor.
  DocumentActor(ot::DocId id, DocumentHost& host);

  const ot::DocId& id() const { return id_; }

  void handle(DocRequest request);
  // All ops below `head` are on disk.
  void on_durable(ot::Version head);
  // Ops that were queued will never be written. Drops all state and sends the clients away; they
  // keep their edits and come back to a new actor.
  void on_failed(const ot::Error& error);
  // The log was full and takes ops again.
  void on_room();
  // Tells the queries of its collection how it is, once that is on disk.
  void tell_queries();

  // Nobody uses it, and the log has all of it: it may be dropped. `holders` is the number of
  // shared_ptrs to it; all work under way holds one.
  bool is_idle(long holders) const;
  // Roughly, what dropping it would free.
  std::size_t memory_bytes() const;
  std::size_t history_bytes() const { return document_.history().bytes(); }  // of those
  std::size_t subscribers() const { return audience_.size(); }
  ot::Version version() const { return document_.version(); }
  std::uint64_t ops_per_minute() const { return activity_.per_minute(host_.clock_us()); }

 private:
  struct CatchUp;
  struct SubmitWork;
  struct PresenceWork;
  using OpList = std::vector<ot::CommittedOpPtr>;
  struct Waiting {
    ot::Version needs;
    std::shared_ptr<Client> client;  // null: nobody waits for it
    std::function<void()> show;
  };
  struct Blocked {
    std::shared_ptr<Client> client;
    std::deque<DocRequest> later;
    std::size_t later_bytes = 0;
    bool has_turn = false;
  };
  enum class State { empty, loading, serving, failed };

  void load();
  void loaded(ot::Result<Rebuilt> rebuilt);
  void refuse_unloaded(const DocRequest& request, const ot::Error& error);
  void process(DocRequest request);
  void queue_behind(Blocked& blocked, DocRequest request);
  void checkpoint_if_due();
  void leave_to_later(const DocRequest& request);

  void on(const DocRequest& request, const ot::Fetch& fetch);
  void on(const DocRequest& request, const ot::Subscribe& subscribe);
  void on(const DocRequest& request, const ot::Unsubscribe& unsubscribe);
  void on(const DocRequest& request, const ot::SnapshotByVersion& by_version);
  void on(const DocRequest& request, const ot::SnapshotByTime& by_time);
  void on(const DocRequest& request, const ot::Submit& submit);
  void on(const DocRequest& request, const ot::PresenceUpdate& update);
  void on(const DocRequest& request, const ShowAgain& again);
  void on(const DocRequest& request, const ot::LeaseTake& take);
  void on(const DocRequest& request, const ot::LeaseRenew& renew);
  void on(const DocRequest& request, const ot::LeaseRelease& release);
  void on(const DocRequest& request, const ListLeases& list);
  void on(const DocRequest& request, const Leave& leave);

  // Reading.
  void catch_up(std::shared_ptr<CatchUp> work);
  void catch_up_from_memory(std::shared_ptr<CatchUp> work);
  void catch_up_from_log(std::shared_ptr<CatchUp> work);
  void finish_catch_up(const CatchUp& work);
  void read_past(const DocRequest& request, ot::Version version);
  // At least one op of [from, to), from the log. REQUIRES: they are durable.
  void read_ops(ot::Version from, ot::Version to, std::function<void(ot::Result<OpList>)> then);

  // Submitting.
  void submit(std::shared_ptr<SubmitWork> work);
  void on_outcome(const std::shared_ptr<SubmitWork>& work, ot::Accepted& accepted);
  void on_outcome(const std::shared_ptr<SubmitWork>& work, ot::Duplicate& duplicate);
  void on_outcome(const std::shared_ptr<SubmitWork>& work, ot::NeedAuthor& need);
  void on_outcome(const std::shared_ptr<SubmitWork>& work, ot::NeedCommitted& need);
  void on_outcome(const std::shared_ptr<SubmitWork>& work, ot::NeedOps& need);
  void on_outcome(const std::shared_ptr<SubmitWork>& work, ot::NeedTime& need);
  void pass_missing(const std::shared_ptr<SubmitWork>& work, const OpList& ops);
  void rebase_aside(const std::shared_ptr<SubmitWork>& work, OpList ops,
                    std::function<void()> then);
  bool can_send_missing(const SubmitWork& work) const;
  void give_up(const SubmitWork& work, const ot::Error& error);
  void wait_for_room(const std::shared_ptr<SubmitWork>& work);
  void trace(const SubmitWork& work, const ot::CommittedOp& op, std::int64_t applied_us);
  OpList missing_ops(const SubmitWork& work, ot::Version committed) const;
  void acknowledge(const SubmitWork& work, const Committed& committed);
  void broadcast(const ot::CommittedOp& op, const DocRequest& request);
  std::optional<ot::Snapshot> watched_snapshot() const;

  // Presence.
  void show_presence(const std::shared_ptr<PresenceWork>& work);
  ot::Result<void> carry_presence(ot::Presence& presence) const;
  void carry_over_log(const std::shared_ptr<PresenceWork>& work);

  // Leases.
  void subscribe(const DocRequest& request);
  ot::Result<Lease> wanted_lease(const DocRequest& request, const ot::LeaseTake& take);
  ot::Result<ot::Json> current_path(const ot::LeaseTake& take) const;
  ot::Result<const Lease*> own_lease(const DocRequest& request, const std::string& id) const;
  std::int64_t lease_end(std::optional<std::uint64_t> ttl_ms) const;
  const Lease* refusing_lease(const SubmitWork& work, const ot::PendingOp& pending) const;
  void carry_leases(const ot::CommittedOp& op);
  void expire_leases();
  void watch_lease_ends();
  std::string lease_text(const Lease& lease) const;
  Frame lease_frame(const std::string& text, const ot::Projection* projection) const;
  void tell_lease(const Lease& lease, const Client* but);
  void tell_gone(const std::vector<Lease>& leases, std::string_view why);
  void broadcast_lease(const ot::Json& path, std::string text, const Client* but);
  void show_leases(const DocRequest& request);
  void reply_lease(const DocRequest& request, std::string text);
  void reply_leased(const DocRequest& request, const Lease& other);

  // While a client's request takes several steps, its later ones wait, to keep their order.
  void block(const DocRequest& request);
  void unblock(const DocRequest& request);
  // Runs `then` when it is this document's turn to send pieces to the client. True if it is its
  // turn already, and `then` is dropped. unblock() ends the turn.
  bool take_turn(const DocRequest& request, std::function<void()> then);

  // Shows something to a client once every op of now is durable; at once where all are.
  void show_when_durable(const std::shared_ptr<Client>& client, std::function<void()> show);
  void show_durable();

  void reply_snapshot(const DocRequest& request);
  void reply_past(const DocRequest& request, ot::Snapshot snapshot);
  void reply_plain(const DocRequest& request);
  void reply_plain_now(const DocRequest& request);
  void reply_error(const DocRequest& request, const ot::Error& error);
  void send(const std::shared_ptr<Client>& client, Frame frame);
  void answer(const DocRequest& request, DocAnswer value);
  void send_part(const DocRequest& request, std::string text);
  // Ops and snapshots as the request's client may see them.
  void send_ops(const DocRequest& request, const OpList& ops);
  Frame ops_frame(const OpList& ops, const ot::Projection* projection) const;
  std::string op_text(const ot::CommittedOp& op, const ot::Projection* projection) const;
  ot::Result<ot::Snapshot> seen_by(const DocRequest& request, ot::Snapshot snapshot) const;

  ot::DocId id_;
  DocumentHost& host_;
  State state_ = State::empty;
  ot::Document document_;
  ot::Version durable_;  // may be shown
  ot::Version logged_;   // is in the log; less than that only with asynchronous durability
  Activity activity_;    // ops committed
  Audience audience_;
  LeaseTable leases_;
  std::uint64_t leases_given_ = 0;
  DocumentHost::Alarm lease_alarm_;  // for the first of them that ends
  std::deque<Waiting> waiting_;      // `needs` never decreases
  std::deque<DocRequest> inbox_;     // while loading
  std::unordered_map<const Client*, Blocked> blocked_;
  std::vector<std::shared_ptr<SubmitWork>> waiting_for_room_;  // their clients are blocked
  std::size_t ops_bytes_ = 0;                                  // since the last checkpoint
  std::optional<ot::Snapshot> checkpoint_;                     // due, waits to be logged
  bool saving_ = false;
};

}  // namespace segue::server
