// What a json1 op has done to a document so far, and the way back. Private to json1_apply.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ot/json.h"
#include "ot/result.h"
#include "ot/types/json1_op.h"
#include "ot/types/text_unicode.h"

namespace segue::ot::json1 {

// Who applies an op tells of each step, in order. Every place then is right when steps are taken
// back in reverse: that of a node whose steps before it are all that was done.
class Steps {
 public:
  // `doc` is what the op is applied to, and outlives this.
  Steps(const Op& op, std::optional<Json>& doc);

  // `value` was taken from where `node` stands.
  void took(const Node& node, Json::Extracted value);
  // What has to be put where `node` stands; the caller does.
  Json put(const Node& node);
  // Edits `value`, which stands where `node` does. Errors: op_not_applied, with nothing done.
  Result<void> edit(Json& value, const Node& node);

  void take_back();

 private:
  enum class What : std::uint8_t { took, put, edited };
  struct Step {
    What what;
    const Node* node;
    Json::Extracted value{};  // that was removed, or was there before the edit
  };

  void note(Step step) {
    if (is_kept_) steps_.push_back(std::move(step));
  }
  void take_back_root(Step& step);
  void take_back_in(Json& container, Step& step);
  void take_back_edit(Json& value, Step& step);
  Json::Extracted taken(Step& step);
  void was_put(const Step& step, Json value);

  std::optional<Json>& doc_;
  std::vector<Json> held_;  // by slot
  bool is_kept_;            // a single step needs no way back
  std::vector<Step> steps_;
  std::vector<TextUnicode::Op> undos_;  // of short edits of texts
};

// The child of `container` at `key`, empty if there is none.
JsonChild child_at(Json& container, const Key& key);

}  // namespace segue::ot::json1
