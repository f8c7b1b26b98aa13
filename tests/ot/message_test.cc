#include "ot/message.h"

#include <string>
#include <variant>
#include <vector>

#include <doctest/doctest.h>

#include "ot/builtin_types.h"
#include "ot/json_text.h"

using namespace segue::ot;

namespace {

// ' stands for ".
JsonPart tokens(std::string text) {
  for (char& c : text) {
    c = c == '\'' ? '"' : c;
  }
  auto parsed = tokenize_json(text);
  REQUIRE(parsed.has_value());
  return std::move(*parsed);
}

Json json(const std::string& text) { return tokens(text).value(); }

Result<Message> read(const std::string& text) {
  auto message = decode_message(tokens(text), &find_type);
  const auto of_values = decode_message(json(text), &find_type);
  CHECK(message.has_value() == of_values.has_value());
  if (!message && !of_values) CHECK(message.error() == of_values.error());
  return message;
}

std::string error(const std::string& text) {
  const auto message = read(text);
  return message ? "accepted"
                 : std::string(errc_name(message.error().code)) + " " + message.error().detail;
}

const std::string malformed = "ERR_MESSAGE_BADLY_FORMED ";
const std::string bad_op = "ERR_OT_OP_BADLY_FORMED ";

}  // namespace

TEST_CASE("message: a submit by name of type, without version and src") {
  const auto message = read("{'a':'op','c':'x','d':'y','seq':3,'create':{'type':'json0'}}");
  REQUIRE(message.has_value());
  const auto& submit = std::get<Submit>(*message);
  CHECK(submit.doc == DocId{"x", "y"});
  CHECK(submit.op.kind == OpKind::create);
  CHECK_FALSE(submit.op.base.has_value());
  CHECK(submit.op.seq == Seq{3});
  CHECK(submit.op.src.value.empty());
  CHECK_FALSE(submit.op.value.has_value());
}

TEST_CASE("message: op comes before create, create before del") {
  const auto kind = [](const std::string& fields) {
    return std::get<Submit>(*read("{'a':'op','c':'x','d':'y','seq':1," + fields + "}")).op.kind;
  };
  CHECK(kind("'del':true,'create':{'type':'json0'},'op':null") == OpKind::edit);
  CHECK(kind("'del':true,'create':{'type':'json0'}") == OpKind::create);
  CHECK(kind("'del':true") == OpKind::remove);
}

TEST_CASE("message: the names of Object.prototype are refused as names") {
  for (const std::string name :
       {"__proto__", "constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable",
        "toLocaleString", "toString", "valueOf", "__defineGetter__", "__defineSetter__",
        "__lookupGetter__", "__lookupSetter__"}) {
    CAPTURE(name);
    CHECK(error("{'a':'f','c':'" + name + "','d':'y'}") == malformed + "Invalid collection");
    CHECK(error("{'a':'f','c':'x','d':'" + name + "'}") == malformed + "Invalid id");
    CHECK(error("{'a':'bs','c':'x','b':['" + name + "']}") == malformed + "Invalid id");
    CHECK(error("{'a':'hs','id':'" + name + "'}") == malformed + "Invalid id");
  }
}

TEST_CASE("message: names have a length, and a byte more is refused") {
  const auto fetch = [](std::size_t collection, std::size_t id) {
    return error("{'a':'f','c':'" + std::string(collection, 'c') + "','d':'" +
                 std::string(id, 'd') + "'}");
  };
  CHECK(fetch(128, 255) == "accepted");
  CHECK(fetch(129, 255) == malformed + "Invalid collection");
  CHECK(fetch(128, 256) == malformed + "Invalid id");
  CHECK(fetch(1, 0) == malformed + "Invalid id");
  CHECK(error("{'a':'f','c':'x','d':'a\\u0000b'}") == malformed + "Invalid id");
  CHECK(error("{'a':'f','c':'x','d':'a\\ud800'}").substr(0, 14) == "ERR_BAD_STRING");
}

