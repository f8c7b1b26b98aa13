#include "ot/cow_tree.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/random.h"

using namespace segue::ot;
using segue::test::Random;

namespace {

// Elements own memory, so that a sanitizer sees one that is lost or freed twice.
using Element = std::shared_ptr<const int>;

struct SumTraits {
  using Element = ::Element;
  struct Summary {
    long total = 0;
    int last = 0;
    void add(const Summary& next) {
      total += next.total;
      last = next.last;
    }
    bool replace(const Summary& before, const Summary& after) {
      if (before.last != after.last || after.last == 0) return false;
      total += after.total - before.total;
      return true;
    }
  };
  static Summary summary(const Element& element) { return {*element, *element}; }
};
using Tree = CowTree<SumTraits>;

// The largest and the last one. These are never summed up again but where the largest one goes.
struct LastTraits {
  using Element = ::Element;
  struct Summary {
    int largest = 0;
    int last = 0;
    void add(const Summary& next) {
      largest = std::max(largest, next.largest);
      last = next.last;
    }
    bool replace(const Summary& before, const Summary& after) {
      if (before.largest == largest && after.largest < largest) return false;
      largest = std::max(largest, after.largest);
      return true;
    }
    void end_with(const Element& e) { last = *e; }
    void end_with(const Summary& next) { last = next.last; }
  };
  static Summary summary(const Element& element) { return {*element, *element}; }
};

Element element(int value) { return std::make_shared<const int>(value); }

Tree tree_of(const std::vector<int>& values) {
  std::vector<Element> elements;
  elements.reserve(values.size());
  for (const int value : values) elements.push_back(element(value));
  return Tree::build(std::span(elements));
}

std::vector<int> values_of(const Tree& tree) {
  std::vector<int> values;
  tree.for_each([&](const Element& e) { values.push_back(*e); });
  return values;
}

long sum_of(const std::vector<int>& values) {
  long sum = 0;
  for (const int value : values) sum += value;
  return sum;
}

void check_equal(const Tree& tree, const std::vector<int>& values) {
  REQUIRE(tree.is_sound());
  REQUIRE(values_of(tree) == values);
  REQUIRE(tree.size() == values.size());
  REQUIRE(tree.summary().total == sum_of(values));
}

// One random edit of both. `growth` in 0..10 says how often it inserts.
void edit_both(Tree& tree, std::vector<int>& values, Random& random, std::size_t growth) {
  const int value = static_cast<int>(random.below(1000));
  if (values.empty() || random.below(10) < growth) {
    const std::size_t at = random.below(values.size() + 1);
    tree.insert(at, element(value));
    values.insert(values.begin() + static_cast<std::ptrdiff_t>(at), value);
    return;
  }
  const std::size_t at = random.below(values.size());
  if (random.below(2) == 0) {
    CHECK(*tree.erase(at) == values[at]);
    values.erase(values.begin() + static_cast<std::ptrdiff_t>(at));
  } else {
    tree.edit(at, [&](Element& e) { e = element(value); });
    values[at] = value;
  }
}

}  // namespace

TEST_CASE("cow_tree: an empty one has no elements, no sum and nothing to find") {
  const Tree tree;
  CHECK(tree.size() == 0);
  CHECK(tree.summary().total == 0);
  CHECK(tree.seek([](const auto&) { return true; }) == 0);
  CHECK(tree.is_sound());
}

TEST_CASE("cow_tree: building holds what it was given, at every size around the borders of nodes") {
  for (const std::size_t size :
       {0U, 1U, 2U, 31U, 32U, 33U, 64U, 65U, 1023U, 1024U, 1025U, 40'000U}) {
    std::vector<int> values;
    for (std::size_t i = 0; i < size; ++i) values.push_back(static_cast<int>(i));
    check_equal(tree_of(values), values);
  }
}

TEST_CASE("cow_tree: does as a vector does, over random edits while it grows and shrinks") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Random random(seed);
    Tree tree;
    std::vector<int> values;
    for (int round = 0; round < 6; ++round) {
      const std::size_t growth = round % 2 == 0 ? 9 : 1;
      for (int i = 0; i < 700; ++i) edit_both(tree, values, random, growth);
      check_equal(tree, values);
    }
    while (!values.empty()) {
      values.erase(values.begin());
      tree.erase(0);
    }
    check_equal(tree, values);
  }
}

