// The names of things as distinct types, so that a version cannot stand where a counter is wanted.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace segue::ot {

// The number of ops committed to a document. The op committed *at* v takes it from v to v + 1.
// On the wire an integer in 0..2^53-1.
struct Version {
  std::uint64_t value = 0;

  // NOLINTNEXTLINE(modernize-use-nullptr): the tool trips over a defaulted <=>.
  constexpr auto operator<=>(const Version&) const = default;
  constexpr Version operator+(std::uint64_t ops) const { return Version{value + ops}; }
  constexpr std::uint64_t operator-(Version earlier) const { return value - earlier.value; }
  constexpr Version& operator++() {
    ++value;
    return *this;
  }
};

// An author connection's counter of ops. Together with its ClientId it names an op for ever.
struct Seq {
  std::uint64_t value = 0;

  // NOLINTNEXTLINE(modernize-use-nullptr): the tool trips over a defaulted <=>.
  constexpr auto operator<=>(const Seq&) const = default;
};

// An author connection ("src" on the wire). Kept by the client over reconnects.
struct ClientId {
  std::string value;

  // NOLINTNEXTLINE(modernize-use-nullptr): the tool trips over a defaulted <=>.
  auto operator<=>(const ClientId&) const = default;
};

// A document's name. Neither part is empty or holds a NUL.
struct DocId {
  std::string collection;
  std::string id;

  // NOLINTNEXTLINE(modernize-use-nullptr): the tool trips over a defaulted <=>.
  auto operator<=>(const DocId&) const = default;
  std::string str() const { return collection + "/" + id; }
};

}  // namespace segue::ot

template <>
struct std::hash<segue::ot::DocId> {
  std::size_t operator()(const segue::ot::DocId& doc) const {
    const std::hash<std::string> part;
    return part(doc.collection) * 31 + part(doc.id);
  }
};
