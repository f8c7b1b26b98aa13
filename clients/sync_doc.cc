#include "clients/sync_doc.h"

#include <algorithm>
#include <utility>

#include "ot/assert.h"
#include "ot/reply.h"

namespace segue::client {

namespace {

std::optional<std::uint64_t> whole_number(const ot::Json* value) {
  constexpr double end = 9007199254740992.0;  // 2^53
  if (value == nullptr || !value->is_number()) {
    return std::nullopt;
  }
  const double number = value->number();
  if (!(number >= 0 && number < end)) {
    return std::nullopt;
  }
  const auto whole = static_cast<std::uint64_t>(number);
  return static_cast<double>(whole) == number ? std::optional(whole) : std::nullopt;
}

std::string string_or_empty(const ot::Json* value) {
  return value != nullptr && value->is_string() ? value->str() : std::string();
}

Refusal refusal(const ot::Error& error) {
  return {std::string(ot::errc_name(error.code)), error.detail};
}

bool is_version_ahead(const Refusal& refusal) {
  return refusal.code == ot::errc_name(ot::Errc::version_ahead);
}

bool has_contents(const ot::Json& message) {
  return message.find("op") != nullptr || message.find("create") != nullptr ||
         message.find("del") != nullptr;
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
  fetch_reported_ = fetch_reported_ || std::exchange(fetch_wanted_, false);
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

// ---- ops

void SyncDoc::on_op(const ot::Json& message) {
  if (const ot::Json* error = message.find("error")) {
    return on_op_refused(
        message, {string_or_empty(error->find("code")), string_or_empty(error->find("message"))});
  }
  const auto v = whole_number(message.find("v"));
  if (!v) {
    return;
  }
  const ot::Version version{*v};
  const Name name{{string_or_empty(message.find("src"))},
                  {whole_number(message.find("seq")).value_or(0)}};
  if (in_flight_ && name == Name{in_flight_->src, in_flight_->seq}) {
    return on_ack(version);
  }
  exists_ = std::max(exists_, version + 1);
  if (!has_contents(message) && std::erase(given_up_, name) > 0) {
    return catch_up();  // It was committed after all, and what it did is not told.
  }
  if (version_ == version) {
    return on_remote(version, message);
  }
  snapshot_wanted_ = snapshot_wanted_ || !version_;
  catch_up();
}

void SyncDoc::on_ack(ot::Version version) {
  exists_ = std::max(exists_, version + 1);
  const bool in_place = version_ ? *version_ == version : in_flight_->kind == ot::OpKind::create;
  if (!in_place) {
    return catch_up();  // The op comes again among those that are missing.
  }
  version_ = version + 1;
  if (in_flight_->kind == ot::OpKind::create) {
    server_type_ = in_flight_->type;
  } else if (in_flight_->kind == ot::OpKind::remove) {
    server_type_ = nullptr;
  }
  const Local acknowledged = *std::exchange(in_flight_, std::nullopt);
  snapshot_wanted_ = false;
  tell(Acknowledged{version, acknowledged.src, acknowledged.seq, acknowledged.edits});
  catch_up();
}

void SyncDoc::on_op_refused(const ot::Json& message, const Refusal& refusal) {
  const auto seq = whole_number(message.find("seq"));
  if (!seq) {
    return;
  }
  if (in_flight_ && in_flight_->seq == ot::Seq{*seq}) {
    if (undo_in_flight()) {
      return tell(Rejected{refusal, std::exchange(in_flight_, std::nullopt)->edits});
    }
    start_over(refusal);
  }
  // It was judged, so no ack can come any more.
  std::erase_if(given_up_, [&](const Name& name) { return name.seq == ot::Seq{*seq}; });
}

// Takes the op in flight back from data(), as if somebody else had undone it.
ot::Result<void> SyncDoc::undo_in_flight() {
  if (in_flight_->kind != ot::OpKind::edit) {
    return ot::fail(ot::Errc::unsupported, "Only edits can be undone");
  }
  auto inverse = in_flight_->type->invert(in_flight_->op);
  if (!inverse) {
    return ot::fail(std::move(inverse.error()));
  }
  Remote undo{ot::OpKind::edit, in_flight_->type, std::move(*inverse)};
  for (Local& local : waiting_) {
    if (auto passed = pass(local, undo); !passed) {
      return passed;
    }
  }
  return apply(undo);
}

void SyncDoc::on_remote(ot::Version version, const ot::Json& message) {
  auto remote = decode(message);
  if (!remote) {
    return start_over(refusal(remote.error()));
  }
  if (remote->kind == ot::OpKind::create || remote->kind == ot::OpKind::remove) {
    server_type_ = remote->type;
  }
  if (auto passed = pass_local_edits(*remote); !passed) {
    return start_over(refusal(passed.error()));
  }
  if (auto applied = apply(*remote); !applied) {
    return start_over(refusal(applied.error()));
  }
  version_ = version + 1;
  tell(RemoteOp{version,
                {string_or_empty(message.find("src"))},
                {whole_number(message.find("seq")).value_or(0)}});
}

ot::Result<SyncDoc::Remote> SyncDoc::decode(const ot::Json& message) const {
  Remote remote;
  if (const ot::Json* op = message.find("op")) {
    if (server_type_ == nullptr) {
      return ot::fail(ot::Errc::doc_does_not_exist, "An edit of a document that does not exist");
    }
    auto parsed = server_type_->parse(*op);
    if (!parsed) {
      return ot::fail(std::move(parsed.error()));
    }
    remote = {ot::OpKind::edit, server_type_, std::move(*parsed)};
  } else if (const ot::Json* create = message.find("create")) {
    remote.kind = ot::OpKind::create;
    remote.type = channel_.find_type(string_or_empty(create->find("type")));
    remote.data = create->find("data");
    if (remote.type == nullptr) {
      return ot::fail(ot::Errc::doc_type_not_recognized, "The document's type is not known here");
    }
  } else if (message.find("del") != nullptr) {
    remote.kind = ot::OpKind::remove;
  }
  return remote;
}

ot::Result<void> SyncDoc::pass_local_edits(Remote& remote) {
  if (in_flight_) {
    if (auto passed = pass(*in_flight_, remote); !passed) {
      return passed;
    }
  }
  for (Local& local : waiting_) {
    if (auto passed = pass(local, remote); !passed) {
      return passed;
    }
  }
  return {};
}

// Rewrites each as it must be after the other. What was committed earlier goes right, since the
// server will take the local op as left.
ot::Result<void> SyncDoc::pass(Local& local, Remote& remote) {
  if (local.kind == ot::OpKind::remove) {
    remote = Remote();  // Whatever it did is deleted.
    return {};
  }
  if (remote.kind == ot::OpKind::noop) {
    return {};
  }
  if (remote.kind == ot::OpKind::remove) {
    return ot::fail(ot::Errc::doc_was_deleted, "Document was deleted");
  }
  if (remote.kind == ot::OpKind::create || local.kind == ot::OpKind::create) {
    return ot::fail(ot::Errc::doc_already_created, "Document was created remotely");
  }
  if (local.type != remote.type) {
    return ot::fail(ot::Errc::op_not_applied, "Ops of different types");
  }
  auto ours = local.type->transform(local.op, remote.op, ot::Side::left);
  if (!ours) {
    return ot::fail(std::move(ours.error()));
  }
  auto theirs = local.type->transform(remote.op, local.op, ot::Side::right);
  if (!theirs) {
    return ot::fail(std::move(theirs.error()));
  }
  local.op = std::move(*ours);
  remote.op = std::move(*theirs);
  return {};
}

ot::Result<void> SyncDoc::apply(const Remote& remote) {
  switch (remote.kind) {
    case ot::OpKind::create: {
      auto created = remote.type->create(remote.data);
      if (!created) {
        return ot::fail(std::move(created.error()));
      }
      type_ = remote.type;
      data_ = std::move(*created);
      return {};
    }
    case ot::OpKind::edit:
      if (type_ != remote.type) {
        return ot::fail(ot::Errc::op_not_applied, "An edit of another type");
      }
      return type_->apply(data_, remote.op);
    case ot::OpKind::remove:
      type_ = nullptr;
      data_ = ot::Json();
      return {};
    case ot::OpKind::noop:
      return {};
  }
  return {};
}

// Gives up what is here, edits included, for the server's present state.
void SyncDoc::start_over(const Refusal& why) {
  const std::size_t edits = edits_pending();
  if (in_flight_) {
    given_up_.push_back({in_flight_->src, in_flight_->seq});
  }
  in_flight_.reset();
  waiting_.clear();
  version_.reset();
  type_ = nullptr;
  server_type_ = nullptr;
  data_ = ot::Json();
  exists_ = {};
  snapshot_wanted_ = true;
  tell(Rejected{why, edits});
  catch_up();
}

}  // namespace segue::client
