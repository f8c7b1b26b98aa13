#include "oplog/lmdb_log.h"

#include "tests/support/stored_log.h"

namespace segue::test {

class LmdbLogUnderTest {
 public:
  oplog::OpLog& log() { return stored_.log(); }

 private:
  StoredLog stored_;
};

}  // namespace segue::test

#define SEGUE_LOGS_UNDER_TEST LmdbLogUnderTest
#include "tests/oplog/op_log_contract.h"

TYPE_TO_STRING_AS("lmdb", segue::test::LmdbLogUnderTest);
