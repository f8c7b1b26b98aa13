// The part of DocumentActor that is about leases: who gets one, which ops they refuse, and who is
// told. What is told of one waits for the ops before its version, as everything does.

#include <algorithm>
#include <map>
#include <utility>

#include "oplog/op_log.h"
#include "ot/json_text.h"
#include "ot/reply.h"
#include "server/document_actor.h"
#include "server/document_work.h"

namespace segue::server {

namespace {

LeaseHolder holder_of(const DocRequest& request) {
  // A request over HTTP has a client of its own, which ends with the answer.
  return {request.src, request.rights ? request.rights->author() : "",
          request.answer ? nullptr : request.client};
}

// A last key may be missing in its object.
bool is_there(const ot::Json& data, const ot::Json& path) {
  const ot::Json* at = &data;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i].is_string()) {
      if (at == nullptr || !at->is_object()) {
        return false;
      }
      at = at->find(path[i].str());
    } else {
      const double index = path[i].number();
      if (at == nullptr || !at->is_array() || !(index >= 0) ||
          index >= static_cast<double>(at->size())) {
        return false;
      }
      at = &(*at)[static_cast<std::size_t>(index)];
    }
  }
  return true;
}

bool shows(const ot::Projection* projection, const ot::Json& path) {
  return projection == nullptr ||
         (path.size() > 0 && path[0].is_string() && projection->shows(path[0].str()));
}

std::string gone_text(const Lease& lease, std::string_view why) {
  std::string out = R"({"id":)";
  ot::print_json_string(lease.id, out);
  return out + R"(,"gone":")" + std::string(why) + "\"}";
}

}  // namespace

// ---- requests

void DocumentActor::on(const DocRequest& request, const ot::LeaseTake& take) {
  expire_leases();
  auto wanted = wanted_lease(request, take);
  if (!wanted) {
    return reply_error(request, wanted.error());
  }
  if (const Lease* other = leases_.in_the_way(wanted->path, wanted->holder)) {
    return reply_leased(request, *other);
  }
  if (leases_.size() >= host_.limits().document_leases_max) {
    return reply_error(request, {ot::Errc::too_large, "Too many leases of this document"});
  }
  const Lease& lease = leases_.take(std::move(*wanted));
  watch_lease_ends();
  reply_lease(request, lease_text(lease));
  tell_lease(lease, request.client.get());
}

void DocumentActor::on(const DocRequest& request, const ot::LeaseRenew& renew) {
  expire_leases();
  const auto own = own_lease(request, renew.lease);
  if (!own) {
    return reply_error(request, own.error());
  }
  LeaseHolder holder = holder_of(request);
  if (request.answer) {
    holder.src = (*own)->holder.src;  // Over HTTP the id is enough.
  }
  const Lease& lease =
      leases_.renew(renew.lease, std::move(holder), request.lease_mark, lease_end(renew.ttl_ms));
  watch_lease_ends();
  reply_lease(request, lease_text(lease));
}

void DocumentActor::on(const DocRequest& request, const ot::LeaseRelease& release) {
  expire_leases();
  if (const auto own = own_lease(request, release.lease); !own) {
    return reply_error(request, own.error());
  }
  const auto gone = leases_.release(release.lease);
  reply_lease(request, "");
  tell_gone(gone, "released");
}

void DocumentActor::on(const DocRequest& request, const ListLeases&) {
  expire_leases();
  std::string text =
      R"({"version":)" + std::to_string(document_.version().value) + R"(,"leases":[)";
  for (const Lease& lease : leases_.all()) {
    if (shows(request.projection, lease.path)) {
      text += (text.back() == '[' ? "" : ",") + lease_text(lease);
    }
  }
  reply_lease(request, text + "]}");
}

