#include "clients/request.h"

#include "ot/assert.h"
#include "ot/json_text.h"

namespace segue::client {

namespace {

void append_string(std::string& out, std::string_view key, std::string_view value) {
  out += ",\"";
  out += key;
  out += "\":";
  ot::print_json_string(value, out);
}

void append_number(std::string& out, std::string_view key, std::uint64_t value) {
  out += ",\"";
  out += key;
  out += "\":";
  out += std::to_string(value);
}

std::string head(std::string_view action, const ot::DocId& doc) {
  std::string out = "{\"a\":\"";
  out += action;
  out += '"';
  append_string(out, "c", doc.collection);
  append_string(out, "d", doc.id);
  return out;
}

void append_contents(std::string& out, const OutgoingOp& op) {
  switch (op.kind) {
    case ot::OpKind::create:
      out += ",\"create\":{\"type\":";
      ot::print_json_string(op.type, out);
      if (op.value != nullptr) {
        out += ",\"data\":";
        ot::print_json(*op.value, out);
      }
      out += '}';
      break;
    case ot::OpKind::edit:
      out += ",\"op\":";
      ot::print_json(*op.value, out);
      break;
    case ot::OpKind::remove:
      out += ",\"del\":true";
      break;
    case ot::OpKind::noop:
      break;
  }
}

}  // namespace

std::string handshake_request(const ot::ClientId& id) {
  std::string out = R"({"a":"hs","protocol":1,"protocolMinor":2)";
  if (id.value.empty()) {
    return out + ",\"id\":null}";
  }
  append_string(out, "id", id.value);
  return out + '}';
}

std::string op_request(const ot::DocId& doc, const OutgoingOp& op) {
  std::string out = head("op", doc);
  if (op.version) {
    append_number(out, "v", op.version->value);
  } else {
    out += ",\"v\":null";
  }
  append_number(out, "seq", op.seq.value);
  if (op.resent_as != nullptr) {
    append_string(out, "src", op.resent_as->value);
  }
  out += ",\"x\":{}";
  append_contents(out, op);
  return out + '}';
}

std::string doc_request(std::string_view action, const ot::DocId& doc,
                        std::optional<ot::Version> version) {
  std::string out = head(action, doc);
  if (version) {
    append_number(out, "v", version->value);
  }
  return out + '}';
}

std::string bulk_subscribe_request(std::string_view collection, std::span<const BulkItem> items) {
  OT_ASSERT(!items.empty());
  const bool with_versions = items.front().version.has_value();
  std::string out = "{\"a\":\"bs\"";
  append_string(out, "c", collection);
  out += ",\"b\":";
  char separator = with_versions ? '{' : '[';
  for (const BulkItem& item : items) {
    OT_ASSERT(item.version.has_value() == with_versions);
    out += separator;
    separator = ',';
    ot::print_json_string(item.id, out);
    if (item.version) {
      out += ':';
      out += std::to_string(item.version->value);
    }
  }
  return out + (with_versions ? "}}" : "]}");
}

}  // namespace segue::client
