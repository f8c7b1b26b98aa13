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
  const JsonView action = field("a");
  const std::string a = action && action.is_string() ? action.str() : "";
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

Result<std::string> MessageReader::read_name(JsonView value, std::size_t bytes_max,
                                             std::string_view error) const {
  if (auto valid = check_name(value, bytes_max, error); !valid) {
    return fail(std::move(valid.error()));
  }
  return value.str();
}

Result<void> MessageReader::check_name(JsonView value, std::size_t bytes_max,
                                       std::string_view error) const {
  if (is_absent(value) || !value.is_string() || value.bytes() == 0 || value.bytes() > bytes_max) {
    return badly_formed(error);
  }
  if (value.has_lone_surrogate()) {
    return fail(Errc::bad_string, std::string(error) + ": half a surrogate pair");
  }
  std::string room;
  const std::string_view name = value.string(room);
  if (is_prototype_name(name) || name.find('\0') != std::string_view::npos) {
    return badly_formed(error);
  }
  return {};
}

Result<std::optional<Version>> MessageReader::read_version(JsonView value) const {
  if (is_absent(value)) {
    return std::optional<Version>();
  }
  if (!is_count(value)) {
    return badly_formed("Invalid version");
  }
  return std::optional<Version>(Version{static_cast<std::uint64_t>(value.number())});
}