ot::Result<Lease> DocumentActor::wanted_lease(const DocRequest& request,
                                              const ot::LeaseTake& take) {
  const ot::Snapshot now = document_.snapshot();
  if (document_.unknown_type()) {
    return ot::fail(unknown_type);
  }
  if (now.type == nullptr) {
    return ot::fail(ot::Errc::doc_does_not_exist, "Document does not exist");
  }
  const auto hold = now.type->hold_of(take.path);
  if (!hold) {
    return ot::fail(hold.error());
  }
  auto path = current_path(take);
  if (!path) {
    return ot::fail(std::move(path.error()));
  }
  if (!is_there(now.data, *path)) {
    return ot::fail(ot::Errc::op_not_applied, "There is nothing at this path");
  }
  if (!shows(request.projection, *path)) {
    return ot::fail(ot::Errc::op_not_allowed_in_projection, "The path is not in the projection");
  }
  const bool exclusive = *hold == ot::Hold::exclusive || host_.leases_exclusively(id_.collection);
  return Lease{std::to_string(host_.now_ms()) + '-' + std::to_string(leases_given_++),
               std::move(*path),
               holder_of(request),
               take.name,
               exclusive ? ot::Hold::exclusive : ot::Hold::advisory,
               lease_end(take.ttl_ms),
               request.lease_mark};
}

// Over the ops since its version.
ot::Result<ot::Json> DocumentActor::current_path(const ot::LeaseTake& take) const {
  const ot::Version from = take.version.value_or(document_.version());
  if (from > document_.version()) {
    return ot::fail(ot::Errc::version_ahead, "The document has not come to this version");
  }
  const ot::Error moved_on{ot::Errc::version_conflict,
                           "The document has changed since; read it again"};
  if (from < document_.history().begin()) {
    return ot::fail(moved_on);
  }
  const ot::Lineage lineage = document_.lineage();
  ot::Json path = take.path;
  for (const ot::CommittedOpPtr& op : document_.history().range(from, document_.version())) {
    if (op->kind == ot::OpKind::noop) {
      continue;
    }
    const auto edit = lineage.decoded(*op);
    auto traced = op->kind == ot::OpKind::edit && edit ? lineage.type->trace(path, *edit)
                                                       : ot::Result<ot::Traced>();
    if (!traced || traced->path.is_null()) {
      return ot::fail(moved_on);
    }
    path = std::move(traced->path);
  }
  return path;
}

std::int64_t DocumentActor::lease_end(std::optional<std::uint64_t> ttl_ms) const {
  const Limits& limits = host_.limits();
  const auto longest = static_cast<std::uint64_t>(limits.lease_ttl_max.count());
  const auto usual = static_cast<std::uint64_t>(limits.lease_ttl.count());
  return host_.steady_ms() + static_cast<std::int64_t>(std::min(ttl_ms.value_or(usual), longest));
}

// Without keys nobody's name is proved, so whoever knows the id may have it.
ot::Result<const Lease*> DocumentActor::own_lease(const DocRequest& request,
                                                  const std::string& id) const {
  const Lease* lease = leases_.find(id);
  if (lease == nullptr || !shows(request.projection, lease->path)) {
    return ot::fail(ot::Errc::lease_gone, "There is no such lease, or it has ended");
  }
  if (lease->holder.author != (request.rights ? request.rights->author() : "")) {
    return ot::fail(ot::Errc::forbidden, "The lease is another author's");
  }
  return lease;
}

// ---- ops

const Lease* DocumentActor::refusing_lease(const SubmitWork& work,
                                           const ot::PendingOp& pending) const {
  if (leases_.empty()) {
    return nullptr;
  }
  LeaseHolder holder = holder_of(work.request);
  holder.src = pending.submission.src;
  return leases_.refusing(document_.lineage().type, pending.submission.kind, pending.op, holder);
}

void DocumentActor::carry_leases(const ot::CommittedOp& op) {
  if (leases_.empty()) {
    return;
  }
  const auto carried = leases_.carry(document_.lineage().type, op.kind, op.op);
  for (const Lease& lease : carried.moved) {
    tell_lease(lease, nullptr);
  }
  tell_gone(carried.removed, "removed");
}

// ---- time

void DocumentActor::expire_leases() {
  if (!leases_.empty()) {
    tell_gone(leases_.expire(host_.steady_ms()), "expired");
  }
}

void DocumentActor::watch_lease_ends() {
  const auto next = leases_.next_end();
  if (!next) {
    return lease_alarm_.reset();
  }
  lease_alarm_ = host_.call_at(*next, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) {
      self->expire_leases();
      self->watch_lease_ends();
    }
  });
}

// ---- telling

