#include "ot/diff/reorder.h"

#include <algorithm>

#include "ot/diff/increasing.h"

namespace segue::ot {
namespace {

// Sums of counts up to a place, in O(log n) (Fenwick, "A New Data Structure for Cumulative
// Frequency Tables", 1994).
class Counts {
 public:
  explicit Counts(std::size_t size) : tree_(size + 1, 0) {}

  void add(std::size_t place, std::ptrdiff_t count) {
    for (std::size_t i = place + 1; i < tree_.size(); i += i & (~i + 1)) tree_[i] += count;
  }
  // Of the places before `end`.
  std::size_t before(std::size_t end) const {
    std::ptrdiff_t sum = 0;
    for (std::size_t i = end; i > 0; i -= i & (~i + 1)) sum += tree_[i];
    return static_cast<std::size_t>(sum);
  }

 private:
  std::vector<std::ptrdiff_t> tree_;
};

}  // namespace

// A moved element goes right behind the last one before it that is in place: one that stays, or one
// that was moved behind that. So all that are behind one that stays count at its place, and those
// before all of them at place 0.
std::vector<ListMove> reorder(const std::vector<std::size_t>& order) {
  const auto stays = longest_increasing(order);
  Counts counts(order.size() + 1);
  std::vector<std::size_t> staying;  // in their order, as they stand
  std::vector<std::size_t> moving;
  for (std::size_t i = 0; i < order.size(); ++i) {
    counts.add(i + 1, 1);
    (stays[i] ? staying : moving).push_back(i);
  }
  std::sort(moving.begin(), moving.end(),
            [&](std::size_t a, std::size_t b) { return order[a] < order[b]; });
  std::vector<ListMove> moves;
  for (const std::size_t element : moving) {
    const auto next = std::partition_point(staying.begin(), staying.end(), [&](std::size_t other) {
      return order[other] < order[element];
    });
    const std::size_t anchor = next == staying.begin() ? 0 : *(next - 1) + 1;
    const std::size_t from = counts.before(element + 1);
    counts.add(element + 1, -1);
    const std::size_t to = counts.before(anchor + 1);
    counts.add(anchor, 1);
    if (from != to) moves.push_back({element, from, to});
  }
  return moves;
}

}  // namespace segue::ot
