#include "oplog/sha256.h"

#include <doctest/doctest.h>

using segue::oplog::sha256;

TEST_CASE("sha256: the parts are hashed as one sequence, with the digest of the standard") {
  const auto abc = sha256({"abc"});
  CHECK(abc[0] == 0xba);
  CHECK(abc[1] == 0x78);
  CHECK(abc[31] == 0xad);
  CHECK(sha256({"a", "", "bc"}) == abc);
  CHECK(sha256({}) == sha256({""}));
  CHECK(sha256({})[0] == 0xe3);
}
