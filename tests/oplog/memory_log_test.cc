#include "oplog/memory_log.h"

namespace segue::test {

class MemoryLogUnderTest {
 public:
  oplog::OpLog& log() { return log_; }

 private:
  oplog::MemoryLog log_;
};

}  // namespace segue::test

#define SEGUE_LOGS_UNDER_TEST MemoryLogUnderTest
#include "tests/oplog/op_log_contract.h"

TYPE_TO_STRING_AS("memory", segue::test::MemoryLogUnderTest);
