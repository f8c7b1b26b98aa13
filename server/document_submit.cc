// The submitting half of DocumentActor: from a received op to its ack and broadcast.

#include <algorithm>
#include <map>
#include <utility>
#include <variant>

#include "ot/planted_bug.h"
#include "ot/reply.h"
#include "server/document_actor.h"
#include "server/document_work.h"
#include "server/op_trace.h"
#include "server/query_request.h"

namespace segue::server {

void DocumentActor::on(const DocRequest& request, const ot::Submit& submit_message) {
  auto work = std::make_shared<SubmitWork>(request, submit_message.op);
  if (work->pending.submission.src.value.empty()) {
    work->pending.submission.src = request.src;
  }
  work->pending.projection = request.projection;
  work->pending.refuse_no_op = request.refuse_no_op;
  submit(std::move(work));
}

void DocumentActor::submit(std::shared_ptr<SubmitWork> work) {
  if (state_ == State::failed) {
    return leave_to_later(work->request);
  }
  if (!can_send_missing(*work)) {
    return give_up(*work, {});
  }
  if (!oplog::takes_ops(host_.log_state()) && document_.is_new(work->pending)) {
    return wait_for_room(work);
  }
  expire_leases();
  const Lease* refused_by = nullptr;
  auto outcome = document_.submit(work->pending, host_.now_ms(), [&](const ot::PendingOp& pending) {
    refused_by = refusing_lease(*work, pending);
    return refused_by == nullptr;
  });
  if (!outcome) {
    host_.on_refused(outcome.error().code);
    refused_by != nullptr ? reply_leased(work->request, *refused_by)
                          : reply_error(work->request, outcome.error());
    return unblock(work->request);
  }
  std::visit([&](auto& found) { on_outcome(work, found); }, *outcome);
}

void DocumentActor::on_outcome(const std::shared_ptr<SubmitWork>& work, ot::Accepted& accepted) {
  const ot::CommittedOpPtr op = accepted.op;
  oplog::Entry entry;
  entry.doc = id_;
  entry.version = op->version;
  entry.kind = op->kind;
  entry.type = op->type;
  entry.src = op->src;
  entry.seq = op->seq;
  entry.time_ms = op->time_ms;
  entry.author = work->request.rights ? work->request.rights->author() : oplog::anonymous;
  entry.payload = op->payload;
  entry.submitted = std::move(accepted.submitted);
  entry.reason = work->pending.submission.reason;
  ops_bytes_ += oplog::entry_bytes(entry);
  if (host_.commit(std::move(entry), *this)) {
    durable_ = document_.version();
  }
  OpList missing = missing_ops(*work, op->version);
  const std::int64_t applied_us = host_.clock_us();
  activity_.note(applied_us);
  Committed committed{op->version, std::nullopt};
  if (work->request.answer) {
    committed.after = seen_by(work->request, document_.snapshot()).value_or(ot::Snapshot{});
  }
  if (ot::planted(ot::Bug::ack_before_sync)) {
    acknowledge(*work, committed);
  }
  if (ot::planted(ot::Bug::broadcast_before_sync)) {
    broadcast(*op, work->request);
  }
  waiting_.push_back(
      {document_.version(), work->request.client,
       [self = shared_from_this(), work, op, missing = std::move(missing),
        committed = std::move(committed), snapshot = watched_snapshot(), applied_us] {
         const DocRequest& request = work->request;
         self->send_ops(request, missing);
         self->acknowledge(*work, committed);
         self->trace(*work, *op, applied_us);
         self->broadcast(*op, request);
         if (snapshot) {
           self->host_.tell_queries({self->id_, *snapshot, op, request.client, request.projection});
         }
       }});
  carry_leases(*op);
  show_durable();
  unblock(work->request);
}

void DocumentActor::trace(const SubmitWork& work, const ot::CommittedOp& op,
                          std::int64_t applied_us) {
  const access::Rights* rights = work.request.rights.get();
  const std::string author(rights != nullptr ? rights->author() : oplog::anonymous);
  const std::uint64_t late_by = work.base ? op.version.value - work.base->value : 0;
  host_.on_committed({id_, op.src.value, author, op.version, late_by, work.pending.overwrote,
                      work.request.received_us, applied_us, host_.clock_us()});
}

// Committing would fail now, and take the document down with it. Everything else goes on.
void DocumentActor::wait_for_room(const std::shared_ptr<SubmitWork>& work) {
  if (host_.log_state() == oplog::LogState::failed) {
    return give_up(*work, {});
  }
  block(work->request);
  waiting_for_room_.push_back(work);
}

// The ops between the submitter's version and its own op. It needs them before the ack, unless it
// is subscribed and has been sent them anyway.
auto DocumentActor::missing_ops(const SubmitWork& work, ot::Version committed) const -> OpList {
  if (!work.missing_from || work.request.answer) {
    return {};
  }
  const auto subscribed =
      audience_.subscribed_from(work.request.client.get(), work.request.projection);
  const ot::Version to = subscribed ? std::min(*subscribed, committed) : committed;
  if (*work.missing_from >= to) {
    return {};
  }
  return document_.history().range(*work.missing_from, to);
}

void DocumentActor::on_outcome(const std::shared_ptr<SubmitWork>& work, ot::Duplicate& duplicate) {
  show_when_durable(work->request.client,
                    [self = shared_from_this(), work, committed = duplicate.committed] {
                      self->host_.on_duplicate();
                      self->acknowledge(*work, {committed, std::nullopt});
                    });
  unblock(work->request);
}

void DocumentActor::acknowledge(const SubmitWork& work, const Committed& committed) {
  if (work.request.answer) {
    return answer(work.request, committed);
  }
  const ot::Submission& op = work.pending.submission;
  send(work.request.client,
       Frame::text(ot::ack(work.request.message, op.src, op.seq, committed.at)));
}

void DocumentActor::broadcast(const ot::CommittedOp& op, const DocRequest& request) {
  if (audience_.empty() || host_.publish_suppressed()) {
    return;
  }
  const auto& lists = audience_.by_worker(host_.workers());
  std::map<const ot::Projection*, Frame> frames;
  for (const ot::Projection* projection : audience_.projections()) {
    frames.emplace(projection, Frame::text(op_text(op, projection)));
  }
  for (std::size_t worker = 0; worker < lists.size(); ++worker) {
    if (lists[worker] == nullptr) {
      continue;
    }
    host_.post(worker, [list = lists[worker], frames, src = op.src, version = op.version,
                        author = request.client, through = request.projection] {
      for (const Subscriber& subscriber : *list) {
        const bool own = (subscriber.client == author || subscriber.src == src) &&
                         subscriber.projection == through;
        if (!own && version >= subscriber.from) {
          subscriber.client->deliver(frames.at(subscriber.projection));
        }
      }
    });
  }
}

// None where nobody wants to know: holding it makes the next edit copy what it changes.
std::optional<ot::Snapshot> DocumentActor::watched_snapshot() const {
  return host_.is_watched(id_.collection) ? std::optional(document_.snapshot()) : std::nullopt;
}

void DocumentActor::tell_queries() {
  if (state_ != State::serving || !host_.is_watched(id_.collection)) {
    return;
  }
  show_when_durable(nullptr, [self = shared_from_this(), snapshot = document_.snapshot()] {
    self->host_.tell_queries({self->id_, snapshot, nullptr, nullptr, nullptr});
  });
}

// ---- what the document has to be told first

void DocumentActor::on_outcome(const std::shared_ptr<SubmitWork>& work, ot::NeedAuthor&) {
  block(work->request);
  auto last = std::make_shared<ot::Result<std::optional<ot::Seq>>>();
  const ot::ClientId src = work->pending.submission.src;
  host_.read([last, id = id_, src](const oplog::OpLog& log) { *last = log.last_seq(id, src); },
             [self = shared_from_this(), work, last, src] {
               if (!*last) {
                 return self->give_up(*work, last->error());
               }
               self->document_.learn_author(src, **last);
               self->submit(work);
             });
}

void DocumentActor::on_outcome(const std::shared_ptr<SubmitWork>& work, ot::NeedCommitted&) {
  block(work->request);
  auto found = std::make_shared<ot::Result<std::optional<ot::Version>>>();
  const ot::Submission& op = work->pending.submission;
  host_.read([found, id = id_, src = op.src,
              seq = op.seq](const oplog::OpLog& log) { *found = log.find(id, src, seq); },
             [self = shared_from_this(), work, found] {
               if (!*found) {
                 return self->give_up(*work, found->error());
               }
               work->pending.committed_known = true;
               work->pending.committed = **found;
               self->submit(work);
             });
}

void DocumentActor::on_outcome(const std::shared_ptr<SubmitWork>& work, ot::NeedOps& need) {
  if (!take_turn(work->request, [self = shared_from_this(), work] { self->submit(work); })) {
    return;
  }
  const ot::Version to = std::min(need.from + host_.limits().catch_up_ops, need.to);
  read_ops(need.from, to, [self = shared_from_this(), work](ot::Result<OpList> ops) {
    if (!ops) {
      return self->give_up(*work, ops.error());
    }
    const std::size_t steps_max = self->host_.limits().document.steps_max;
    if (self->document_.lineage().rebase(work->pending, *ops, steps_max)) {
      return self->pass_missing(work, *ops);
    }
    self->rebase_aside(work, *ops, [self, work, ops] { self->pass_missing(work, *ops); });
  });
}

// Ops of the log that the author of an op has missed.
void DocumentActor::pass_missing(const std::shared_ptr<SubmitWork>& work, const OpList& ops) {
  if (work->pending.committed) {
    return submit(work);  // Resent: its ack goes alone.
  }
  work->missing_from = ops.back()->version + 1;
  const auto subscribed =
      audience_.subscribed_from(work->request.client.get(), work->request.projection);
  if (subscribed && *subscribed <= ops.front()->version) {
    return submit(work);
  }
  host_.deliver_piece(work->request.client, ops_frame(ops, work->request.projection),
                      [self = shared_from_this(), work] { self->submit(work); });
}

void DocumentActor::on_outcome(const std::shared_ptr<SubmitWork>& work, ot::NeedTime& need) {
  block(work->request);
  rebase_aside(work, std::move(need.ops),
               [self = shared_from_this(), work] { self->submit(work); });
}

// Rewrites an op on another thread, so that nobody else has to wait for it.
void DocumentActor::rebase_aside(const std::shared_ptr<SubmitWork>& work, OpList ops,
                                 std::function<void()> then) {
  host_.read([work, ops = std::move(ops), lineage = document_.lineage()](
                 const oplog::OpLog&) { (void)lineage.rebase(work->pending, ops); },
             std::move(then));
}

// While an op that was rewritten waits, the history may move on beyond what its author has missed.
// What is still to be rewritten is read from the log, and sent as that is done.
bool DocumentActor::can_send_missing(const SubmitWork& work) const {
  const bool has_passed = work.missing_from && work.pending.at > work.missing_from;
  if (!has_passed || work.pending.committed || work.request.answer) {
    return true;
  }
  const auto subscribed =
      audience_.subscribed_from(work.request.client.get(), work.request.projection);
  return *work.missing_from >= document_.history().begin() ||
         (subscribed && *subscribed <= *work.missing_from);
}

// The log could not be read. The op was not judged, so its author must keep it.
void DocumentActor::give_up(const SubmitWork& work, const ot::Error&) {
  leave_to_later(work.request);
  unblock(work.request);
}

}  // namespace segue::server
