#include "server/commands/bench/recording.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <iterator>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "clients/reading.h"
#include "ot/builtin_types.h"
#include "ot/json_text.h"

namespace segue::bench {

namespace {

constexpr std::size_t authors_max = 2;  // With three, a count does not say whose txns were known.
using Counts = std::array<std::size_t, authors_max>;  // txns of each author
constexpr std::size_t shown_bytes_max = 200;          // of what an error shows

template <class T>
T must(ot::Result<T> result) {
  if (!result) {
    throw std::runtime_error("not a recording: " + result.error().detail);
  }
  return std::move(*result);
}

[[noreturn]] void refuse(const std::string& what, const ot::Json& value) {
  throw std::runtime_error("not a recording: " + what + " in " +
                           ot::json_text(value).substr(0, shown_bytes_max));
}

const ot::Json& field(const ot::Json& object, std::string_view name, ot::Json::Kind kind) {
  const ot::Json* found = object.find(name);
  if (found == nullptr || found->kind() != kind) {
    refuse("no " + std::string(name), object);
  }
  return *found;
}

std::size_t whole(const ot::Json& value) {
  const auto number = client::whole_number(&value);
  if (!number) {
    refuse("no whole number", value);
  }
  return *number;
}

ot::Json op_of(const ot::Json& patch) {
  if (!patch.is_array() || patch.size() != 3 || !patch[2].is_string()) {
    refuse("no [position, deleted, inserted]", patch);
  }
  ot::Json op = ot::Json::array();
  if (whole(patch[0]) > 0) {
    op.push_back(patch[0]);
  }
  if (whole(patch[1]) > 0) {
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
  field(txn, "patches", ot::Json::Kind::array).for_each_element([&](const ot::Json& patch) {
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
  if (txn.find("parents") != nullptr) {
    field(txn, "parents", ot::Json::Kind::array).for_each_element([&](const ot::Json& parent) {
      if (whole(parent) >= known.size()) {
        refuse("a parent that comes later", txn);
      }
      see(known[whole(parent)]);
    });
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
  if (!file) {
    throw std::runtime_error("cannot read " + path);
  }
  return all(file);
}

}  // namespace

Recording read_recording(const std::string& path) {
  const ot::Json json = must(ot::parse_json(slurp(path)));
  Recording recording{client::string_or_empty(json.find("startContent")),
                      field(json, "endContent", ot::Json::Kind::string).str(),
                      {}};
  std::vector<Counts> known;  // for each txn: how many of each author it implies, with itself
  field(json, "txns", ot::Json::Kind::array).for_each_element([&](const ot::Json& txn) {
    const ot::Json* named = txn.find("agent");
    const std::size_t author = named != nullptr ? whole(*named) : 0;
    if (author >= authors_max) {
      refuse("a third author", txn);
    }
    Counts seen = seen_by(txn, known);
    recording.authors.resize(std::max(recording.authors.size(), author + 1));
    if (seen[author] != recording.authors[author].size()) {
      refuse("an author who does not know what he typed", txn);
    }
    const std::size_t all = std::accumulate(seen.begin(), seen.end(), std::size_t{0});
    recording.authors[author].push_back({compose(txn), all - seen[author]});
    ++seen[author];
    known.push_back(seen);
  });
  return recording;
}

}  // namespace segue::bench
