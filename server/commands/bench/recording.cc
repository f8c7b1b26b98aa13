#include "server/commands/bench/recording.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <iterator>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "ot/builtin_types.h"
#include "ot/json_text.h"

namespace segue::bench {

namespace {

constexpr std::size_t authors_max = 2;  // With three, a count does not say whose txns were known.
using Counts = std::array<std::size_t, authors_max>;  // txns of each author

template <class T>
T must(ot::Result<T> result) {
  if (!result) {
    throw std::runtime_error("not a recording: " + result.error().detail);
  }
  return std::move(*result);
}

const ot::Json& field(const ot::Json& object, std::string_view name) {
  const ot::Json* found = object.find(name);
  if (found == nullptr) {
    throw std::runtime_error("not a recording: no " + std::string(name));
  }
  return *found;
}

std::size_t index_of(const ot::Json& value) { return static_cast<std::size_t>(value.number()); }

ot::Json op_of(const ot::Json& patch) {
  ot::Json op = ot::Json::array();
  if (patch[0].number() > 0) {
    op.push_back(patch[0]);
  }
  if (patch[1].number() > 0) {
    op.push_back(ot::Json::object({{"d", patch[1]}}));
  }
  if (!patch[2].text().empty()) {
    op.push_back(patch[2]);
  }
  return op;
}

// A txn as one op.
ot::Json compose(const ot::Json& txn) {
  const ot::AnyType& type = *ot::find_type("text-unicode");
  ot::AnyOp whole = must(type.parse(ot::Json::array()));
  field(txn, "patches").for_each_element([&](const ot::Json& patch) {
    const ot::AnyOp op = must(type.parse(op_of(patch)));
    whole = must(type.compose(whole, op));
  });
  return type.to_json(whole);
}

// What the author of a txn had seen, of each author.
Counts seen_by(const ot::Json& txn, const std::vector<Counts>& known) {
  Counts seen{};
  const auto see = [&](const Counts& counts) {
    std::transform(seen.begin(), seen.end(), counts.begin(), seen.begin(),
                   [](std::size_t a, std::size_t b) { return std::max(a, b); });
  };
  if (const ot::Json* parents = txn.find("parents")) {
    parents->for_each_element([&](const ot::Json& parent) { see(known.at(index_of(parent))); });
  } else if (!known.empty()) {
    see(known.back());
  }
  return seen;
}

std::string slurp(const std::string& path) {
  const auto all = [](std::istream& in) {
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  if (path == "-") {
    return all(std::cin);
  }
  std::ifstream file(path, std::ios::binary);
  return all(file);
}

}  // namespace

Recording read_recording(const std::string& path) {
  const ot::Json json = must(ot::parse_json(slurp(path)));
  const ot::Json* start = json.find("startContent");
  Recording recording{start != nullptr ? start->str() : "", field(json, "endContent").str(), {}};
  std::vector<Counts> known;  // for each txn: how many of each author it implies, with itself
  field(json, "txns").for_each_element([&](const ot::Json& txn) {
    const ot::Json* named = txn.find("agent");
    const std::size_t author = named != nullptr ? index_of(*named) : 0;
    Counts seen = seen_by(txn, known);
    recording.authors.resize(std::max(recording.authors.size(), author + 1));
    if (author >= authors_max || seen[author] != recording.authors[author].size()) {
      throw std::runtime_error("not a recording of one or two authors who know what they typed");
    }
    const std::size_t all = std::accumulate(seen.begin(), seen.end(), std::size_t{0});
    recording.authors[author].push_back({compose(txn), all - seen[author]});
    ++seen[author];
    known.push_back(seen);
  });
  return recording;
}

}  // namespace segue::bench
