// Text: a string value that edits in O(log n) at any position and copies in O(1).
//
// A rope: a copy-on-write tree of short chunks with counts of bytes, code points, UTF-16 units and
// printed bytes in every node. A copy shares the whole tree; an edit copies the path it changes,
// unless nobody else holds it. Distinct Text values may be used from different threads.
//
// Content is WTF-8: UTF-8 in which lone surrogates may stand as three bytes (ED A0..BF xx). A high
// surrogate followed by a low one never stands as two such triples: it is always one astral
// character, also when an edit brings the halves together.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "ot/text_tree.h"

namespace segue::ot {

// What a position or a length counts. A lone surrogate is one of either.
enum class Unit { code_point, utf16 };

class Text {
 public:
  Text() = default;
  // REQUIRES: `wtf8` is well-formed as above (json_text and utf8.h make sure of it).
  explicit Text(std::string_view wtf8);

  bool empty() const { return bytes() == 0; }
  std::size_t bytes() const;
  std::size_t length(Unit unit) const;
  // As a JSON string, with its quotes, as JSON.stringify prints it.
  std::size_t printed_bytes() const;
  bool has_lone_surrogate() const;

  // Positions are in `unit`, from 0. With Unit::utf16 a position may fall inside an astral
  // character, which is then split into its two lone surrogates.
  // REQUIRES: position <= length(unit); position + count <= length(unit).
  void insert(std::size_t position, std::string_view wtf8, Unit unit);
  void erase(std::size_t position, std::size_t count, Unit unit);
  std::string slice(std::size_t position, std::size_t count, Unit unit) const;

  std::string str() const;
  // The whole content without a copy, where it is short enough to be one chunk. Valid until the
  // next edit or the end of this value.
  std::optional<std::string_view> flat() const;
  // Calls visit(std::string_view) for each chunk in order.
  template <class Visit>
  void for_each_chunk(Visit&& visit) const;

  bool operator==(const Text& other) const;
  bool operator==(std::string_view wtf8) const;

 private:
  TextTree tree_;
};

}  // namespace segue::ot
