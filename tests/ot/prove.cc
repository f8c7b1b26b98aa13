// prove: the laws of every type, first on all pairs of ops on all documents of 1, 2, 3, ... parts,
// for as many sizes as take so many pairs; then on random ones. Prints what was covered. Ends with
// 1 and the smallest case found where a law does not hold.
#include <cstdio>
#include <string>
#include <tuple>
#include <vector>

#include <CLI/CLI.hpp>

#include "ot/builtin_types.h"
#include "ot/conform/generate.h"
#include "tests/ot/generate_plan.h"
#include "tests/ot/laws.h"

using namespace segue;
using conform::Generator;
using conform::Random;
using ot::Json;
using test::Laws;

namespace {

struct Options {
  std::string type;
  std::size_t exhaustive = 20'000'000;
  std::size_t random = 1'000'000;
  std::size_t seed = 1;
};

// What was covered, and the smallest case in which a law is broken.
class Ledger {
 public:
  std::size_t documents = 0;
  std::size_t ops = 0;
  std::size_t concurrent = 0;  // pairs on one document
  std::size_t successive = 0;  // pairs of which the second applies after the first

  void note(const std::optional<std::string>& broken) {
    if (!broken) return;
    ++broken_;
    if (smallest_.empty() || broken->size() < smallest_.size()) smallest_ = *broken;
  }
  bool is_whole() const { return broken_ == 0; }

  void print(const std::string& what) const {
    std::printf("%s: %zu documents, %zu ops, %zu pairs at once, %zu in a row", what.c_str(),
                documents, ops, concurrent, successive);
    if (is_whole()) {
      std::puts(": all laws hold");
    } else {
      std::printf(": %zu cases break a law, such as\n  %s\n", broken_, smallest_.c_str());
    }
    std::fflush(stdout);
  }

 private:
  std::size_t broken_ = 0;
  std::string smallest_;
};

template <class T>
class Proof {
 public:
  explicit Proof(const Options& options) : options_(options) {}

  // Whether all laws hold.
  bool run() {
    const std::string name(T::name);
    const std::size_t sizes = exhaust();
    ledger_.print(name + ", all of fewer than " + std::to_string(sizes) + " parts");
    if (!ledger_.is_whole()) return false;
    ledger_ = {};
    sample();
    ledger_.print(name + ", random from seed " + std::to_string(options_.seed));
    return ledger_.is_whole();
  }

 private:
  using Op = typename T::Op;

  // Answers how many sizes of documents there were.
  std::size_t exhaust() {
    for (std::size_t parts = 0;; ++parts) {
      const auto docs = Generator<T>::all_docs(parts);
      std::size_t pairs = 0;
      for (const Json& doc : docs) {
        const std::size_t ops = Generator<T>::tiny_ops(doc).size();
        pairs += ops * ops;
      }
      if (ledger_.concurrent + pairs > options_.exhaustive) return parts;
      for (const Json& doc : docs) exhaust(doc);
      if (!ledger_.is_whole()) return parts + 1;  // Larger documents have no smaller case.
    }
  }

  void exhaust(const Json& doc) {
    ++ledger_.documents;
    const auto ops = Generator<T>::tiny_ops(doc);
    for (const Op& a : ops) {
      alone(doc, a);
      for (const Op& b : ops) at_once(doc, a, b);
      const auto next = Laws<T>::after(doc, a);
      if (!next) continue;  // alone() noted it
      for (const Op& b : Generator<T>::tiny_ops(*next)) in_a_row(doc, a, b);
    }
  }

  void sample() {
    Random random(options_.seed);
    while (ledger_.concurrent < options_.random) {
      Generator<T> generator(random);
      const Json doc = generator.doc();
      ++ledger_.documents;
      const Op a = generator.op(doc);
      const Op b = generator.op(doc);
      alone(doc, a);
      at_once(doc, a, b);
      const auto next = Laws<T>::after(doc, a);
      if (!next) continue;
      const Op c = generator.op(*next);
      in_a_row(doc, a, c);
      // What was composed must get along with others too.
      const auto both = T::compose(a, c);
      if (both) at_once(doc, *both, b);
    }
  }

  void alone(const Json& doc, const Op& a) {
    ++ledger_.ops;
    ledger_.note(Laws<T>::inversion(doc, a));
    ledger_.note(Laws<T>::round_trip(a));
  }
  void at_once(const Json& doc, const Op& a, const Op& b) {
    ++ledger_.concurrent;
    ledger_.note(Laws<T>::diamond(doc, a, b));
  }
  void in_a_row(const Json& doc, const Op& a, const Op& b) {
    ++ledger_.successive;
    ledger_.note(Laws<T>::composition(doc, a, b));
  }

  const Options& options_;
  Ledger ledger_;
};

// Whether all laws hold, for the chosen type or for all.
template <class... Types>
bool prove(const Options& options, std::tuple<Types...>* /*types*/) {
  bool whole = true;
  const auto consider = [&]<class T>(const T* /*type*/) {
    if (options.type.empty() || options.type == T::name) whole = Proof<T>(options).run() && whole;
  };
  (consider(static_cast<Types*>(nullptr)), ...);
  return whole;
}

template <class... Types>
std::vector<std::string> names_of(std::tuple<Types...>* /*types*/) {
  return {std::string(Types::name)...};
}

// Plan stands for the record types.
using Proved = decltype(std::tuple_cat(ot::BuiltinTypes{}, std::tuple<ot::Text0, test::Plan>{}));
constexpr Proved* proved = nullptr;

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("The laws of the OT types, on all small documents and on random ones");
  app.add_option("--type", options.type, "Only this type")->check(CLI::IsMember(names_of(proved)));
  app.add_option("--exhaustive", options.exhaustive, "Pairs of ops on all small documents, at most")
      ->capture_default_str();
  app.add_option("--random", options.random, "Pairs of random ops")->capture_default_str();
  app.add_option("--seed", options.seed, "Which ones")->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return prove(options, proved) ? 0 : 1;
}
