#include "ot/rebase.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "ot/builtin_types.h"
#include "ot/json_text.h"

using namespace segue::ot;

TEST_CASE("rebase G8: the steps of one op are bounded over all that it is rewritten over") {
  std::vector<CommittedOpPtr> ops;
  Json heavy = Json::array();
  for (int i = 0; i < 100; ++i) heavy.push_back(*parse_json(R"({"p":[0],"li":1})"));
  const AnyType& type = *find_type("json0");
  for (std::uint64_t v = 1; v <= 20; ++v) {
    CommittedOp op;
    op.version = Version{v};
    op.kind = OpKind::edit;
    op.op = *type.parse(heavy);
    ops.push_back(std::make_shared<const CommittedOp>(std::move(op)));
  }
  Submission submission;
  submission.base = Version{1};
  submission.value = heavy;
  PendingOp pending(std::move(submission));
  pending.steps = Steps(100'000);  // enough for half of it
  CHECK(Lineage{&type, Version{}}.rebase(pending, ops));
  REQUIRE(pending.clash.has_value());
  CHECK(pending.clash->code == Errc::too_costly);
  CHECK(pending.at > Version{5});
  CHECK(pending.at < Version{15});
}

TEST_CASE("rebase: an op of a record type that replaces what its author had not seen is known") {
  const AnyType& type = *find_type("segue:production/1");
  const auto set = [](const char* field, const char* value) {
    return *parse_json(std::string(R"([{"type":"set","field":")") + field + R"(","value":")" +
                       value + R"("}])");
  };
  const auto overwrites = [&](const Json& op, const Json& unseen) {
    CommittedOp committed;
    committed.version = Version{1};
    committed.kind = OpKind::edit;
    committed.op = *type.parse(unseen);
    Submission submission;
    submission.base = Version{1};
    submission.value = op;
    PendingOp pending(std::move(submission));
    CHECK(Lineage{&type, Version{}}.rebase(
        pending, std::vector{std::make_shared<const CommittedOp>(std::move(committed))}));
    return pending.overwrote;
  };
  CHECK(overwrites(set("venue", "Hall B"), set("venue", "Hall A")));
  CHECK_FALSE(overwrites(set("venue", "Hall A"), set("venue", "Hall A")));
  CHECK_FALSE(overwrites(set("venue", "Hall B"), set("name", "Gala")));
}
