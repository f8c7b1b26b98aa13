// diff(): the shortest edit of one document's characters into another's, found as Myers did (1986),
// with the attributes of what stays compared afterwards. Characters are whole, so no surrogate pair
// is cut.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ot/json_text.h"
#include "ot/types/rich_text_attributes.h"
#include "ot/types/rich_text_parts.h"
#include "ot/utf8.h"

namespace segue::ot {
namespace {

using rich_text::Component;
using rich_text::Delete;
using rich_text::Insert;
using rich_text::Op;
using rich_text::Reader;
using rich_text::Retain;
using Attributes = RichText::Attributes;

// A code point, or above those the number of an embedded object.
using Symbol = std::uint32_t;
using Symbols = std::vector<Symbol>;
constexpr Symbol symbol_embedded = 0x110000;

std::size_t units(Symbol symbol) { return symbol >= 0x10000 && symbol < symbol_embedded ? 2 : 1; }
std::size_t units(const Symbols& symbols, std::size_t from, std::size_t count) {
  std::size_t sum = 0;
  for (std::size_t i = from; i < from + count; ++i) sum += units(symbols[i]);
  return sum;
}

// Gives equal embedded objects equal symbols.
class Alphabet {
 public:
  Symbols read(const Op& inserts) {
    Symbols symbols;
    for (const Component& component : inserts) {
      const Json& content = std::get<Insert>(component).content;
      if (!content.is_string()) {
        const auto number = static_cast<Symbol>(embedded_.size());
        const auto known = embedded_.emplace(json_text(content), symbol_embedded + number).first;
        symbols.push_back(known->second);
        continue;
      }
      content.text().for_each_chunk([&](std::string_view text) {
        for (; !text.empty(); text.remove_prefix(char_bytes(text[0]))) {
          symbols.push_back(decode(text));
        }
      });
    }
    return symbols;
  }

 private:
  std::unordered_map<std::string, Symbol> embedded_;
};

// A stretch of both sequences that is equal.
struct Match {
  std::size_t from;
  std::size_t to;
  std::size_t count;
};

// Finds the longest common subsequence of what lies between two equal ends. A diagonal k holds the
// points with x - y = k, x in one sequence and y in the other.
class Myers {
 public:
  // What it may cost: symbols compared, and the square root of what is remembered. Beyond that
  // nothing between the ends counts as equal, which is correct, but not small.
  static constexpr std::size_t steps_max = 20'000'000;
  static constexpr int edits_max = 1'000;

  Myers(const Symbols& from, const Symbols& to) : from_(from), to_(to) {}

  // In order.
  std::vector<Match> run() {
    const auto [unequal, _] = std::ranges::mismatch(from_, to_);
    head_ = static_cast<std::size_t>(unequal - from_.begin());
    const std::size_t shorter = std::min(from_.size(), to_.size());
    std::size_t tail = 0;
    while (tail < shorter - head_ && from_[from_.size() - 1 - tail] == to_[to_.size() - 1 - tail]) {
      ++tail;
    }
    n_ = static_cast<int>(from_.size() - tail - head_);
    m_ = static_cast<int>(to_.size() - tail - head_);
    std::vector<Match> matches{{from_.size() - tail, to_.size() - tail, tail}};
    if (search()) trace_back(matches);
    matches.push_back({0, 0, head_});
    std::ranges::reverse(matches);
    return matches;
  }

 private:
  // The furthest x on each diagonal from -d to d that d edits reach.
  using Reached = std::vector<int>;
  struct Start {
    int x;
    int diagonal_before;
  };

  static std::size_t place(int d, int k) { return static_cast<std::size_t>(std::ptrdiff_t{k} + d); }
  // Where d edits come to stand on diagonal k, before they slide along what is equal.
  Start start(int d, int k) const {
    if (d == 0) return {0, 0};
    const auto before = [&, &reached = trace_[static_cast<std::size_t>(d - 1)]](int diagonal) {
      return reached[place(d - 1, diagonal)];
    };
    const bool is_insert = k == -d || (k != d && before(k - 1) < before(k + 1));
    return is_insert ? Start{before(k + 1), k + 1} : Start{before(k - 1) + 1, k - 1};
  }

