#include "ot/reply.h"

#include "ot/json_text.h"

namespace segue::ot {

namespace {

bool is_truthy(JsonView value) {
  if (!value) {
    return false;
  }
  switch (value.kind()) {
    case Json::Kind::null:
      return false;
    case Json::Kind::boolean:
      return value.boolean();
    case Json::Kind::number:
      return value.number() != 0;
    case Json::Kind::string:
      return value.bytes() > 0;
    case Json::Kind::array:
    case Json::Kind::object:
      return true;
  }
  return false;
}

void append_member(std::string& out, std::string_view key, JsonView value) {
  out += ",\"";
  out += key;
  out += "\":";
  print_json(value, out);
}

void append_number(std::string& out, std::string_view key, std::uint64_t value) {
  out += ",\"";
  out += key;
  out += "\":";
  out += std::to_string(value);
}

void append_string(std::string& out, std::string_view key, std::string_view value) {
  out += ",\"";
  out += key;
  out += "\":";
  print_json_string(value, out);
}

// `{"a":…` and what the client matches a reply by.
std::string head(JsonView request) {
  std::string out = "{\"a\":";
  print_json(request.find("a"), out);
  if (const JsonView id = request.find("id"); is_truthy(id)) {
    append_member(out, "id", id);
    return out;
  }
  for (const std::string_view key : {"c", "d"}) {
    if (const JsonView value = request.find(key); is_truthy(value)) {
      append_member(out, key, value);
    }
  }
  return out;
}

void append_protocol(std::string& out, const ClientId& id) {
  out += ",\"protocol\":1,\"protocolMinor\":2";
  append_string(out, "id", id.value);
  append_string(out, "type", json0_uri);
}

std::string token_text(const TokenInfo& token) {
  std::string out = "\"author\":";
  print_json_string(token.author, out);
  append_member(out, "exp", Json(token.expires_s));
  return out;
}

}  // namespace

std::string greeting(const ClientId& id) {
  std::string out = "{\"a\":\"init\"";
  append_protocol(out, id);
  return out + '}';
}

std::string handshake_reply(const ClientId& id, const std::optional<TokenInfo>& token,
                            bool leases) {
  std::string out = "{\"a\":\"hs\"";
  append_protocol(out, id);
  if (token || leases) {
    out += ",\"segue\":{" + (token ? token_text(*token) : "");
    out += token && leases ? "," : "";
    out += leases ? "\"leases\":true}" : "}";
  }
  return out + '}';
}

std::string authenticate_reply(JsonView request, const TokenInfo& token) {
  return head(request) + ',' + token_text(token) + '}';
}

std::string plain_reply(JsonView request) { return head(request) + '}'; }

std::string error_text(const Error& error, std::string_view more) {
  std::string out = "{";
  if (const auto code = errc_name(error.code); !code.empty()) {
    out += "\"code\":\"";
    out += code;
    out += "\",";
  }
  out += "\"message\":";
  print_json_string(error.detail, out);
  out += more;
  out += '}';
  return out;
}

std::string error_reply(JsonView request, const Error& error, std::string_view more) {
  std::string out = "{";
  if (request.is_object()) {
    request.for_each_member([&](std::string_view key, JsonView value) {
      if (key == "error") {
        return;
      }
      print_json_string(key, out);
      out += ':';
      print_json(value, out);
      out += ',';
    });
  }
  out += "\"error\":";
  out += error_text(error, more);
  out += '}';
  return out;
}

std::string snapshot_text(const Snapshot& snapshot) {
  std::string out = "{\"v\":" + std::to_string(snapshot.version.value);
  if (snapshot.type == nullptr) {
    out += ",\"type\":null}";
    return out;
  }
  if (snapshot.type->uri != json0_uri) {
    append_string(out, "type", snapshot.type->uri);
  }
  append_member(out, "data", snapshot.data);
  out += '}';
  return out;
}

std::string snapshot_reply(JsonView request, const Snapshot& snapshot) {
  return head(request) + ",\"data\":" + snapshot_text(snapshot) + '}';
}

std::string past_snapshot_reply(JsonView request, const Snapshot& snapshot) {
  std::string out = "{\"a\":";
  print_json(request.find("a"), out);
  if (const JsonView id = request.find("id")) {
    append_member(out, "id", id);
  }
  append_number(out, "v", snapshot.version.value);
  if (snapshot.type == nullptr) {
    out += ",\"type\":null";
  } else {
    append_string(out, "type", snapshot.type->uri);
    append_member(out, "data", snapshot.data);
  }
  out += ",\"m\":null}";
  return out;
}

std::string op_message(const DocId& doc, const CommittedOp& op) {
  std::string out;
  out.reserve(op.payload.size() + doc.collection.size() + doc.id.size() + op.src.value.size() + 96);
  out += "{\"a\":\"op\"";
  append_string(out, "c", doc.collection);
  append_string(out, "d", doc.id);
  append_number(out, "v", op.version.value);
  append_string(out, "src", op.src.value);
  append_number(out, "seq", op.seq.value);
  switch (op.kind) {
    case OpKind::create:
      out += ",\"create\":{\"type\":";
      print_json_string(op.type, out);
      if (!op.payload.empty()) {
        out += ",\"data\":";
        out += op.payload;
      }
      out += '}';
      break;
    case OpKind::edit:
      out += ",\"op\":";
      out += op.payload;
      break;
    case OpKind::remove:
      out += ",\"del\":true";
      break;
    case OpKind::noop:
      break;
  }
  out += '}';
  return out;
}

std::string ack(JsonView request, const ClientId& src, Seq seq, Version committed) {
  std::string out = head(request);
  append_string(out, "src", src.value);
  append_number(out, "seq", seq.value);
  append_number(out, "v", committed.value);
  out += '}';
  return out;
}

std::string bulk_snapshots_reply(JsonView request, std::string_view data) {
  std::string out = head(request) + ",\"data\":";
  out += data;
  out += '}';
  return out;
}

std::string bulk_plain_reply(JsonView request) {
  std::string out = head(request);
  append_member(out, "b", request.find("b"));
  out += '}';
  return out;
}

std::string lease_reply(JsonView request, std::string_view lease) {
  std::string out = head(request);
  if (!lease.empty()) {
    out += ",\"lease\":";
    out += lease;
  }
  return out + '}';
}

std::string lease_message(const DocId& doc, std::string_view lease) {
  std::string out = R"({"a":"lease")";
  append_string(out, "c", doc.collection);
  append_string(out, "d", doc.id);
  out += ",\"lease\":";
  out += lease;
  return out + '}';
}

std::string presence_reply(JsonView request) {
  std::string out = "{\"a\":";
  print_json(request.find("a"), out);
  for (const char* key : {"ch", "seq"}) {
    if (const JsonView value = request.find(key)) {
      append_member(out, key, value);
    }
  }
  out += '}';
  return out;
}

std::string presence_asked(const std::string& channel) {
  std::string out = R"({"a":"pr")";
  append_string(out, "ch", channel);
  out += '}';
  return out;
}

namespace {

void append_place(std::string& out, const Presence& presence) {
  if (presence.doc) {
    append_string(out, "c", presence.doc->collection);
    append_string(out, "d", presence.doc->id);
  }
  if (presence.version) {
    append_number(out, "v", presence.version->value);
  }
  if (presence.type != nullptr) {
    append_string(out, "t", presence.type->uri);
  }
}

}  // namespace

std::string presence_message(const Presence& presence) {
  std::string out = R"({"a":"p")";
  append_string(out, "ch", presence.channel);
  append_string(out, "src", presence.src.value);
  append_string(out, "id", presence.id);
  append_member(out, "p", presence.value);
  append_number(out, "pv", presence.number);
  append_place(out, presence);
  return out + '}';
}

std::string presence_entry(const Presence& presence) {
  std::string out = R"({"src":)";
  print_json_string(presence.src.value, out);
  append_string(out, "id", presence.id);
  append_member(out, "value", presence.value);
  append_place(out, presence);
  return out + '}';
}

}  // namespace segue::ot
