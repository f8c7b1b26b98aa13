// What a client says: decode, salvage and answer. Each reply is JSON in UTF-8 that a client can
// match, and an op that is sent on says what was submitted.
//
// Input: text.
#include "ot/message.h"

#include <algorithm>
#include <variant>

#include "ot/builtin_types.h"
#include "ot/json_text.h"
#include "ot/reply.h"
#include "ot/utf8.h"
#include "tests/fuzz/fuzz.h"

using namespace segue;
using namespace segue::fuzz;
using ot::Json;

namespace {

Json read_reply(const std::string& text) {
  expect(ot::is_utf8(text), "every message sent is UTF-8");
  auto reply = ot::parse_json(text, {.depth_max = 1000});
  expect(reply && reply->is_object(), "every message sent is a JSON object");
  return std::move(*reply);
}

bool same(const Json* a, const Json* b) { return a == nullptr || b == nullptr ? a == b : *a == *b; }

void check_error(const Json& request, const ot::Error& error) {
  expect(!error.detail.empty(), "an error says what is wrong");
  const Json reply = read_reply(ot::error_reply(request, error));
  const Json* shown = reply.find("error");
  expect(shown != nullptr && shown->find("message") != nullptr, "an error reply has its message");
  if (!request.is_object()) return;
  for (const char* key : {"a", "id", "c", "d", "v", "src", "seq"}) {
    expect(same(reply.find(key), request.find(key)), "an error reply is matched by its request");
  }
}

// The scanner for texts that are not read as a whole finds nothing that is not there.
void check_salvaged(std::string_view text, const ot::Result<Json>& read) {
  const Json salvaged = ot::salvage_request(text);
  check_error(salvaged, {ot::Errc::too_large, "too large"});
  if (!read || !read->is_object()) return;
  salvaged.for_each_member([&](std::string_view key, const Json& value) {
    expect(same(read->find(key), &value), "what is salvaged is what the message says");
  });
}

void check_answer(const Json& request, const ot::Submit& submit) {
  ot::CommittedOp op;
  op.version = submit.op.base.value_or(ot::Version{});
  op.kind = submit.op.kind;
  op.src = submit.op.src;
  op.seq = submit.op.seq;
  if (submit.op.type != nullptr) op.type = submit.op.type->uri;
  if (submit.op.value) op.payload = ot::json_text(*submit.op.value);
  const Json sent = read_reply(ot::op_message(submit.doc, op));
  expect(same(sent.find("op"), request.find("op")), "an edit is sent on as it was submitted");
  const Json* create = sent.find("create");
  expect((create != nullptr) == (op.kind == ot::OpKind::create), "a create is sent on as one");
  if (create != nullptr) {
    expect(same(create->find("data"), request.find("create")->find("data")), "with its data");
  }
  expect(*sent.find("c") == *request.find("c") && *sent.find("d") == *request.find("d"),
         "an op names its document");
  const Json ack = read_reply(ot::ack(request, op.src, op.seq, op.version));
  expect(same(ack.find("seq"), sent.find("seq")), "an ack names the op");
}

void check_answer(const Json& request, const ot::Handshake& handshake) {
  const ot::ClientId id = handshake.id.value_or(ot::ClientId{"fresh"});
  expect(!id.value.empty() && ot::is_utf8(id.value), "a src is not empty and is UTF-8");
  read_reply(ot::handshake_reply(id));
  read_reply(ot::plain_reply(request));
}

void check_answer(const Json& request, const ot::Bulk& bulk) {
  read_reply(ot::bulk_plain_reply(request));
  for (const auto& item : bulk.items) expect(!item.id.empty(), "an id is not empty");
}

void check_answer(const Json& request, const ot::PresenceUnsubscribe&) {
  read_reply(ot::presence_reply(request));
}

void check_answer(const Json& request, const auto& message) {
  read_reply(ot::plain_reply(request));
  if constexpr (requires { message.doc; }) {
    read_reply(ot::snapshot_reply(request, {}));
    read_reply(ot::past_snapshot_reply(request, {}));
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of(data, size);
  const auto request = ot::parse_json(text);
  if (ot::is_utf8(text)) check_salvaged(text, request);
  if (!request) return 0;
  const ot::JsonPart tokens = *ot::tokenize_json(text);
  const auto message = ot::decode_message(tokens, &ot::find_type);
  if (!message) {
    check_error(*request, message.error());
    return 0;
  }
  std::visit([&](const auto& kind) { check_answer(*request, kind); }, *message);
  return 0;
}