Result<void> MessageReader::check_common() const {
  if (const JsonView collection = field("c"); !is_absent(collection)) {
    if (auto valid = check_name(collection, limits_.collection_bytes_max, bad_collection); !valid) {
      return valid;
    }
  }
  if (const JsonView channel = field("ch"); !is_absent(channel)) {
    const std::size_t bytes_max = limits_.collection_bytes_max + 1 + limits_.id_bytes_max;
    if (auto valid = check_name(channel, bytes_max, "Invalid presence channel"); !valid) {
      return valid;
    }
  }
  if (const JsonView seq = field("seq"); !is_absent(seq)) {
    if (!seq.is_number() || (seq.number() < integer_max && !is_count(seq))) {
      return badly_formed("Invalid seq");
    }
    if (seq.number() >= integer_max) {
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
  const JsonView id = field("d");
  return is_absent(id) ? Result<void>() : check_name(id, limits_.id_bytes_max, "Invalid id");
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
  const JsonView time = field("ts");
  if (!is_absent(time) && (!time.is_number() || time.number() < 0)) {
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
    by_time.time_ms = time.number();
  }
  return by_time;
}

Result<Message> MessageReader::read_bulk(std::string_view action) {
  const JsonView ids = field("b");
  if (is_absent(ids) || (!ids.is_array() && !ids.is_object())) {
    return badly_formed("Invalid bulk subscribe data");
  }
  if (ids.size() > limits_.bulk_ids_max) {
    return fail(Errc::too_large, "More than " + std::to_string(limits_.bulk_ids_max) + " ids");
  }
  Bulk bulk;
  bulk.action = action == "bf"   ? BulkAction::fetch
                : action == "bs" ? BulkAction::subscribe
                                 : BulkAction::unsubscribe;
  bulk.with_versions = ids.is_object();
  auto items = read_items(ids);
  if (!items) {
    return fail(std::move(items.error()));
  }
  bulk.items = std::move(*items);
  if (auto valid = check_common(); !valid) {
    return fail(std::move(valid.error()));
  }
  auto collection = read_collection();
  if (!collection) {
    return fail(std::move(collection.error()));
  }
  bulk.collection = std::move(*collection);
  return bulk;
}

Result<std::vector<Bulk::Item>> MessageReader::read_items(JsonView ids) const {
  std::vector<Bulk::Item> items;
  Result<void> valid;
  std::unordered_set<std::string> seen;
  const auto add = [&](JsonView id, JsonView version) {
    auto name = read_name(id, limits_.id_bytes_max, "Invalid id");
    auto at = read_version(version);
    if (!name || !at) {
      valid = fail(std::move(!name ? name.error() : at.error()));
    } else if (seen.insert(*name).second) {
      items.push_back({std::move(*name), *at});
    }
  };
  if (ids.is_array()) {
    for (const JsonView id : ids.elements()) {
      valid ? add(id, {}) : void();
    }
  } else {
    ids.for_each_member(
        [&](std::string_view id, JsonView version) { valid ? add(Json(id), version) : void(); });
  }
  if (!valid) {
    return fail(std::move(valid.error()));
  }
  return items;
}

// Versions come as numbers or as text.
static double number_in(JsonView value) {
  if (is_absent(value)) {
    return 0;
  }
  return value.is_number() ? value.number() : std::strtod(value.str().c_str(), nullptr);
}

Result<Message> MessageReader::read_handshake() {
  for (const char* key : {"protocol", "protocolMinor"}) {
    const JsonView value = field(key);
    if (!is_absent(value) && !value.is_number() && !value.is_string()) {
      return badly_formed("Invalid protocol");
    }
  }
  if (auto valid = check_common(); !valid) {
    return fail(std::move(valid.error()));
  }
  Handshake handshake;
  handshake.knows_no_op =
      number_in(field("protocol")) == 1 && number_in(field("protocolMinor")) >= 2;
  if (const JsonView segue = field("segue"); segue && segue.is_object()) {
    const JsonView leases = segue.find("leases");
    handshake.knows_leases = leases && leases.is_bool() && leases.boolean();
  }
  const JsonView id = field("id");
  if (is_absent(id) || (id.is_string() && id.bytes() == 0)) {
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
  const JsonView token = field("token");
  const JsonView ticket = field("ticket");
  const JsonView given = is_absent(token) ? ticket : token;
  if (is_absent(given) || !given.is_string() || (!is_absent(token) && !is_absent(ticket))) {
    return badly_formed("auth needs a token or a ticket");
  }
  return Authenticate{is_absent(token) ? Authenticate::Kind::ticket : Authenticate::Kind::token,
                      given.str()};
}

// ---- ops

Result<Submit> MessageReader::read_submit(DocId doc, std::optional<Version> version) {
  Submit submit{std::move(doc), {}};
  submit.op.base = version;
  if (auto valid = read_contents(submit.op); !valid) {
    return fail(std::move(valid.error()));
  }
  if (const JsonView src = field("src"); !is_absent(src)) {
    if (!src.is_string()) {
      return op_badly_formed("src must be a string");
    }
    auto name = read_name(src, limits_.src_bytes_max, "Invalid src");
    if (!name) {
      return fail(std::move(name.error()));
    }
    submit.op.src.value = std::move(*name);
  }
  const JsonView seq = field("seq");
  if (is_absent(seq)) {
    return op_badly_formed("Both src and seq must be set together");
  }
  submit.op.seq.value = static_cast<std::uint64_t>(seq.number());
  return submit;
}

Result<void> MessageReader::read_contents(Submission& op) {
  if (const JsonView value = field("op")) {
    op.kind = OpKind::edit;
    op.value = request_.part(value);
    return {};
  }
  if (const JsonView create = field("create"); !is_absent(create)) {
    return read_create(create, op);
  }
  if (const JsonView del = field("del"); !is_absent(del)) {
    op.kind = OpKind::remove;
    if (!del.is_bool() || !del.boolean()) {
      return op_badly_formed("del value must be true");
    }
    return {};
  }
  return badly_formed("Invalid op message");
}

Result<void> MessageReader::read_create(JsonView create, Submission& op) {
  op.kind = OpKind::create;
  if (!create.is_object()) {
    return op_badly_formed("Create data must be an object");
  }
  const JsonView type = create.find("type");
  op.type = is_absent(type) || !type.is_string() ? nullptr : find_type_(type.str());
  if (op.type == nullptr) {
    return op_badly_formed("Missing create type");
  }
  if (const JsonView data = create.find("data")) {
    op.value = request_.part(data);
  }
  return {};
}

Result<Message> decode_message(const JsonPart& request, TypeLookup find_type,
                               const MessageLimits& limits) {
  return MessageReader(request, find_type, limits).read();
}

}  // namespace segue::ot
