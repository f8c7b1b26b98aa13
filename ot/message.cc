#include "ot/message.h"

#include <cmath>
#include <cstdlib>
#include <unordered_set>
#include <utility>

#include "ot/json_text.h"
#include "ot/message_reader.h"
#include "ot/prototype_names.h"

namespace segue::ot {

Result<Message> MessageReader::read() {
  const Json* action = field("a");
  const std::string a = action != nullptr && action->is_string() ? action->str() : "";
  if (a == "op" || a == "f" || a == "s" || a == "u") {
    return read_doc_message(a);
  }
  if (a == "nf" || a == "nt") {
    return read_snapshot_message(a);
  }
  if (a == "bf" || a == "bs" || a == "bu") {
    return read_bulk(a);
  }
  if (a == "hs") {
    return read_handshake();
  }
  if (a == "p" || a == "ps" || a == "pu" || a == "pr") {
    return read_presence(a);
  }
  if (a == "lock" || a == "renew" || a == "release") {
    return read_lease(a);
  }
  if (a == "qf" || a == "qs" || a == "qu") {
    return read_query(a);
  }
  if (auto valid = check_common(); !valid) {
    return fail(std::move(valid.error()));
  }
  if (a == "pp") {
    return Ping{};
  }
  if (a == "auth") {
    return read_authenticate();
  }
  return badly_formed("Invalid or unknown message");
}

Result<std::string> MessageReader::read_name(const Json* value, std::size_t bytes_max,
                                             std::string_view error) const {
  if (is_absent(value) || !value->is_string() || value->text().empty() ||
      value->text().bytes() > bytes_max) {
    return badly_formed(error);
  }
  if (value->text().has_lone_surrogate()) {
    return fail(Errc::bad_string, std::string(error) + ": half a surrogate pair");
  }
  std::string name = value->str();
  if (is_prototype_name(name) || name.find('\0') != std::string::npos) {
    return badly_formed(error);
  }
  return name;
}

Result<std::optional<Version>> MessageReader::read_version(const Json* value) const {
  if (is_absent(value)) {
    return std::optional<Version>();
  }
  if (!is_count(*value)) {
    return badly_formed("Invalid version");
  }
  return std::optional<Version>(Version{static_cast<std::uint64_t>(value->number())});
}

Result<void> MessageReader::check_common() const {
  if (!is_absent(field("c"))) {
    if (auto name = read_collection(); !name) {
      return fail(std::move(name.error()));
    }
  }
  if (const Json* channel = field("ch"); !is_absent(channel)) {
    const std::size_t bytes_max = limits_.collection_bytes_max + 1 + limits_.id_bytes_max;
    if (auto name = read_name(channel, bytes_max, "Invalid presence channel"); !name) {
      return fail(std::move(name.error()));
    }
  }
  if (const Json* seq = field("seq"); !is_absent(seq)) {
    if (!seq->is_number() || (seq->number() < integer_max && !is_count(*seq))) {
      return badly_formed("Invalid seq");
    }
    if (seq->number() >= integer_max) {
      return fail(Errc::seq_overflow,
                  "Connection seq has exceeded the max safe integer, maybe from being open for too "
                  "long");
    }
  }
  return {};
}

Result<DocId> MessageReader::read_doc() const {
  if (auto valid = check_common(); !valid) {
    return fail(std::move(valid.error()));
  }
  auto collection = read_collection();
  if (!collection) {
    return fail(std::move(collection.error()));
  }
  auto id = read_name(field("d"), limits_.id_bytes_max, "Invalid id");
  if (!id) {
    return fail(std::move(id.error()));
  }
  return DocId{std::move(*collection), std::move(*id)};
}

Result<void> MessageReader::check_id() const {
  if (!is_absent(field("d"))) {
    if (auto id = read_name(field("d"), limits_.id_bytes_max, "Invalid id"); !id) {
      return fail(std::move(id.error()));
    }
  }
  return {};
}

Result<Message> MessageReader::read_doc_message(std::string_view action) {
  if (auto valid = check_id(); !valid) {
    return fail(std::move(valid.error()));
  }
  auto version = read_version(field("v"));
  if (!version) {
    return fail(std::move(version.error()));
  }
  auto doc = read_doc();
  if (!doc) {
    return fail(std::move(doc.error()));
  }
  if (action == "f") {
    return Fetch{std::move(*doc), *version};
  }
  if (action == "s") {
    return Subscribe{std::move(*doc), *version};
  }
  if (action == "u") {
    return Unsubscribe{std::move(*doc)};
  }
  auto submit = read_submit(std::move(*doc), *version);
  if (!submit) {
    return fail(std::move(submit.error()));
  }
  return std::move(*submit);
}

Result<Message> MessageReader::read_snapshot_message(std::string_view action) {
  if (auto valid = check_id(); !valid) {
    return fail(std::move(valid.error()));
  }
  auto collection = read_collection();
  if (!collection) {
    return fail(std::move(collection.error()));
  }
  auto id = read_name(field("d"), limits_.id_bytes_max, "Invalid id");
  if (!id) {
    return fail(std::move(id.error()));
  }
  auto version = read_version(field("v"));
  if (!version) {
    return fail(std::move(version.error()));
  }
  const Json* time = field("ts");
  if (!is_absent(time) && (!time->is_number() || time->number() < 0)) {
    return badly_formed("Invalid timestamp");
  }
  auto doc = read_doc();
  if (!doc) {
    return fail(std::move(doc.error()));
  }
  if (action == "nf") {
    return SnapshotByVersion{std::move(*doc), *version};
  }
  SnapshotByTime by_time{std::move(*doc), std::nullopt};
  if (!is_absent(time)) {
    by_time.time_ms = time->number();
  }
  return by_time;
}

Result<Message> MessageReader::read_bulk(std::string_view action) {
  const Json* ids = field("b");
  if (is_absent(ids) || (!ids->is_array() && !ids->is_object())) {
    return badly_formed("Invalid bulk subscribe data");
  }
  if (ids->size() > limits_.bulk_ids_max) {
    return fail(Errc::too_large, "More than " + std::to_string(limits_.bulk_ids_max) + " ids");
  }
  Bulk bulk;
  bulk.action = action == "bf"   ? BulkAction::fetch
                : action == "bs" ? BulkAction::subscribe
                                 : BulkAction::unsubscribe;
  bulk.with_versions = ids->is_object();
  Result<void> valid;
  std::unordered_set<std::string> seen;
  const auto add = [&](const Json& id, const Json* version) {
    auto name = read_name(&id, limits_.id_bytes_max, "Invalid id");
    auto at = read_version(version);
    if (!name || !at) {
      valid = fail(std::move(!name ? name.error() : at.error()));
    } else if (seen.insert(*name).second) {
      bulk.items.push_back({std::move(*name), *at});
    }
  };
  if (ids->is_array()) {
    ids->for_each_element([&](const Json& id) { valid ? add(id, nullptr) : void(); });
  } else {
    ids->for_each_member(
        [&](std::string_view id, const Json& v) { valid ? add(Json(id), &v) : void(); });
  }
  if (valid) {
    valid = check_common();
  }
  if (!valid) {
    return fail(std::move(valid.error()));
  }
  auto collection = read_collection();
  if (!collection) {
    return fail(std::move(collection.error()));
  }
  bulk.collection = std::move(*collection);
  return bulk;
}

// Versions come as numbers or as text.
static double number_in(const Json* value) {
  if (is_absent(value)) {
    return 0;
  }
  return value->is_number() ? value->number() : std::strtod(value->str().c_str(), nullptr);
}

Result<Message> MessageReader::read_handshake() {
  for (const char* key : {"protocol", "protocolMinor"}) {
    const Json* value = field(key);
    if (!is_absent(value) && !value->is_number() && !value->is_string()) {
      return badly_formed("Invalid protocol");
    }
  }
  if (auto valid = check_common(); !valid) {
    return fail(std::move(valid.error()));
  }
  Handshake handshake;
  handshake.knows_no_op =
      number_in(field("protocol")) == 1 && number_in(field("protocolMinor")) >= 2;
  if (const Json* segue = field("segue"); segue != nullptr && segue->is_object()) {
    const Json* leases = segue->find("leases");
    handshake.knows_leases = leases != nullptr && leases->is_bool() && leases->boolean();
  }
  const Json* id = field("id");
  if (is_absent(id) || (id->is_string() && id->text().empty())) {
    return handshake;
  }
  auto name = read_name(id, limits_.src_bytes_max, "Invalid id");
  if (!name) {
    return fail(std::move(name.error()));
  }
  handshake.id = ClientId{std::move(*name)};
  return handshake;
}

Result<Message> MessageReader::read_authenticate() const {
  const Json* token = field("token");
  const Json* ticket = field("ticket");
  const Json* given = is_absent(token) ? ticket : token;
  if (is_absent(given) || !given->is_string() || (!is_absent(token) && !is_absent(ticket))) {
    return badly_formed("auth needs a token or a ticket");
  }
  return Authenticate{given == token ? Authenticate::Kind::token : Authenticate::Kind::ticket,
                      given->str()};
}

// ---- ops

Result<Submit> MessageReader::read_submit(DocId doc, std::optional<Version> version) {
  Submit submit{std::move(doc), {}};
  submit.op.base = version;
  if (auto valid = read_contents(submit.op); !valid) {
    return fail(std::move(valid.error()));
  }
  if (const Json* src = field("src"); !is_absent(src)) {
    if (!src->is_string()) {
      return op_badly_formed("src must be a string");
    }
    auto name = read_name(src, limits_.src_bytes_max, "Invalid src");
    if (!name) {
      return fail(std::move(name.error()));
    }
    submit.op.src.value = std::move(*name);
  }
  const Json* seq = field("seq");
  if (is_absent(seq)) {
    return op_badly_formed("Both src and seq must be set together");
  }
  submit.op.seq.value = static_cast<std::uint64_t>(seq->number());
  return submit;
}

Result<void> MessageReader::read_contents(Submission& op) {
  if (const Json* value = field("op")) {
    op.kind = OpKind::edit;
    op.value = *value;
    return {};
  }
  if (const Json* create = field("create"); !is_absent(create)) {
    return read_create(*create, op);
  }
  if (const Json* del = field("del"); !is_absent(del)) {
    op.kind = OpKind::remove;
    if (!del->is_bool() || !del->boolean()) {
      return op_badly_formed("del value must be true");
    }
    return {};
  }
  return badly_formed("Invalid op message");
}

Result<void> MessageReader::read_create(const Json& create, Submission& op) {
  op.kind = OpKind::create;
  if (!create.is_object()) {
    return op_badly_formed("Create data must be an object");
  }
  const Json* type = create.find("type");
  op.type = is_absent(type) || !type->is_string() ? nullptr : find_type_(type->str());
  if (op.type == nullptr) {
    return op_badly_formed("Missing create type");
  }
  if (const Json* data = create.find("data")) {
    op.value = *data;
  }
  return {};
}

Result<Message> decode_message(const Json& request, TypeLookup find_type,
                               const MessageLimits& limits) {
  return MessageReader(request, find_type, limits).read();
}

}  // namespace segue::ot