TEST_CASE("cow_tree: a sum knows its last element, whatever comes and goes") {
  Random random(5);
  CowTree<LastTraits> tree;
  std::vector<int> values;
  for (int i = 0; i < 6000; ++i) {
    const auto at = random.below(2) == 0 ? values.size() : random.below(values.size() + 1);
    const auto place = values.begin() + static_cast<std::ptrdiff_t>(at);
    if (values.empty() || random.below(10) < (i < 3000 ? 7U : 3U)) {
      const int value = 1 + static_cast<int>(random.below(1000));
      tree.insert(at, element(value));
      values.insert(place, value);
    } else {
      tree.erase(at == values.size() ? at - 1 : at);
      values.erase(at == values.size() ? place - 1 : place);
    }
    REQUIRE(tree.summary().last == (values.empty() ? 0 : values.back()));
    REQUIRE(tree.summary().largest == (values.empty() ? 0 : *std::ranges::max_element(values)));
  }
}

TEST_CASE("cow_tree: a copy keeps what it held, whatever becomes of the original") {
  Random random(7);
  Tree tree;
  std::vector<int> values;
  std::vector<std::pair<Tree, std::vector<int>>> snapshots;
  for (int i = 0; i < 6000; ++i) {
    edit_both(tree, values, random, i < 3000 ? 8 : 3);
    if (i % 100 == 0) snapshots.emplace_back(tree, values);
  }
  for (const auto& [copy, expected] : snapshots) check_equal(copy, expected);
}

TEST_CASE("cow_tree: a copy may be edited too, apart from the original") {
  Tree tree = tree_of(std::vector<int>(500, 1));
  Tree copy = tree;
  CHECK(copy.is_same(tree));
  copy.edit(250, [](Element& e) { e = element(5); });
  CHECK(copy.summary().total == 504);
  CHECK(tree.summary().total == 500);
}

TEST_CASE("cow_tree: appending one by one leaves nodes three quarters full") {
  Tree tree;
  for (int i = 0; i < 10'000; ++i) tree.insert(tree.size(), element(i));
  CHECK(tree.is_sound());
  CHECK(tree.run(0).size() == 24);
}

TEST_CASE("cow_tree: an edit of one held once is in place") {
  Tree tree = tree_of(std::vector<int>(500, 1));
  const Element* before = &tree.at(100);
  tree.edit(100, [](Element& e) { e = element(2); });
  CHECK(&tree.at(100) == before);
}

TEST_CASE("cow_tree: seek finds the first element where a running sum reaches a bound") {
  std::vector<int> values(3000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<int>(i % 7);
  const Tree tree = tree_of(values);
  for (long bound = 1; bound < sum_of(values); bound += 97) {
    long expected_sum = 0;
    std::size_t expected = 0;
    while (expected_sum + values[expected] < bound) expected_sum += values[expected++];

    long left = bound;
    const auto enter = [&](long total) {
      if (total >= left) return true;
      left -= total;
      return false;
    };
    struct Enter {
      decltype(enter)& in;
      bool operator()(const SumTraits::Summary& sum) const { return in(sum.total); }
      bool operator()(const Element& e) const { return in(*e); }
    };
    CHECK(tree.seek(Enter{enter}) == expected);
  }
}

TEST_CASE("cow_tree: seek answers the size where nothing is found") {
  const Tree tree = tree_of(std::vector<int>(100, 1));
  CHECK(tree.seek([](const auto&) { return false; }) == 100);
}
