// How rich-text ops are taken apart and put together. Private to ot/types/rich_text*.cc.
//
// A text of length 0 may be inserted. Where it stands in a document or in the first of two composed
// ops, the reference loses its place in the other op: its iterator takes a length of 0 for "all".
// What it does then is part of its results, and is done here too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>

#include "ot/types/rich_text.h"

namespace segue::ot::rich_text {

using Component = RichText::Component;
using Delete = RichText::Delete;
using Insert = RichText::Insert;
using Op = RichText::Op;
using Retain = RichText::Retain;

std::size_t length(const Component& component);

template <class Kind>
bool is(const Component& component) {
  return std::holds_alternative<Kind>(component);
}

// Nothing but keeping what is there.
bool is_plain_retain(const Component& component);

// Puts a component behind `op`: merged with the last one where both are of one kind, texts and
// retains where their attributes are equal as well; an insert before a delete that comes last.
void push(Op& op, Component component);
// Drops a plain retain at the end.
void chop(Op& op);

// Hands out an op in pieces.
class Reader {
 public:
  static constexpr std::size_t all = SIZE_MAX;

  explicit Reader(const Op& op) : op_(op) {}

  bool at_end() const { return index_ == op_.size(); }
  template <class Kind>
  bool next_is() const {
    return !at_end() && is<Kind>(op_[index_]);
  }
  // REQUIRES: !at_end().
  const Component& next() const { return op_[index_]; }
  // How much of the next component is left: past the end lies an endless retain.
  std::size_t left() const { return at_end() ? all : length(next()) - offset_; }
  // At most `count_max` of the next component. 0 counts as all of it: see above.
  Component take(std::size_t count_max = all);
  // Passes over what take() would hand out, or over all of the next component.
  void pass(std::size_t count_max);
  void pass() {
    ++index_;
    offset_ = 0;
  }
  // What is left, the first component perhaps in part.
  Op rest();

 private:
  const Op& op_;
  std::size_t index_ = 0;
  std::size_t offset_ = 0;
};

}  // namespace segue::ot::rich_text