std::string DocumentActor::lease_text(const Lease& lease) const {
  std::string out = R"({"id":)";
  ot::print_json_string(lease.id, out);
  out += ",\"path\":" + ot::json_text(lease.path);
  out += ",\"v\":" + std::to_string(document_.version().value);
  out += ",\"src\":";
  ot::print_json_string(lease.holder.src.value, out);
  out += ",\"author\":";
  ot::print_json_string(lease.holder.author.empty() ? oplog::anonymous : lease.holder.author, out);
  if (!lease.name.empty()) {
    out += ",\"name\":";
    ot::print_json_string(lease.name, out);
  }
  out += lease.hold == ot::Hold::exclusive ? ",\"exclusive\":true" : ",\"exclusive\":false";
  const std::int64_t until_ms = host_.now_ms() + lease.ends_ms - host_.steady_ms();
  return out + ",\"until_ms\":" + std::to_string(until_ms) + '}';
}

void DocumentActor::tell_lease(const Lease& lease, const Client* but) {
  broadcast_lease(lease.path, lease_text(lease), but);
}

void DocumentActor::tell_gone(const std::vector<Lease>& leases, std::string_view why) {
  for (const Lease& lease : leases) {
    broadcast_lease(lease.path, gone_text(lease, why), nullptr);
  }
}

void DocumentActor::broadcast_lease(const ot::Json& path, std::string text, const Client* but) {
  if (audience_.empty()) {
    return;
  }
  show_when_durable(nullptr, [self = shared_from_this(), path, text = std::move(text), but] {
    const auto& lists = self->audience_.by_worker(self->host_.workers());
    std::map<const ot::Projection*, Frame> frames;
    for (const ot::Projection* projection : self->audience_.projections()) {
      if (shows(projection, path)) {
        frames.emplace(projection, self->lease_frame(text, projection));
      }
    }
    for (std::size_t worker = 0; worker < lists.size(); ++worker) {
      if (lists[worker] == nullptr) {
        continue;
      }
      self->host_.post(worker, [list = lists[worker], frames, but] {
        for (const Subscriber& subscriber : *list) {
          const auto frame = frames.find(subscriber.projection);
          if (subscriber.knows_leases && subscriber.client.get() != but && frame != frames.end()) {
            subscriber.client->deliver(frame->second);
          }
        }
      });
    }
  });
}

Frame DocumentActor::lease_frame(const std::string& text, const ot::Projection* projection) const {
  const ot::DocId seen_as{projection != nullptr ? projection->name : id_.collection, id_.id};
  return Frame::text(ot::lease_message(seen_as, text));
}

// Not a client that has gone: its Leave may have come while the document was not in memory.
void DocumentActor::subscribe(const DocRequest& request) {
  if (request.client->has_ended()) {
    return;
  }
  audience_.add(
      {request.client, request.src, document_.version(), request.projection, request.knows_leases});
}

// To somebody who has just subscribed.
void DocumentActor::show_leases(const DocRequest& request) {
  if (!request.knows_leases) {
    return;
  }
  for (const Lease& lease : leases_.all()) {
    if (shows(request.projection, lease.path)) {
      show_when_durable(request.client,
                        [self = shared_from_this(), client = request.client,
                         frame = lease_frame(lease_text(lease), request.projection)] {
                          self->send(client, frame);
                        });
    }
  }
}

void DocumentActor::reply_lease(const DocRequest& request, std::string text) {
  show_when_durable(request.client, [self = shared_from_this(), request, text = std::move(text)] {
    if (request.answer) {
      return self->answer(request, LeaseAnswer{text});
    }
    self->send(request.client, Frame::text(ot::lease_reply(request.message, text)));
  });
}

// An op is final once it is answered by an error, unless its author knows of leases.
void DocumentActor::reply_leased(const DocRequest& request, const Lease& other) {
  const std::string& who = !other.name.empty()           ? other.name
                           : other.holder.author.empty() ? other.holder.src.value
                                                         : other.holder.author;
  const ot::Error error{ot::Errc::leased, ot::json_text(other.path) + " is leased to " + who};
  std::string lease = lease_text(other);
  const bool retry = request.knows_leases && std::holds_alternative<ot::Submit>(request.what);
  show_when_durable(
      request.client, [self = shared_from_this(), request, error, retry, lease = std::move(lease)] {
        if (request.answer) {
          return self->answer(request, LeaseAnswer{lease, true});
        }
        const std::string more = ",\"lease\":" + lease + (retry ? ",\"retry\":true" : "");
        self->send(request.client, Frame::text(ot::error_reply(request.message, error, more)));
      });
}

}  // namespace segue::server
