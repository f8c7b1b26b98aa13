// Documents and ops of a record type, whatever its schema: as the Generators of
// ot/conform/generate.h.
//
// Ops know all ids and memories, so that they can be inverted. Elements have few ids.
#pragma once

#include <cstddef>
#include <vector>

#include "ot/conform/random.h"
#include "ot/json.h"
#include "ot/record/record_type.h"

namespace segue::conform {

class RecordGenerator {
 public:
  using Op = ot::RecordType::Op;

  // REQUIRES: both outlive it.
  RecordGenerator(const ot::RecordType& type, Random& random) : type_(type), random_(random) {}

  ot::Json doc();
  // An op that applies to `doc`.
  Op op(const ot::Json& doc);

  // With up to three elements in each list.
  static std::vector<ot::Json> tiny_docs(const ot::RecordType& type);
  // The one with so many elements in each list: which field holds what makes no difference.
  static std::vector<ot::Json> all_docs(const ot::RecordType& type, std::size_t parts);
  // All of one component that edit one field of a kind or the first list.
  static std::vector<Op> tiny_ops(const ot::RecordType& type, const ot::Json& doc);
  static std::vector<Op> cuts(const ot::RecordType& type, const ot::Json& doc);

 private:
  const ot::RecordType& type_;
  Random& random_;
};

}  // namespace segue::conform
