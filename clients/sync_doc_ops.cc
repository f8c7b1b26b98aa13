// The half of SyncDoc that meets the server's ops: acks, refusals, and what others did.

#include <algorithm>
#include <utility>

#include "clients/reading.h"
#include "clients/sync_doc.h"

namespace segue::client {

namespace {

Refusal refusal(const ot::Error& error) {
  return {std::string(ot::errc_name(error.code)), error.detail};
}

bool has_contents(const ot::Json& message) {
  return message.find("op") != nullptr || message.find("create") != nullptr ||
         message.find("del") != nullptr;
}

}  // namespace

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
    auto parsed = server_type_->parse_committed(*op);
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
