#include "clients/sync_doc.h"

#include <algorithm>
#include <utility>

#include "clients/reading.h"
#include "ot/assert.h"
#include "ot/reply.h"

namespace segue::client {

namespace {

bool is_version_ahead(const Refusal& refusal) {
  return refusal.code == ot::errc_name(ot::Errc::version_ahead);
}

}  // namespace

std::size_t SyncDoc::edits_pending() const {
  std::size_t edits = in_flight_ ? in_flight_->edits : 0;
  for (const Local& local : waiting_) {
    edits += local.edits;
  }
  return edits;
}

bool SyncDoc::settled() const {
  const bool subscription_settled =
      subscription_ == (wanted_ ? Subscription::on : Subscription::off);
  return !in_flight_ && waiting_.empty() && subscription_settled && fetches_ == 0 &&
         !fetch_wanted_ && !snapshot_wanted_ && version_.value_or(ot::Version{}) >= exists_;
}

// ---- local edits

ot::Result<void> SyncDoc::create(std::string_view type, std::optional<ot::Json> data) {
  const ot::AnyType* found = channel_.find_type(type);
  if (found == nullptr) {
    return ot::fail(ot::Errc::doc_type_not_recognized, "Unknown type " + std::string(type));
  }
  if (type_ != nullptr) {
    return ot::fail(ot::Errc::doc_already_created, "The document exists");
  }
  auto created = found->create(data ? &*data : nullptr);
  if (!created) {
    return ot::fail(std::move(created.error()));
  }
  type_ = found;
  data_ = std::move(*created);
  push(Local{ot::OpKind::create, found, {}, std::move(data)});
  return {};
}

ot::Result<void> SyncDoc::edit(const ot::Json& op) {
  if (type_ == nullptr) {
    return ot::fail(ot::Errc::doc_does_not_exist, "The document does not exist");
  }
  auto parsed = type_->parse(op);
  if (!parsed) {
    return ot::fail(std::move(parsed.error()));
  }
  if (auto applied = type_->apply(data_, *parsed); !applied) {
    return applied;
  }
  push(Local{ot::OpKind::edit, type_, std::move(*parsed), {}});
  return {};
}

ot::Result<void> SyncDoc::remove() {
  if (type_ == nullptr) {
    return ot::fail(ot::Errc::doc_does_not_exist, "The document does not exist");
  }
  type_ = nullptr;
  data_ = ot::Json();
  push(Local{ot::OpKind::remove, nullptr, {}, {}});
  return {};
}

void SyncDoc::push(Local op) {
  if (!compose_into_last(op)) {
    waiting_.push_back(std::move(op));
  }
}

bool SyncDoc::compose_into_last(const Local& op) {
  if (!channel_.compose || waiting_.empty() || op.kind != ot::OpKind::edit ||
      waiting_.back().kind != ot::OpKind::edit) {
    return false;
  }
  Local& last = waiting_.back();
  OT_ASSERT(last.type == op.type);
  auto composed = op.type->compose(last.op, op.op);
  if (!composed) {
    return false;  // Types may refuse; the op then goes alone.
  }
  last.op = std::move(*composed);
  last.edits += op.edits;
  return true;
}

void SyncDoc::flush() {
  if (!channel_.open || in_flight_ || waiting_.empty()) {
    return;
  }
  in_flight_ = std::move(waiting_.front());
  waiting_.pop_front();
  in_flight_->src = channel_.src;
  in_flight_->seq = channel_.seq_next;
  ++channel_.seq_next.value;
  send_in_flight(false);
}

void SyncDoc::send_in_flight(bool again) {
  OutgoingOp out;
  out.kind = in_flight_->kind;
  out.version = version_;
  out.seq = in_flight_->seq;
  out.resent_as = again ? &in_flight_->src : nullptr;
  ot::Json value;
  if (in_flight_->kind == ot::OpKind::create) {
    out.type = in_flight_->type->uri;
    out.value = in_flight_->data ? &*in_flight_->data : nullptr;
  } else if (in_flight_->kind == ot::OpKind::edit) {
    value = in_flight_->type->to_json(in_flight_->op);
    out.value = &value;
  }
  send(op_request(id_, out));
}

// ---- the connection

void SyncDoc::on_open() {
  if (in_flight_) {
    send_in_flight(true);
  }
  flush();
}

void SyncDoc::on_lost() {
  subscription_ = Subscription::off;
  fetches_ = 0;
  fetch_wanted_ = fetch_wanted_ || fetch_reported_;
  fetch_reported_ = false;
  given_up_.clear();
}

void SyncDoc::subscribe() {
  wanted_ = true;
  if (channel_.open && subscription_ == Subscription::off) {
    ask_subscription();
  }
}

void SyncDoc::ask_subscription() {
  subscription_ = Subscription::asked;
  send(doc_request("s", id_, version_));
}

void SyncDoc::ask_again() {
  if (subscription_ == Subscription::asked) {
    ask_subscription();
  }
}

// One request is under way at a time: servers may answer them in any order.
void SyncDoc::unsubscribe() {
  wanted_ = false;
  if (subscription_ == Subscription::on) {
    subscription_ = Subscription::leaving;
    send(doc_request("u", id_));
  }
}

void SyncDoc::fetch() {
  fetch_wanted_ = true;
  catch_up();
}

void SyncDoc::catch_up() {
  if (!channel_.open || fetches_ > 0) {
    return;
  }
  // A document that was created here, unseen, cannot be fetched before its create is judged.
  const bool behind =
      version_ ? *version_ < exists_ : snapshot_wanted_ && !in_flight_ && waiting_.empty();
  if (!behind && !fetch_wanted_) {
    return;
  }
  fetch_reported_ = std::exchange(fetch_wanted_, false) || fetch_reported_;
  ++fetches_;
  send(doc_request("f", id_, version_));
}

// ---- replies

void SyncDoc::on_fetched(const ot::Json* snapshot, const Refusal* refusal) {
  fetches_ -= std::min<std::size_t>(fetches_, 1);
  if (refusal != nullptr && is_version_ahead(*refusal)) {
    start_over(*refusal);
  } else if (refusal != nullptr) {
    exists_ = version_.value_or(ot::Version{});
    snapshot_wanted_ = false;
    fetch_reported_ = false;
    return tell(Failed{*refusal});
  } else if (snapshot != nullptr) {
    on_snapshot(*snapshot);
  }
  catch_up();
  if (fetches_ == 0 && std::exchange(fetch_reported_, false)) {
    tell(Fetched{});
  }
}

void SyncDoc::on_subscribed(const ot::Json* snapshot, const Refusal* refusal) {
  if (subscription_ != Subscription::asked) {
    return;
  }
  if (refusal != nullptr) {
    subscription_ = Subscription::off;
    if (!is_version_ahead(*refusal)) {
      wanted_ = false;
      return tell(Failed{*refusal});
    }
    start_over(*refusal);
    return wanted_ ? ask_subscription() : void();
  }
  subscription_ = Subscription::on;
  if (snapshot != nullptr) {
    on_snapshot(*snapshot);
  }
  if (!wanted_) {
    unsubscribe();
  }
  catch_up();
}

void SyncDoc::on_unsubscribed() {
  if (subscription_ != Subscription::leaving) {
    return;
  }
  subscription_ = Subscription::off;
  if (wanted_) {
    ask_subscription();
  }
}

// Where there is a document already its edits need the ops in between, not the result.
void SyncDoc::on_snapshot(const ot::Json& snapshot) {
  const auto v = whole_number(snapshot.find("v"));
  if (!v) {
    return;
  }
  exists_ = std::max(exists_, ot::Version{*v});
  if (type_ != nullptr || in_flight_ || !waiting_.empty() ||
      (version_ && *version_ >= ot::Version{*v})) {
    return;
  }
  const ot::Json* type = snapshot.find("type");
  const ot::AnyType* found = nullptr;
  if (type == nullptr || !type->is_null()) {
    found =
        channel_.find_type(type == nullptr ? std::string(ot::json0_uri) : string_or_empty(type));
    if (found == nullptr) {
      snapshot_wanted_ = false;
      return tell(Failed{{"ERR_DOC_TYPE_NOT_RECOGNIZED", "The document's type is not known here"}});
    }
  }
  const ot::Json* data = snapshot.find("data");
  version_ = ot::Version{*v};
  type_ = found;
  server_type_ = found;
  data_ = found != nullptr && data != nullptr ? *data : ot::Json();
  snapshot_wanted_ = false;
  tell(Loaded{});
}

}  // namespace segue::client
