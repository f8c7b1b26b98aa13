#include "ot/history.h"

#include <string>
#include <string_view>
#include <utility>

#include <doctest/doctest.h>

#include "ot/builtin_types.h"
#include "ot/json_text.h"
#include "tests/support/allocations.h"

using namespace segue::ot;
using segue::test::bytes_held;

namespace {

CommittedOpPtr committed(const AnyType& type, std::string_view text, std::uint64_t version) {
  auto op = type.parse(*parse_json(text));
  REQUIRE(op.has_value());
  CommittedOp made;
  made.version = Version{version};
  made.kind = OpKind::edit;
  made.src = ClientId{"0123456789abcdef0123456789abcdef"};
  made.seq = Seq{version};
  made.payload = text;
  made.op = std::move(*op);
  return std::make_shared<const CommittedOp>(std::move(made));
}

std::string many_inserts() {
  std::string op = "[";
  for (int i = 0; i < 50; ++i) {
    op += (i > 0 ? "," : "") + (R"({"p":["items",)" + std::to_string(i)) +
          R"(],"li":{"name":"camera","at":7}})";
  }
  return op + "]";
}

}  // namespace

TEST_CASE("history: its size is about the memory that usual ops take, of every type") {
  const std::pair<std::string_view, std::string> usual[] = {
      {"text-unicode", R"([17,"h"])"},
      {"text-unicode", R"([17,"hello",{"d":3}])"},
      {"rich-text", R"([{"retain":17},{"insert":"h"}])"},
      {"rich-text", R"([{"retain":9},{"insert":"hi","attributes":{"bold":true}},{"delete":4}])"},
      {"json0", R"([{"p":["n"],"na":1}])"},
      {"json0", R"([{"p":["text",17],"si":"h"}])"},
      {"json0", R"([{"p":["items",12,"name"],"od":"old value","oi":"new value"}])"},
      {"json0", R"([{"p":["a",3],"li":{"id":"x","name":"camera","at":{"x":1,"y":2}}}])"},
      {"json0", R"([{"p":["a"],"oi":")" + std::string(2'000, 'x') + R"("}])"},
      {"json0", many_inserts()},
      {"json1", R"(["items",12,"name",{"r":true,"i":"new value"}])"},
      {"json1", R"(["text",{"es":[17,"h"]}])"},
      {"json1", R"([["a",{"p":0}],["b",{"d":0}]])"},
      {"segue:production/1", R"([{"type":"set","field":"venue","value":"Hall B"}])"},
      {"segue:production/1",
       R"([{"type":"edit","entity":"source","index":0,"field":"notes","text":[3,"z"]}])"},
  };
  for (const auto& one : usual) {
    const std::string_view type = one.first;
    const std::string& op = one.second;
    CAPTURE(type);
    CAPTURE(op.substr(0, 100));
    const std::size_t before = bytes_held();
    History history(64u << 20);
    for (std::uint64_t version = 0; version < 1'000; ++version) {
      history.push(committed(*find_type(type), op, version));
    }
    const auto real = static_cast<double>(bytes_held() - before);
    const auto counted = static_cast<double>(history.bytes());
    CAPTURE(real / 1'000);
    CAPTURE(counted / 1'000);
    CHECK(counted < 2 * real);
    CHECK(counted > real / 2);
  }
}

TEST_CASE("history: what is pruned is no longer counted") {
  History history(10'000);
  for (std::uint64_t version = 0; version < 100; ++version) {
    history.push(committed(*find_type("json0"), R"([{"p":["n"],"na":1}])", version));
    history.prune(Version{version + 1});
    CHECK(history.bytes() <= 10'000);
  }
  CHECK(history.begin() > Version{50});
  history.reset(Version{200});
  CHECK(history.bytes() == 0);
}
