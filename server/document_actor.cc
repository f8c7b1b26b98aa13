#include "server/document_actor.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "ot/assert.h"
#include "ot/planted_bug.h"
#include "ot/reply.h"
#include "server/bulk_reply.h"
#include "server/document_work.h"
#include "server/rebuild.h"

namespace segue::server {

DocumentActor::DocumentActor(ot::DocId id, DocumentHost& host)
    : id_(std::move(id)), host_(host), document_(host.limits().document, host.types()) {}

// ---- life

void DocumentActor::handle(DocRequest request) {
  switch (state_) {
    case State::empty:
      inbox_.push_back(std::move(request));
      return load();
    case State::loading:
      return inbox_.push_back(std::move(request));
    case State::failed:
      return leave_to_later(request);
    case State::serving:
      break;
  }
  const auto blocked = blocked_.find(request.client.get());
  if (blocked != blocked_.end()) {
    return queue_behind(blocked->second, std::move(request));
  }
  process(std::move(request));
}

// Who is sent away leaves, whatever it was that came too much: the end of a subscription, perhaps,
// or of the connection.
void DocumentActor::queue_behind(Blocked& blocked, DocRequest request) {
  blocked.later_bytes += request.message.text_bytes();
  if (blocked.later_bytes > host_.limits().requests_waiting_bytes_max) {
    leave_to_later(request);
    request = DocRequest{request.client, request.src, {}, nullptr, Leave{}};
  }
  const bool has_left =
      !blocked.later.empty() && std::holds_alternative<Leave>(blocked.later.back().what);
  if (!has_left) {
    blocked.later.push_back(std::move(request));
  }
}

void DocumentActor::load() {
  state_ = State::loading;
  auto result = std::make_shared<std::optional<ot::Result<Rebuilt>>>();
  host_.read(
      [result, id = id_, limits = host_.limits().document, types = host_.types()](
          const oplog::OpLog& log) { *result = rebuild(log, id, std::nullopt, limits, types); },
      [self = shared_from_this(), result] { self->loaded(std::move(**result)); });
}

void DocumentActor::loaded(ot::Result<Rebuilt> rebuilt) {
  auto inbox = std::exchange(inbox_, {});
  if (!rebuilt) {
    state_ = State::empty;  // The next request tries again.
    for (const DocRequest& request : inbox) {
      refuse_unloaded(request, rebuilt.error());
    }
    return;
  }
  document_ = std::move(rebuilt->document);
  ops_bytes_ = rebuilt->ops_bytes;
  durable_ = document_.version();
  logged_ = document_.version();
  state_ = State::serving;
  checkpoint_if_due();
  tell_queries();
  for (DocRequest& request : inbox) {
    handle(std::move(request));
  }
  host_.resized(*this);
}

// An op is left to its author, since an error reply would make the client throw it away.
void DocumentActor::refuse_unloaded(const DocRequest& request, const ot::Error& error) {
  if (std::holds_alternative<ot::Submit>(request.what)) {
    leave_to_later(request);
  } else if (!std::holds_alternative<Leave>(request.what)) {
    reply_error(request, error);
  }
}

void DocumentActor::on_durable(ot::Version head) {
  if (state_ == State::failed) {
    return;
  }
  OT_ASSERT(head <= document_.version());
  durable_ = std::max(durable_, head);
  logged_ = head;
  document_.prune(logged_);
  host_.resized(*this);
  show_durable();
  checkpoint_if_due();
}

// The snapshot is taken at once, so that it costs nothing, and stored when its ops are in the log.
void DocumentActor::checkpoint_if_due() {
  if (saving_ || document_.unknown_type()) {
    return;
  }
  if (!checkpoint_) {
    ot::Snapshot now = document_.snapshot();
    const std::size_t due_at =
        std::max(host_.limits().checkpoint_ops_bytes_min, now.data.printed_bytes());
    if (ops_bytes_ < due_at) {
      return;
    }
    checkpoint_ = std::move(now);
    ops_bytes_ = 0;
  }
  if (checkpoint_->version > logged_) {
    return;
  }
  saving_ = true;
  host_.save([id = id_, snapshot = *std::exchange(checkpoint_, std::nullopt)](
                 oplog::OpLog& log) { store_checkpoint(log, id, snapshot); },
             [self = shared_from_this()] {
               self->saving_ = false;
               self->checkpoint_if_due();
             });
}

bool DocumentActor::is_idle(long holders) const {
  return holders == 1 && audience_.empty() && leases_.empty() && blocked_.empty() &&
         waiting_.empty() && inbox_.empty() && logged_ == document_.version();
}

std::size_t DocumentActor::memory_bytes() const {
  return sizeof(DocumentActor) + document_.memory_bytes();
}

void DocumentActor::on_failed(const ot::Error&) {
  if (state_ == State::failed || ot::planted(ot::Bug::carry_on_after_failed_append)) {
    return;
  }
  state_ = State::failed;
  std::set<std::shared_ptr<Client>> clients;
  audience_.for_each([&](const Subscriber& subscriber) { clients.insert(subscriber.client); });
  for (const Waiting& waiting : waiting_) {
    if (waiting.client != nullptr) {
      clients.insert(waiting.client);
    }
  }
  for (const Lease& lease : leases_.all()) {
    if (lease.holder.client != nullptr) {
      clients.insert(lease.holder.client);
    }
  }
  for (const auto& [client, blocked] : std::exchange(blocked_, {})) {
    clients.insert(blocked.client);
  }
  for (const auto& client : clients) {
    host_.post(client->worker(), [client] { client->close(try_again_later); });
  }
  waiting_.clear();
  waiting_for_room_.clear();
  checkpoint_.reset();
  audience_ = Audience();
  leases_ = LeaseTable();
  host_.retire(*this);
}

void DocumentActor::on_room() {
  for (const auto& work : std::exchange(waiting_for_room_, {})) {
    submit(work);
  }
}

// The client keeps what was not answered, and sends it again when it comes back.
void DocumentActor::leave_to_later(const DocRequest& request) {
  if (!std::holds_alternative<Leave>(request.what)) {
    host_.post(request.client->worker(),
               [client = request.client] { client->close(try_again_later); });
  }
}

void DocumentActor::process(DocRequest request) {
  std::visit([&](const auto& what) { on(request, what); }, request.what);
}

void DocumentActor::block(const DocRequest& request) {
  blocked_[request.client.get()].client = request.client;
}

void DocumentActor::unblock(const DocRequest& request) {
  auto blocked = blocked_.extract(request.client.get());
  if (blocked.empty()) {
    return;
  }
  if (blocked.mapped().has_turn) {
    host_.post(request.client->worker(), [client = request.client] { client->end_catch_up(); });
  }
  // One of them may block the client again: handle() then queues the rest behind it.
  for (DocRequest& later : blocked.mapped().later) {
    handle(std::move(later));
  }
}

bool DocumentActor::take_turn(const DocRequest& request, std::function<void()> then) {
  block(request);
  Blocked& blocked = blocked_[request.client.get()];
  if (blocked.has_turn) {
    return true;
  }
  host_.begin_catch_up(
      request.client, [self = shared_from_this(), client = request.client, then = std::move(then)] {
        self->blocked_[client.get()].has_turn = true;
        then();
      });
  return false;
}

// ---- requests that read

void DocumentActor::on(const DocRequest& request, const ot::Fetch& fetch) {
  if (fetch.version) {
    return catch_up(std::make_shared<CatchUp>(CatchUp{request, *fetch.version, false}));
  }
  reply_snapshot(request);
}

void DocumentActor::on(const DocRequest& request, const ot::Subscribe& subscribe) {
  if (subscribe.version) {
    return catch_up(std::make_shared<CatchUp>(CatchUp{request, *subscribe.version, true}));
  }
  if (!document_.unknown_type()) {
    this->subscribe(request);
  }
  reply_snapshot(request);
  show_leases(request);
}

void DocumentActor::on(const DocRequest& request, const ot::Unsubscribe&) {
  audience_.remove(request.client.get(), request.projection);
  reply_plain(request);
}

void DocumentActor::on(const DocRequest& request, const Leave&) {
  audience_.remove(request.client.get());
  tell_gone(leases_.leave(request.client.get()), "released");
}

void DocumentActor::on(const DocRequest& request, const ot::SnapshotByVersion& by_version) {
  const ot::Version version = by_version.version.value_or(document_.version());
  if (version > document_.version()) {
    return reply_error(
        request, {ot::Errc::version_ahead, "Requested version exceeds latest snapshot version"});
  }
  read_past(request, version);
}

void DocumentActor::on(const DocRequest& request, const ot::SnapshotByTime& by_time) {
  const auto newest = static_cast<double>(document_.time_ms());
  if (!by_time.time_ms || *by_time.time_ms >= newest) {
    return read_past(request, document_.version());
  }
  if (request.client->has_ended()) {
    return;
  }
  block(request);
  const auto time_ms = static_cast<std::int64_t>(*by_time.time_ms);
  auto version = std::make_shared<ot::Result<ot::Version>>();
  show_when_durable(request.client, [self = shared_from_this(), request, time_ms, version] {
    self->host_.read([version, id = self->id_,
                      time_ms](const oplog::OpLog& log) { *version = log.version_at(id, time_ms); },
                     [self, request, version] {
                       if (*version) {
                         return self->read_past(request, **version);
                       }
                       self->reply_error(request, version->error());
                       self->unblock(request);
                     });
  });
}

void DocumentActor::read_past(const DocRequest& request, ot::Version version) {
  if (version == document_.version() && !document_.unknown_type()) {
    reply_past(request, document_.snapshot());
    return unblock(request);
  }
  if (request.client->has_ended()) {
    return unblock(request);
  }
  block(request);
  auto past = std::make_shared<std::optional<ot::Result<Rebuilt>>>();
  show_when_durable(request.client, [self = shared_from_this(), request, version, past] {
    self->host_.read(
        [past, id = self->id_, version, limits = self->host_.limits().document,
         types = self->host_.types()](const oplog::OpLog& log) {
          *past = rebuild(log, id, version, limits, types);
        },
        [self, request, past] {
          const ot::Result<Rebuilt>& rebuilt = **past;
          if (!rebuilt || rebuilt->document.unknown_type()) {
            self->reply_error(request, rebuilt ? unknown_type : rebuilt.error());
          } else {
            self->reply_past(request, rebuilt->document.snapshot());
          }
          self->unblock(request);
        });
  });
}

void DocumentActor::reply_past(const DocRequest& request, ot::Snapshot snapshot) {
  auto seen = seen_by(request, std::move(snapshot));
  if (!seen) {
    return reply_error(request, seen.error());
  }
  show_when_durable(request.client, [self = shared_from_this(), request, seen = *seen] {
    if (request.answer) {
      return self->answer(request, seen);
    }
    self->send(request.client, Frame::text(ot::past_snapshot_reply(request.message, seen)));
  });
}

// ---- showing

void DocumentActor::show_when_durable(const std::shared_ptr<Client>& client,
                                      std::function<void()> show) {
  if (state_ == State::failed) {
    if (client != nullptr) {
      host_.post(client->worker(), [client] { client->close(try_again_later); });
    }
    return;
  }
  if (waiting_.empty() && durable_ == document_.version()) {
    return show();
  }
  waiting_.push_back({document_.version(), client, std::move(show)});
}

void DocumentActor::show_durable() {
  while (!waiting_.empty() && waiting_.front().needs <= durable_) {
    const auto show = std::move(waiting_.front().show);
    waiting_.pop_front();
    show();
  }
}

void DocumentActor::reply_snapshot(const DocRequest& request) {
  if (document_.unknown_type()) {
    return reply_error(request, unknown_type);
  }
  auto seen = seen_by(request, document_.snapshot());
  if (!seen) {
    return reply_error(request, seen.error());
  }
  show_when_durable(request.client, [self = shared_from_this(), request, seen = *seen] {
    if (request.answer) {
      return self->answer(request, seen);
    }
    if (request.bulk) {
      return self->send_part(request, ot::snapshot_text(seen));
    }
    self->send(request.client, Frame::text(ot::snapshot_reply(request.message, seen)));
  });
}

void DocumentActor::reply_plain(const DocRequest& request) {
  show_when_durable(request.client,
                    [self = shared_from_this(), request] { self->reply_plain_now(request); });
}

void DocumentActor::reply_plain_now(const DocRequest& request) {
  if (request.then) {
    return host_.post_last(request.then_worker, request.then);
  }
  if (request.bulk) {
    return send_part(request, "");
  }
  send(request.client, Frame::text(ot::plain_reply(request.message)));
}

void DocumentActor::reply_error(const DocRequest& request, const ot::Error& error) {
  show_when_durable(request.client, [self = shared_from_this(), request, error] {
    if (request.answer) {
      return self->answer(request, error);
    }
    if (request.then) {
      return self->host_.post_last(request.then_worker, request.then);
    }
    if (request.bulk) {
      return self->send_part(request, "{\"error\":" + ot::error_text(error) + "}");
    }
    self->send(request.client, Frame::text(ot::error_reply(request.message, error)));
  });
}

void DocumentActor::send(const std::shared_ptr<Client>& client, Frame frame) {
  host_.post(client->worker(), [client, frame = std::move(frame)] { client->deliver(frame); });
}

void DocumentActor::answer(const DocRequest& request, DocAnswer value) {
  host_.post(request.client->worker(),
             [answer = request.answer, value = std::move(value)] { answer(value); });
}

void DocumentActor::send_part(const DocRequest& request, std::string text) {
  host_.post(request.client->worker(),
             [client = request.client, bulk = request.bulk, id = id_.id, text = std::move(text)] {
               client->deliver_part(bulk, id, text);
             });
}

void DocumentActor::send_ops(const DocRequest& request, const OpList& ops) {
  if (!ops.empty()) {
    send(request.client, ops_frame(ops, request.projection));
  }
}

Frame DocumentActor::ops_frame(const OpList& ops, const ot::Projection* projection) const {
  std::string bytes;
  for (const ot::CommittedOpPtr& op : ops) {
    append_text_frame(op_text(*op, projection), bytes);
  }
  return Frame::raw(std::move(bytes));
}

std::string DocumentActor::op_text(const ot::CommittedOp& op,
                                   const ot::Projection* projection) const {
  if (projection == nullptr) {
    return ot::op_message(id_, op);
  }
  return ot::op_message({projection->name, id_.id}, projection->project(op));
}

ot::Result<ot::Snapshot> DocumentActor::seen_by(const DocRequest& request,
                                                ot::Snapshot snapshot) const {
  return request.projection != nullptr ? request.projection->project(std::move(snapshot))
                                       : std::move(snapshot);
}

}  // namespace segue::server
