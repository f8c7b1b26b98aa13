// What a json1 op has done to a document so far, and the way back. Private to json1_apply.cc.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <utility>
#include <vector>

#include "ot/json.h"
#include "ot/result.h"
#include "ot/types/json1_op.h"

namespace segue::ot::json1 {

// Who applies an op tells of each step, in order. Every place then is right when steps are taken
// back in reverse: that of a node whose steps before it are all that was done.
class Steps {
 public:
  // `doc` is what the op is applied to, and outlives this.
  Steps(const Op& op, std::optional<Json>& doc);
  Steps(const Steps&) = delete;
  Steps& operator=(const Steps&) = delete;
  ~Steps() = default;

  // `value` was taken from where `node` stands.
  void took(const Node& node, Json::Extracted&& value) {
    if (node.component.pick) held_[*node.component.pick] = std::exchange(value.value, Json());
    if (is_kept_) steps_.push_back({What::took, &node, std::move(value)});
  }
  // Calls put(Json&&) with what has to be put where `node` stands. False, with nothing done, where
  // that answers false and leaves it.
  template <class Put>
  bool put(const Node& node, Put put) {
    const auto& insert = node.component.insert;
    const bool done = insert ? put(Json(*insert)) : put(std::move(held_[*node.component.drop]));
    if (done && is_kept_) steps_.push_back({What::put, &node});
    return done;
  }
  // Edits `value`, which stands where `node` does. Errors: op_not_applied, with nothing done.
  Result<void> edit(Json& value, const Node& node);

  void take_back();

 private:
  enum class What : std::uint8_t { took, put, edited, edited_text };
  struct Step {
    What what;
    const Node* node;
    // That was removed; or was there before the edit; or the text that a short edit deleted.
    Json::Extracted value{};
  };

  void take_back_root(Step& step);
  void take_back_in(Json& container, Step& step);
  void note_edit(const Json& value, const Node& node);
  static void take_back_edit(Json& value, Step& step);
  Json::Extracted taken(Step& step);
  void was_put(const Step& step, Json value);

  std::optional<Json>& doc_;
  bool is_kept_;                      // a single step needs no way back
  std::array<std::byte, 4096> room_;  // of most ops
  std::pmr::monotonic_buffer_resource memory_{room_.data(), room_.size()};
  std::pmr::vector<Json> held_;  // by slot
  std::pmr::vector<Step> steps_{&memory_};
};

// The child of `container` at `key`, empty if there is none.
JsonChild child_at(Json& container, const Key& key);

}  // namespace segue::ot::json1