TEST_CASE("message: versions and seqs are integers a double can hold") {
  for (const char* bad : {"-1", "1.5", "'1'", "true", "{}", "9007199254740992", "1e300"}) {
    CAPTURE(bad);
    CHECK(error(std::string("{'a':'f','c':'x','d':'y','v':") + bad + "}") ==
          malformed + "Invalid version");
  }
  CHECK(error("{'a':'f','c':'x','d':'y','v':9007199254740991}") == "accepted");
  for (const char* bad : {"-1", "1.5", "'1'", "true", "{}"}) {
    CAPTURE(bad);
    CHECK(error(std::string("{'a':'op','c':'x','d':'y','del':true,'seq':") + bad + "}") ==
          malformed + "Invalid seq");
  }
  CHECK(error("{'a':'op','c':'x','d':'y','del':true,'seq':9007199254740991}").substr(0, 38) ==
        "ERR_CONNECTION_SEQ_INTEGER_OVERFLOW Co");
}

TEST_CASE("message: an op says what it does, and properly") {
  const auto op = [](const std::string& fields) {
    return error("{'a':'op','c':'x','d':'y'," + fields + "}");
  };
  CHECK(op("'seq':1") == malformed + "Invalid op message");
  CHECK(op("'seq':1,'create':5") == bad_op + "Create data must be an object");
  CHECK(op("'seq':1,'create':{}") == bad_op + "Missing create type");
  CHECK(op("'seq':1,'create':{'type':'constructor'}") == bad_op + "Missing create type");
  CHECK(op("'seq':1,'del':false") == bad_op + "del value must be true");
  CHECK(op("'seq':1,'del':true,'src':5") == bad_op + "src must be a string");
  CHECK(op("'del':true") == bad_op + "Both src and seq must be set together");
}

TEST_CASE("message: collection and id must be there") {
  for (const char* action : {"f", "s", "u", "op", "nf", "nt"}) {
    CAPTURE(action);
    const std::string a = std::string("{'a':'") + action + "'";
    CHECK(error(a + ",'d':'y'}") == malformed + "Invalid collection");
    CHECK(error(a + ",'c':'x'}") == malformed + "Invalid id");
  }
  CHECK(error("{'a':'bf','b':['y']}") == malformed + "Invalid collection");
}

TEST_CASE("message: a bulk request folds repeated ids") {
  const auto message = read("{'a':'bs','c':'x','b':['p','q','p']}");
  REQUIRE(message.has_value());
  CHECK(std::get<Bulk>(*message).items.size() == 2);
  CHECK_FALSE(std::get<Bulk>(*message).with_versions);
}

TEST_CASE("message: a bulk request takes 10,000 ids and not one more") {
  const auto bulk = [](std::size_t ids) {
    std::vector<Json> list;
    for (std::size_t i = 0; i < ids; ++i) {
      list.emplace_back(std::to_string(i));
    }
    Json request = Json::object({{"a", "bf"}, {"c", "x"}});
    request.set("b", Json::array(std::move(list)));
    return decode_message(request, &find_type);
  };
  CHECK(bulk(10'000).has_value());
  REQUIRE_FALSE(bulk(10'001).has_value());
  CHECK(bulk(10'001).error().code == Errc::too_large);
}

TEST_CASE("salvage: the head of a message survives what is wrong with the rest") {
  CHECK(
      json_text(salvage_request(
          R"({"a":"op", "c" : "x","d":"y\"}","op":[{"p":["]"],"oi":{"c":1}}],"seq":7,"v":null,)")) ==
      R"({"a":"op","c":"x","d":"y\"}","seq":7,"v":null})");
}

TEST_CASE("salvage: no text makes it fail") {
  for (const char* text :
       {"", "[", "{", "{\"", "{\"a", "{\"a\"", "{\"a\":", "{\"a\":}", "{\"a\":\"", "{\"a\":\"\\",
        "}", "{]:1}", "{\"a\":[[[", "{,}", "nonsense"}) {
    CAPTURE(text);
    CHECK(json_text(salvage_request(text)) == "{}");
  }
}

TEST_CASE("salvage: of a key that comes twice the first counts, and containers are left away") {
  CHECK(json_text(salvage_request(R"({"a":"f","a":"s","c":{"x":1},"d":["y"]})")) == R"({"a":"f"})");
}