  // Whether it found a way within the bounds.
  bool search() {
    std::size_t steps = 0;
    for (int d = 0; d <= edits_max && steps < steps_max; ++d) {
      Reached reached(2 * static_cast<std::size_t>(d) + 1);
      for (int k = -d; k <= d; k += 2) {
        int x = start(d, k).x;
        while (x < n_ && x - k < m_ && is_equal(x, x - k)) {
          ++x;
          ++steps;
        }
        reached[place(d, k)] = x;
      }
      const int goal = n_ - m_;
      const bool is_reached =
          std::abs(goal) <= d && (goal - d) % 2 == 0 && reached[place(d, goal)] >= n_;
      trace_.push_back(std::move(reached));
      if (is_reached) return true;
    }
    return false;
  }

  // Backwards.
  void trace_back(std::vector<Match>& matches) const {
    int k = n_ - m_;
    for (int d = static_cast<int>(trace_.size()) - 1; d >= 0; --d) {
      const int end = trace_[static_cast<std::size_t>(d)][place(d, k)];
      const Start begin = start(d, k);
      matches.push_back({head_ + static_cast<std::size_t>(begin.x),
                         head_ + static_cast<std::size_t>(begin.x - k),
                         static_cast<std::size_t>(end - begin.x)});
      k = begin.diagonal_before;
    }
  }

  bool is_equal(int x, int y) const {
    return from_[head_ + static_cast<std::size_t>(x)] == to_[head_ + static_cast<std::size_t>(y)];
  }

  const Symbols& from_;
  const Symbols& to_;
  std::size_t head_ = 0;
  int n_ = 0;  // lengths without the equal ends
  int m_ = 0;
  std::vector<Reached> trace_;  // by number of edits
};

// Without empty texts, in which the readers would lose their place.
Result<Op> read_document(const Json& doc) {
  auto op = RichText::parse(doc, SIZE_MAX);
  if (!op) return fail(Errc::op_not_applied, op.error().detail);
  if (!std::ranges::all_of(*op, rich_text::is<Insert>)) {
    return fail(Errc::op_not_applied, "a document has nothing but inserts");
  }
  std::erase_if(*op, [](const Component& insert) { return rich_text::length(insert) == 0; });
  return std::move(*op);
}

// Writes the op that turns what one reader hands out into what the other does.
class Changes {
 public:
  Changes(const Op& from, const Op& to) : from_(from), to_(to) {}

  void remove(std::size_t count) {
    while (count > 0) {
      const std::size_t part = rich_text::length(from_.take(count));
      rich_text::push(out_, Delete{part});
      count -= part;
    }
  }
  void add(std::size_t count) {
    while (count > 0) {
      const Component part = to_.take(count);
      count -= rich_text::length(part);
      rich_text::push(out_, part);
    }
  }
  void keep(std::size_t count) {
    while (count > 0) {
      const std::size_t part = std::min({from_.left(), to_.left(), count});
      const Attributes before = std::get<Insert>(from_.take(part)).attributes;
      const Attributes after = std::get<Insert>(to_.take(part)).attributes;
      rich_text::push(out_, Retain{part, rich_text::difference(before, after)});
      count -= part;
    }
  }
  Op finish() {
    rich_text::chop(out_);
    return std::move(out_);
  }

 private:
  Reader from_;
  Reader to_;
  Op out_;
};

}  // namespace

Result<Op> RichText::diff(const Json& doc, const Json& target) {
  const auto from = read_document(doc);
  if (!from) return fail(from.error());
  const auto to = read_document(target);
  if (!to) return fail(to.error());
  Alphabet alphabet;
  const Symbols before = alphabet.read(*from);
  const Symbols after = alphabet.read(*to);
  Changes changes(*from, *to);
  std::size_t x = 0;
  std::size_t y = 0;
  for (const Match& match : Myers(before, after).run()) {
    changes.remove(units(before, x, match.from - x));
    changes.add(units(after, y, match.to - y));
    changes.keep(units(before, match.from, match.count));
    x = match.from + match.count;
    y = match.to + match.count;
  }
  return changes.finish();
}

}  // namespace segue::ot
