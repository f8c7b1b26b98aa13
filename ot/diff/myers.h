// Shortest edit scripts between two sequences, after Myers, "An O(ND) Difference Algorithm" (1986).
//
// Time and memory grow with the number of edits, not with the square of the lengths. Where more
// than `edits_max` are needed, what lies between the common beginning and end is replaced whole.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "ot/assert.h"

namespace segue::ot {

enum class EditKind : std::uint8_t { keep, erase, insert };

// `count` elements: of both sequences, of the old one, or of the new one.
struct EditRun {
  EditKind kind = EditKind::keep;
  std::size_t count = 0;
  bool operator==(const EditRun&) const = default;
};

// Runs in order, of alternating kinds; where something is replaced, erase comes before insert.
using EditScript = std::vector<EditRun>;

namespace myers {

inline void append(EditScript& script, EditKind kind, std::size_t count) {
  if (count == 0) return;
  if (!script.empty() && script.back().kind == kind) {
    script.back().count += count;
  } else if (kind == EditKind::erase && !script.empty() && script.back().kind == EditKind::insert) {
    // Erase first: it goes before the inserts that stand at the same place.
    const EditRun inserts = script.back();
    script.pop_back();
    append(script, kind, count);
    script.push_back(inserts);
  } else {
    script.push_back({kind, count});
  }
}

// The search for a path from the top left to the bottom right of the edit graph. A path with d
// edits ends on a diagonal k = x - y between -d and d; the furthest on each is all that counts.
template <class Element>
class Search {
 public:
  Search(std::span<const Element> from, std::span<const Element> to) : from_(from), to_(to) {}

  // Whether a path of at most `edits_max` edits was found.
  bool run(std::size_t edits_max) {
    const std::size_t most = std::min(edits_max, from_.size() + to_.size());
    for (std::size_t edits = 0; edits <= most; ++edits) {
      if (extend(edits)) return true;
    }
    return false;
  }

  // REQUIRES: run() found one.
  EditScript script() const {
    struct Step {
      EditKind kind;
      std::size_t kept_after;
    };
    std::vector<Step> steps;
    Diagonal k = static_cast<Diagonal>(from_.size()) - static_cast<Diagonal>(to_.size());
    std::size_t x = from_.size();
    for (std::size_t edits = rounds_.size() - 1; edits > 0; --edits) {
      const bool is_insert = goes_down(edits, k);
      const Diagonal before = is_insert ? k + 1 : k - 1;
      const std::size_t came_from = reached(edits - 1, before);
      const std::size_t start = is_insert ? came_from : came_from + 1;
      steps.push_back({is_insert ? EditKind::insert : EditKind::erase, x - start});
      x = came_from;
      k = before;
    }
    EditScript script;
    append(script, EditKind::keep, x);
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
      append(script, step->kind, 1);
      append(script, EditKind::keep, step->kept_after);
    }
    return script;
  }

 private:
  using Diagonal = std::ptrdiff_t;

  // Round d holds the diagonals -d, -d + 2, ..., d.
  std::size_t reached(std::size_t edits, Diagonal k) const {
    return rounds_[edits][static_cast<std::size_t>(k + static_cast<Diagonal>(edits)) / 2];
  }

  // Whether the best path with `edits` edits reaches diagonal k by an insert.
  bool goes_down(std::size_t edits, Diagonal k) const {
    const auto end = static_cast<Diagonal>(edits);
    if (k == -end) return true;
    if (k == end) return false;
    return reached(edits - 1, k - 1) < reached(edits - 1, k + 1);
  }

  std::size_t start_of(std::size_t edits, Diagonal k) const {
    if (edits == 0) return 0;
    return goes_down(edits, k) ? reached(edits - 1, k + 1) : reached(edits - 1, k - 1) + 1;
  }

  // Computes one round; whether it reached the end.
  bool extend(std::size_t edits) {
    std::vector<std::size_t> round;
    round.reserve(edits + 1);
    const auto end = static_cast<Diagonal>(edits);
    bool is_done = false;
    for (Diagonal k = -end; k <= end; k += 2) {
      std::size_t x = start_of(edits, k);
      auto y = static_cast<std::size_t>(static_cast<Diagonal>(x) - k);
      while (x < from_.size() && y < to_.size() && from_[x] == to_[y]) {
        ++x;
        ++y;
      }
      round.push_back(x);
      is_done = is_done || (x >= from_.size() && y >= to_.size());
    }
    rounds_.push_back(std::move(round));
    return is_done;
  }

  std::span<const Element> from_;
  std::span<const Element> to_;
  std::vector<std::vector<std::size_t>> rounds_;
};

}  // namespace myers

// What leads from one sequence to the other.
template <class Element>
EditScript edit_script(std::span<const Element> from, std::span<const Element> to,
                       std::size_t edits_max) {
  const auto front = std::mismatch(from.begin(), from.end(), to.begin(), to.end());
  const auto begin = static_cast<std::size_t>(front.first - from.begin());
  const std::size_t shorter = std::min(from.size(), to.size());
  std::size_t tail = 0;
  while (tail < shorter - begin && from[from.size() - 1 - tail] == to[to.size() - 1 - tail]) ++tail;
  const auto from_middle = from.subspan(begin, from.size() - begin - tail);
  const auto to_middle = to.subspan(begin, to.size() - begin - tail);

  EditScript script;
  myers::append(script, EditKind::keep, begin);
  myers::Search<Element> search(from_middle, to_middle);
  if (search.run(edits_max)) {
    for (const EditRun& run : search.script()) myers::append(script, run.kind, run.count);
  } else {
    myers::append(script, EditKind::erase, from_middle.size());
    myers::append(script, EditKind::insert, to_middle.size());
  }
  myers::append(script, EditKind::keep, tail);
  return script;
}

}  // namespace segue::ot
