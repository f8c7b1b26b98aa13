// Transform of record ops, and what it did to each component, in data and in words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ot/json.h"
#include "ot/record/op.h"
#include "ot/result.h"
#include "ot/steps.h"
#include "ot/type.h"

namespace segue::ot::record {

// From the least to the most: a component that several fit has the last of them.
enum class Verdict : std::uint8_t { kept, shifted, overwrote, repaired, overwritten, dropped };
std::string_view verdict_name(Verdict verdict);

// What became of one component of an op.
struct Finding {
  Verdict verdict = Verdict::kept;
  std::optional<std::size_t> because;  // the component of the other op that led to the verdict
  std::optional<Index> from;           // where it changes the list, if that was shifted
  std::optional<Index> to;
  std::optional<Json> lost;  // the value that gave way: the other's, or if overwritten its own
  // A sentence for people, without a full stop. Only explain() fills it in.
  std::string text;
};
using Findings = std::vector<Finding>;  // one for each component, in order

// `op` as it must be to apply after `other`; where `findings` are wanted, they are replaced.
// Errors: too_costly.
Result<Op> transform(const Op& op, const Op& other, Side side, Steps& steps,
                     Findings* findings = nullptr);
inline Result<Op> transform(const Op& op, const Op& other, Side side,
                            Findings* findings = nullptr) {
  Steps steps;
  return transform(op, other, side, steps, findings);
}

// What transform() does to `op`. `doc`, if there is one, is the document before both ops, and
// gives elements their names. Errors: too_costly.
Result<Findings> explain(const Op& op, const Op& other, Side side, const Json* doc);
Json to_json(const Findings& findings, const Op& other);

}  // namespace segue::ot::record
