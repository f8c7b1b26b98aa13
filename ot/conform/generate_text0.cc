#include "ot/assert.h"
#include "ot/conform/generate.h"
#include "ot/conform/generate_parts.h"

namespace segue::conform {

using ot::Json;
using ot::Text0;

Json Generator<Text0>::doc() {
  return Json(letters_of(random_, is_long(random_) ? 2 * long_size : 5));
}

Text0::Op Generator<Text0>::op(const Json& doc) {
  Json now = doc;
  Text0::Op op;
  for (std::size_t left = 1 + random_.below(3); left > 0; --left) {
    op.push_back(text0_component(random_, now.text()));
    OT_ASSERT(Text0::apply(now, {op.back()}).has_value());
  }
  return op;
}

std::vector<Json> Generator<Text0>::tiny_docs() { return {"", "a", "ab", "abc", letters[3]}; }

std::vector<Json> Generator<Text0>::all_docs(std::size_t parts) { return all_strings(parts); }

std::vector<Text0::Op> Generator<Text0>::tiny_ops(const Json& doc) {
  std::vector<Text0::Op> ops;
  for (auto& component : all_text0_components(doc.text())) ops.push_back({std::move(component)});
  return ops;
}

std::vector<Text0::Op> Generator<Text0>::cuts(const Json& doc) {
  std::vector<Text0::Op> ops;
  for (auto& component : text0_cuts(doc.text())) ops.push_back({std::move(component)});
  return ops;
}

}  // namespace segue::conform
