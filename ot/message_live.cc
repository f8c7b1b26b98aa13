// Reading requests about presence, leases and queries.

#include <iterator>
#include <utility>

#include "ot/message_reader.h"

namespace segue::ot {

Result<std::string> MessageReader::read_channel() const {
  const std::size_t bytes_max = limits_.collection_bytes_max + 1 + limits_.id_bytes_max;
  return read_name(field("ch"), bytes_max, "Invalid presence channel");
}

Result<Message> MessageReader::read_presence(std::string_view action) {
  if (action == "p") {
    return read_presence_update();
  }
  if (auto valid = check_common(); !valid) {
    return fail(std::move(valid.error()));
  }
  auto channel = read_channel();
  if (!channel) {
    return fail(std::move(channel.error()));
  }
  if (action == "pr") {
    return PresenceRequest{std::move(*channel)};
  }
  const JsonView seq = field("seq");
  const auto number = is_absent(seq) ? 0 : static_cast<std::uint64_t>(seq.number());
  if (action == "ps") {
    return PresenceSubscribe{std::move(*channel), number};
  }
  return PresenceUnsubscribe{std::move(*channel), number};
}

Result<Message> MessageReader::read_presence_update() {
  if (auto valid = check_id(); !valid) {
    return fail(std::move(valid.error()));
  }
  auto version = read_version(field("v"));
  if (!version) {
    return fail(std::move(version.error()));
  }
  auto id = read_name(field("id"), limits_.id_bytes_max, "Invalid presence ID");
  if (!id) {
    return fail(std::move(id.error()));
  }
  const JsonView number = field("pv");
  if (is_absent(number) || !is_count(number)) {
    return badly_formed("Invalid presence version");
  }
  if (auto valid = check_common(); !valid) {
    return fail(std::move(valid.error()));
  }
  auto channel = read_channel();
  if (!channel) {
    return fail(std::move(channel.error()));
  }
  Presence presence;
  presence.channel = std::move(*channel);
  presence.id = std::move(*id);
  presence.number = static_cast<std::uint64_t>(number.number());
  presence.version = *version;
  if (const JsonView value = field("p")) {
    presence.value = value.value();
  }
  if (auto valid = read_place(presence); !valid) {
    return fail(std::move(valid.error()));
  }
  return PresenceUpdate{std::move(presence)};
}

// The document and the type it belongs to, where it names them.
Result<void> MessageReader::read_place(Presence& presence) const {
  if (const JsonView type = field("t"); !is_absent(type)) {
    const std::string name = type.is_string() ? type.str() : "";
    presence.type = find_type_(name);
    if (presence.type == nullptr || !presence.type->has_presence()) {
      return fail(Errc::type_without_presence, "Type does not support presence: " + name);
    }
  }
  if (is_absent(field("c")) || is_absent(field("d"))) {
    return {};
  }
  auto doc = read_doc();
  if (!doc) {
    return fail(std::move(doc.error()));
  }
  presence.doc = std::move(*doc);
  return {};
}

Result<std::optional<std::uint64_t>> MessageReader::read_ttl() const {
  const JsonView ttl = field("ttl_ms");
  if (is_absent(ttl)) {
    return std::optional<std::uint64_t>();
  }
  if (!is_count(ttl) || ttl.number() == 0) {
    return badly_formed("Invalid ttl_ms");
  }
  return std::optional(static_cast<std::uint64_t>(ttl.number()));
}

Result<Message> MessageReader::read_lease(std::string_view action) {
  auto version = read_version(field("v"));
  if (!version) {
    return fail(std::move(version.error()));
  }
  auto doc = read_doc();
  if (!doc) {
    return fail(std::move(doc.error()));
  }
  auto ttl_ms = read_ttl();
  if (!ttl_ms) {
    return fail(std::move(ttl_ms.error()));
  }
  if (action != "lock") {
    auto lease = read_name(field("lease"), limits_.id_bytes_max, "Invalid lease");
    if (!lease) {
      return fail(std::move(lease.error()));
    }
    return action == "renew" ? Message(LeaseRenew{std::move(*doc), std::move(*lease), *ttl_ms})
                             : Message(LeaseRelease{std::move(*doc), std::move(*lease)});
  }
  const JsonView path = field("path");
  if (is_absent(path) || !path.is_array()) {
    return badly_formed("Invalid path");
  }
  LeaseTake take{std::move(*doc), path.value(), *version, *ttl_ms, {}};
  if (!is_absent(field("name"))) {
    auto name = read_name(field("name"), limits_.id_bytes_max, "Invalid name");
    if (!name) {
      return fail(std::move(name.error()));
    }
    take.name = std::move(*name);
  }
  return take;
}

Result<Message> MessageReader::read_query(std::string_view action) {
  const JsonView id = field("id");
  if (is_absent(id) || !id.is_number()) {
    return badly_formed("Missing query ID");
  }
  QuerySubscribe subscribe;
  if (const JsonView results = field("r"); !is_absent(results)) {
    auto known = read_known(results);
    if (!known) {
      return fail(std::move(known.error()));
    }
    subscribe.known = std::move(*known);
  }
  if (auto valid = check_common(); !valid) {
    return fail(std::move(valid.error()));
  }
  if (action == "qu") {
    return QueryUnsubscribe{id.number()};
  }
  auto collection = read_collection();
  if (!collection) {
    return fail(std::move(collection.error()));
  }
  QueryFetch& query = subscribe.query;
  query.number = id.number();
  query.collection = std::move(*collection);
  if (const JsonView filter = field("q")) {
    query.query = filter.value();
  }
  const JsonView options = field("o");
  const JsonView database = options ? options.find("db") : options;
  if (!is_absent(database)) {
    query.database = database.is_string() ? database.str() : "?";
  }
  if (action == "qf") {
    return std::move(query);
  }
  return subscribe;
}

// What a client has of a query: pairs of id and version.
Result<std::vector<QuerySubscribe::Known>> MessageReader::read_known(JsonView results) const {
  const tl::unexpected<Error> bad = badly_formed("Invalid query results");
  if (!results.is_array()) {
    return bad;
  }
  std::vector<QuerySubscribe::Known> known;
  for (const JsonView result : results.elements()) {
    if (!result.is_array()) {
      return bad;
    }
    const auto first = result.elements().begin();
    auto name =
        read_name(result.size() > 0 ? *first : JsonView(), limits_.id_bytes_max, "Invalid id");
    if (!name) {
      return fail(std::move(name.error()));
    }
    auto version = read_version(result.size() > 1 ? *std::next(first) : JsonView());
    if (!version) {
      return fail(std::move(version.error()));
    }
    known.push_back({std::move(*name), *version});
  }
  return known;
}

}  // namespace segue::ot
