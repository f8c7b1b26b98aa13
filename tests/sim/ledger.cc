#include "tests/sim/ledger.h"

#include <algorithm>
#include <array>
#include <optional>

#include "ot/builtin_types.h"
#include "ot/json_text.h"
#include "ot/reply.h"
#include "server/rebuild.h"
#include "tests/sim/core.h"
#include "tests/sim/reading.h"

namespace segue::sim {

namespace {

std::string at(const ot::DocId& doc, ot::Version version) {
  return doc.str() + " at version " + std::to_string(version.value);
}

ot::Version version_in(const ot::Json& message) {
  const auto version = number_at(message, "v");
  if (!version) {
    throw Violation("S5/G5 one order: no version in " + ot::json_text(message));
  }
  return {*version};
}

// `type` is a URI, null where there is no document, absent for json0.
ot::Snapshot snapshot_in(const ot::Json& message, bool json0_has_type) {
  ot::Snapshot snapshot{version_in(message), nullptr, {}};
  const ot::Json* type = message.find("type");
  if (type == nullptr && !json0_has_type) {
    snapshot.type = ot::find_type("json0");
  } else if (type != nullptr && type->is_string()) {
    snapshot.type = ot::find_type(type->str());
  }
  if (const ot::Json* data = message.find("data")) {
    snapshot.data = *data;
  }
  return snapshot;
}

bool same(const ot::Snapshot& a, const ot::Snapshot& b) {
  return a.version == b.version && a.type == b.type && a.data == b.data;
}

}  // namespace

const Ledger::Document& Ledger::document(const ot::DocId& doc) const {
  static const Document never_created{{}, {}, {ot::Snapshot{}}, {}};
  const auto found = documents_.find(doc);
  return found == documents_.end() ? never_created : found->second;
}

ot::Version Ledger::head(const ot::DocId& doc) const {
  return ot::Version{document(doc).entries.size()};
}

const ot::Snapshot& Ledger::state(const ot::DocId& doc, ot::Version version) const {
  return document(doc).states.at(version.value);
}

const oplog::Entry& Ledger::entry(const ot::DocId& doc, ot::Version version) const {
  return document(doc).entries.at(version.value);
}

// ---- the log

void Ledger::before_append(std::span<const oplog::Entry> entries) const {
  std::map<ot::DocId, std::uint64_t> heads;
  std::set<std::pair<ot::DocId, std::pair<std::string, std::uint64_t>>> names;
  for (const oplog::Entry& entry : entries) {
    std::uint64_t& next = heads.try_emplace(entry.doc, head(entry.doc).value).first->second;
    if (entry.version.value != next++) {
      throw Violation("S3/G5 versions are dense: the log is given " + at(entry.doc, entry.version) +
                      " where " + std::to_string(next - 1) + " comes next");
    }
    const std::pair name(entry.src.value, entry.seq.value);
    const auto& known = document(entry.doc).names;
    if (known.count(name) > 0 || !names.insert({entry.doc, name}).second) {
      throw Violation("S4/G3 exactly once: " + entry.src.value + "/" +
                      std::to_string(entry.seq.value) + " is committed again, " +
                      at(entry.doc, entry.version));
    }
  }
}

void Ledger::appended(std::span<const oplog::Entry> entries) {
  for (const oplog::Entry& entry : entries) {
    Document& document = documents_[entry.doc];
    if (document.states.empty()) {
      document.states.emplace_back();
    }
    ot::Snapshot next = document.states.back();
    check_intent(entry, next.data);
    const auto payload = ot::parse_json(entry.payload.empty() ? "null" : entry.payload);
    ot::Result<void> applied;
    if (entry.kind == ot::OpKind::create) {
      next.type = ot::find_type(entry.type);
      auto created = next.type->create(entry.payload.empty() ? nullptr : &*payload);
      applied = created ? ot::Result<void>() : ot::fail(created.error());
      next.data = created ? std::move(*created) : ot::Json();
    } else if (entry.kind == ot::OpKind::remove) {
      next = ot::Snapshot{};
    } else if (next.type != nullptr) {
      auto op = next.type->parse(*payload);
      applied = op ? next.type->apply(next.data, *op) : ot::fail(op.error());
    }
    if (!applied) {
      throw Violation("S7/G16 the log replays: " + at(entry.doc, entry.version) + ": " +
                      applied.error().detail);
    }
    next.version = entry.version + 1;
    document.states.push_back(std::move(next));
    document.messages.push_back(ot::op_message(entry.doc, server::committed_op(entry)));
    document.names[{entry.src.value, entry.seq.value}] = entry.version;
    document.entries.push_back(entry);
  }
}

void Ledger::check_checkpoint(const oplog::Checkpoint& checkpoint) const {
  const std::string where = at(checkpoint.doc, checkpoint.version);
  if (checkpoint.version > head(checkpoint.doc)) {
    throw Violation("S7/G16 a checkpoint is of what is on disk: " + where);
  }
  ot::Snapshot stored{checkpoint.version, nullptr, {}};
  if (!checkpoint.type.empty()) {
    stored.type = ot::find_type(checkpoint.type);
    stored.data = ot::parse_json(checkpoint.data).value_or(ot::Json());
  }
  if (!same(stored, state(checkpoint.doc, checkpoint.version))) {
    throw Violation("S7/G16 checkpoints match the ops: " + where + " is stored as " +
                    checkpoint.data);
  }
}

// Tokens are inserted once, ever; what a delete takes away is what its author saw there.
void Ledger::check_intent(const oplog::Entry& entry, const ot::Json& before) {
  if (entry.kind != ot::OpKind::edit || !before.is_object()) {
    return;
  }
  ot::Json list = before.find("list") != nullptr ? *before.find("list") : ot::Json::array();
  const ot::Json op = *ot::parse_json(entry.payload);
  op.for_each_element([&](const ot::Json& component) {
    const ot::Json& path = *component.find("p");
    if (path.size() != 2 || path[0] != ot::Json("list")) {
      return;
    }
    const auto index = static_cast<std::size_t>(path[1].number());
    if (const ot::Json* gone = component.find("ld")) {
      if (index >= list.size() || list[index] != *gone) {
        throw Violation("S6/G7 a delete takes what its author saw: not " + gone->str() + ", " +
                        at(entry.doc, entry.version));
      }
      list.erase(index);
    }
    if (const ot::Json* token = component.find("li")) {
      if (!tokens_.emplace(entry.doc, token->str()).second) {
        throw Violation("S6/G3 each token once: " + token->str() + " is inserted again, " +
                        at(entry.doc, entry.version));
      }
      list.insert(index, *token);
    } else if (const ot::Json* to = component.find("lm")) {
      ot::Json moved = list.erase(index);
      list.insert(static_cast<std::size_t>(to->number()), std::move(moved));
    }
  });
}

// ---- what leaves the server

void Ledger::check_outgoing(std::string_view text) const {
  const auto message = ot::parse_json(text);
  if (!message || !message->is_object()) {
    throw Violation("S12/G18 what a server says is JSON: " + std::string(text));
  }
  if (message->find("error") != nullptr) {
    return check_error(*message);
  }
  const std::string action = text_at(*message, "a");
  if (action == "op") {
    return check_op(*message, text);
  }
  if (action == "nf" || action == "nt") {
    return check_past_snapshot(*message);
  }
  if (action == "qs" || action == "q") {
    return check_results(*message);
  }
  const ot::Json* data = message->find("data");
  if (data == nullptr) {
    return;
  }
  if (action == "f" || action == "s") {
    return check_snapshot(doc_of(*message), *data);
  }
  data->for_each_member([&](std::string_view id, const ot::Json& share) {
    if (share.find("error") != nullptr) {
      return check_error(share);
    }
    check_snapshot({text_at(*message, "c"), std::string(id)}, share);
  });
}

void Ledger::check_op(const ot::Json& message, std::string_view text) const {
  const ot::DocId doc = doc_of(message);
  const ot::Version version = version_in(message);
  const bool contents = has_contents(message);
  if (version >= head(doc)) {
    throw Violation((contents ? "S2/G2 visible before sync: " : "S1/G1 ack before sync: ") +
                    at(doc, version) + " while " + std::to_string(head(doc).value) +
                    " ops are on disk: " + std::string(text));
  }
  const oplog::Entry& logged = entry(doc, version);
  if (contents) {
    if (text != document(doc).messages[version.value]) {
      throw Violation("S5/G5 one order: " + at(doc, version) + " is sent as " + std::string(text) +
                      " and logged as " + document(doc).messages[version.value]);
    }
  } else if (text_at(message, "src") != logged.src.value ||
             number_at(message, "seq") != logged.seq.value) {
    throw Violation("S1/G1 an ack names where the op is: " + std::string(text) + " but there is " +
                    document(doc).messages[version.value]);
  }
}

// All queries are of one collection.
void Ledger::check_results(const ot::Json& message) const {
  const auto check_all = [this](const ot::Json* documents) {
    if (documents != nullptr) {
      documents->for_each_element([this](const ot::Json& document) {
        check_snapshot({"sim", text_at(document, "d")}, document);
      });
    }
  };
  check_all(message.find("data"));
  if (const ot::Json* diff = message.find("diff")) {
    diff->for_each_element([&](const ot::Json& edit) { check_all(edit.find("values")); });
  }
}

void Ledger::check_snapshot(const ot::DocId& doc, const ot::Json& message) const {
  const ot::Snapshot snapshot = snapshot_in(message, false);
  if (snapshot.version > head(doc)) {
    throw Violation("S2/G2 visible before sync: a snapshot of " + at(doc, snapshot.version) +
                    " while " + std::to_string(head(doc).value) + " ops are on disk");
  }
  if (!same(snapshot, state(doc, snapshot.version))) {
    throw Violation("S5/G5 one order: the snapshot of " + at(doc, snapshot.version) + " is " +
                    ot::json_text(snapshot.data) + " and not " +
                    ot::json_text(state(doc, snapshot.version).data));
  }
}

// A reply to nf or nt does not name its document: some document must have been like that.
void Ledger::check_past_snapshot(const ot::Json& message) const {
  const ot::Snapshot snapshot = snapshot_in(message, true);
  const auto fits = [&](const auto& known) {
    const auto& states = known.second.states;
    return snapshot.version.value < states.size() && same(snapshot, states[snapshot.version.value]);
  };
  if (same(snapshot, ot::Snapshot{}) || std::any_of(documents_.begin(), documents_.end(), fits)) {
    return;
  }
  throw Violation("S2/G2 visible before sync, or S5/G5 one order: no document on disk was ever " +
                  ot::json_text(message));
}

void Ledger::check_error(const ot::Json& message) const {
  constexpr std::array<std::string_view, 16> documented = {
      "",
      "ERR_MESSAGE_BADLY_FORMED",
      "ERR_OT_OP_BADLY_FORMED",
      "ERR_OT_OP_NOT_APPLIED",
      "ERR_DOC_ALREADY_CREATED",
      "ERR_DOC_DOES_NOT_EXIST",
      "ERR_DOC_WAS_DELETED",
      "ERR_DOC_TYPE_NOT_RECOGNIZED",
      "ERR_OP_VERSION_NEWER_THAN_CURRENT_SNAPSHOT",
      "ERR_OP_ALREADY_SUBMITTED",
      "ERR_MESSAGE_TOO_LARGE",
      "ERR_TOO_DEEP",
      "ERR_TOO_COSTLY",
      "ERR_UNSUPPORTED",
      "ERR_LOG_IO",
      "ERR_LOG_CORRUPT"};
  const std::string code = text_at(*message.find("error"), "code");
  if (std::find(documented.begin(), documented.end(), code) == documented.end()) {
    throw Violation("S12 only documented codes: " + ot::json_text(message));
  }
  if (text_at(message, "a") == "op" && code.rfind("ERR_LOG", 0) == 0) {
    throw Violation("S12/G10 what may pass never answers an op with an error: " +
                    ot::json_text(message));
  }
}

// ---- clients

void Ledger::check_copy(std::string_view who, const ot::DocId& doc,
                        const ot::Snapshot& copy) const {
  if (copy.version > head(doc)) {
    throw Violation("S2/G2 visible before sync: " + std::string(who) + " has " +
                    at(doc, copy.version) + " while " + std::to_string(head(doc).value) +
                    " ops are on disk");
  }
  if (!same(copy, state(doc, copy.version))) {
    throw Violation("S5/G6 convergence: " + std::string(who) + " has of " + at(doc, copy.version) +
                    " " + ot::json_text(copy.data) + " and the log gives " +
                    ot::json_text(state(doc, copy.version).data));
  }
}

void Ledger::check_promise(const Promise& promise, std::span<const std::string> tokens) const {
  const std::string where = at(promise.doc, promise.version);
  if (promise.version >= head(promise.doc)) {
    throw Violation("S1/G1 ack before sync: " + where);
  }
  const oplog::Entry& logged = entry(promise.doc, promise.version);
  if (logged.src != promise.src || logged.seq != promise.seq) {
    throw Violation("S6/G7 nothing lost: what was acknowledged as " + where + " is not there");
  }
  for (const std::string& token : tokens) {
    if (logged.payload.find(ot::json_text(token)) == std::string::npos) {
      std::string what = "S6/G7 nothing lost: ";
      what.append(token).append(" was acknowledged as ").append(where);
      throw Violation(what.append(" and is not in it: ").append(logged.payload));
    }
  }
}

}  // namespace segue::sim
