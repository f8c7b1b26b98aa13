#include "ot/rebase.h"

#include <memory>
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
