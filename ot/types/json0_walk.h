// How json0 gets to a place of a document. Private to json0_apply.cc and json0_undo.cc.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "ot/json.h"
#include "ot/types/json0_parts.h"

namespace segue::ot::json0_parts {

// Goes from place to place; what two of them have in common is gone down once. What lies above
// the place where it is is right again when it goes on, or ends.
class Walk {
 public:
  explicit Walk(Json& doc) : doc_(doc) {}
  Walk(const Walk&) = delete;
  Walk(Walk&&) = delete;
  Walk& operator=(const Walk&) = delete;
  Walk& operator=(Walk&&) = delete;
  ~Walk() { up_to(0); }

  // What stands at `path`, to be edited before the next step; null if nothing does. The path must
  // live until then.
  Json* to(PathView path);
  // Of the root, which may be replaced here.
  Json& root();

 private:
  Json& here() { return steps_.empty() ? doc_ : *steps_.back(); }
  bool down(const PathElement& element);
  void up_to(std::size_t depth);

  Json& doc_;
  PathView path_;                 // begins with where it is
  std::vector<JsonChild> steps_;  // from the root on
};

}  // namespace segue::ot::json0_parts
