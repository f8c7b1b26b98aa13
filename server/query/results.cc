#include "server/query/results.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "ot/assert.h"
#include "server/query/order.h"

namespace segue::query {

namespace {
constexpr std::size_t reserve_min = 64;  // kept beyond the end, for when others are removed
}

bool Results::less(const Entry& a, const Entry& b) const {
  for (const SortKey& key : query_.sort) {
    const auto order = compare(key.path.find(a.snapshot.data), key.path.find(b.snapshot.data));
    if (std::is_neq(order)) {
      return key.descending ? std::is_gt(order) : std::is_lt(order);
    }
  }
  return a.number < b.number;
}

std::size_t Results::place(const Entry& entry) const {
  const auto at = std::lower_bound(first_.begin(), first_.end(), &entry,
                                   [&](const Entry* a, const Entry* b) { return less(*a, *b); });
  return static_cast<std::size_t>(at - first_.begin());
}

std::size_t Results::end() const {
  const std::size_t limit = query_.end().value_or(first_.size());
  return std::min(limit, first_.size());
}

std::span<Entry* const> Results::shown() const {
  const std::size_t begin = std::min(query_.skip, end());
  return std::span(first_).subspan(begin, end() - begin);
}

void Results::fill(std::vector<Entry*> matches) {
  first_ = std::move(matches);
  is_all_ = true;
  std::sort(first_.begin(), first_.end(),
            [&](const Entry* a, const Entry* b) { return less(*a, *b); });
  trim();
}

// Not at each insert, so that those between two trims cost nothing.
void Results::trim() {
  const auto end = query_.end();
  if (!end) {
    return;
  }
  const std::size_t keep = *end + std::max(*end, reserve_min);
  if (first_.size() > 2 * keep) {
    first_.resize(keep);
    first_.shrink_to_fit();
    is_all_ = false;
  }
}

bool Results::must_fill_before_remove() const { return !is_all_ && first_.size() <= *query_.end(); }

std::vector<Edit> Results::remove(const Entry& entry) {
  OT_ASSERT(!must_fill_before_remove());
  const std::size_t at = place(entry);
  if (at == first_.size() || first_[at] != &entry) {
    OT_ASSERT(!is_all_);
    return {};
  }
  std::vector<Edit> edits;
  const std::size_t skip = query_.skip;
  const std::size_t last = end();
  const bool has_next = last < first_.size();
  if (at < last && last > skip) {
    const std::size_t gone = std::max(at, skip);
    edits.push_back({Edit::Kind::remove, gone - skip, first_[gone]});
  }
  first_.erase(first_.begin() + static_cast<std::ptrdiff_t>(at));
  if (at < last && has_next && last > skip) {
    edits.push_back({Edit::Kind::insert, last - 1 - skip, first_[last - 1]});
  }
  return edits;
}

std::vector<Edit> Results::insert(Entry& entry) {
  const std::size_t at = place(entry);
  if (at == first_.size() && !is_all_) {
    return {};  // After those that are kept, where there may be others.
  }
  const std::size_t skip = query_.skip;
  const std::size_t last = end();
  first_.insert(first_.begin() + static_cast<std::ptrdiff_t>(at), &entry);
  std::vector<Edit> edits;
  const std::size_t limit = query_.end().value_or(first_.size());
  if (at < limit && first_.size() > skip) {
    const std::size_t come = std::max(at, skip);
    edits.push_back({Edit::Kind::insert, come - skip, first_[come]});
    if (last == limit) {
      edits.push_back({Edit::Kind::remove, limit - skip, first_[limit]});
    }
  }
  trim();
  return edits;
}

std::vector<Edit> joined(std::vector<Edit> removal, std::vector<Edit> insertion) {
  const bool came_and_went =
      !removal.empty() && !insertion.empty() && removal.back().kind == Edit::Kind::insert &&
      insertion.back().kind == Edit::Kind::remove && removal.back().entry == insertion.back().entry;
  if (came_and_went) {  // The last of the list both times, so no index changes.
    removal.pop_back();
    insertion.pop_back();
  }
  if (removal.size() == 1 && insertion.size() == 1 && removal[0].kind == Edit::Kind::remove &&
      insertion[0].kind == Edit::Kind::insert && removal[0].entry == insertion[0].entry) {
    if (removal[0].index == insertion[0].index) {
      return {};
    }
    return {{Edit::Kind::move, removal[0].index, removal[0].entry, insertion[0].index}};
  }
  removal.insert(removal.end(), std::make_move_iterator(insertion.begin()),
                 std::make_move_iterator(insertion.end()));
  return removal;
}

}  // namespace segue::query
