#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "ot/diff/increasing.h"
#include "ot/diff/myers.h"
#include "ot/diff/reorder.h"
#include "tests/support/random.h"

using namespace segue::ot;
using segue::test::Random;

namespace {

EditScript script(std::string_view from, std::string_view to, std::size_t edits_max = 100) {
  return edit_script<char>(std::span(from), std::span(to), edits_max);
}

// A script in letters: - keeps, ! erases, what is inserted stands for itself.
std::string shown(std::string_view from, std::string_view to, std::size_t edits_max = 100) {
  std::string text;
  std::size_t at = 0;
  for (const EditRun& run : script(from, to, edits_max)) {
    if (run.kind == EditKind::insert) {
      text += to.substr(at, run.count);
    } else {
      text += std::string(run.count, run.kind == EditKind::keep ? '-' : '!');
    }
    if (run.kind != EditKind::erase) at += run.count;
  }
  return text;
}

std::size_t edits(const EditScript& script) {
  std::size_t count = 0;
  for (const EditRun& run : script) count += run.kind == EditKind::keep ? 0 : run.count;
  return count;
}

// The fewest edits, by the book.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = a[i - 1] == b[j - 1] ? diagonal : 1 + std::min(row[j], row[j - 1]);
      diagonal = above;
    }
  }
  return row[b.size()];
}

std::string applied(std::string_view from, std::string_view to, const EditScript& script) {
  std::string text;
  std::size_t from_at = 0;
  for (const EditRun& run : script) {
    if (run.kind == EditKind::keep) text += from.substr(from_at, run.count);
    if (run.kind == EditKind::insert) text += to.substr(text.size(), run.count);
    if (run.kind != EditKind::insert) from_at += run.count;
  }
  return from_at == from.size() ? text : "(the script has another length)";
}

std::string word(Random& random) {
  std::string text;
  for (std::size_t left = random.below(9); left > 0; --left) {
    text += static_cast<char>('a' + random.below(3));
  }
  return text;
}

}  // namespace

TEST_CASE("diff: equal sequences are kept, empty ones inserted or erased") {
  CHECK(shown("abc", "abc") == "---");
  CHECK(shown("", "") == "");
  CHECK(shown("", "ab") == "ab");
  CHECK(shown("ab", "") == "!!");
}

TEST_CASE("diff: what is in the middle is found") {
  CHECK(shown("abcd", "abxd") == "--!x-");
  CHECK(shown("the cat", "the fat cat") == "----fat ---");
  CHECK(shown("abcabba", "cbabac").size() == 9);
}

TEST_CASE("diff: scripts are as short as they can be, and lead to the target") {
  Random random(1);
  for (int round = 0; round < 5000; ++round) {
    const std::string from = word(random);
    const std::string to = word(random);
    const EditScript found = script(from, to);
    CAPTURE(from);
    CAPTURE(to);
    CHECK(applied(from, to, found) == to);
    CHECK(edits(found) == distance(from, to));
    for (std::size_t i = 1; i < found.size(); ++i) {
      CHECK(found[i - 1].kind != found[i].kind);
      const bool inserts_before_erase =
          found[i - 1].kind == EditKind::insert && found[i].kind == EditKind::erase;
      CHECK_FALSE(inserts_before_erase);
    }
  }
}

TEST_CASE("diff: with too many edits all between the common ends is replaced") {
  CHECK(shown("a1b2c3d", "a4b5c6d", 2) == "-!!!!!4b5c6-");
  CHECK(shown("a1b2c3d", "a4b5c6d", 6) == "-!4-!5-!6-");
}

TEST_CASE("diff: the longest increasing subsequence stays") {
  CHECK(longest_increasing({}).empty());
  CHECK(longest_increasing({0, 1, 2}) == std::vector<bool>{true, true, true});
  CHECK(longest_increasing({2, 0, 1}) == std::vector<bool>{false, true, true});
  CHECK(longest_increasing({1, 2, 0}) == std::vector<bool>{true, true, false});
  CHECK(longest_increasing({3, 0, 2, 1, 4}) == std::vector<bool>{false, true, false, true, true});
}

TEST_CASE("reorder: the moves put every list of up to six into order, and are as few as can be") {
  for (std::size_t size = 0; size <= 6; ++size) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < size; ++i) order.push_back(i);
    do {
      std::vector<std::size_t> list = order;
      const auto moves = reorder(order);
      for (const ListMove& move : moves) {
        REQUIRE(list.at(move.from) == order[move.element]);
        list.erase(list.begin() + static_cast<std::ptrdiff_t>(move.from));
        list.insert(list.begin() + static_cast<std::ptrdiff_t>(move.to), order[move.element]);
      }
      CHECK(std::is_sorted(list.begin(), list.end()));
      const auto stays = longest_increasing(order);
      CHECK(moves.size() <=
            static_cast<std::size_t>(std::count(stays.begin(), stays.end(), false)));
    } while (std::next_permutation(order.begin(), order.end()));
  }
}
