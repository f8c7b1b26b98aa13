// Text: a string value that edits in O(log n) at any position and copies in O(1).
//
// A few plain characters stand in the value itself (ot/text_root.h). A short text is one chunk of
// bytes; a long one is a rope, a copy-on-write tree of chunks with counts of bytes, code points,
// UTF-16 units and printed bytes in every node. A copy shares everything; an edit copies the path
// it changes, unless nobody else holds it. Distinct Text values may be used from different threads,
// also where they share.
//
// Content is WTF-8: UTF-8 in which lone surrogates may stand as three bytes (ED A0..BF xx). A high
// surrogate followed by a low one never stands as two such triples: it is always one astral
// character, also when an edit brings the halves together.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "ot/function_ref.h"
#include "ot/text_counts.h"
#include "ot/text_root.h"
#include "ot/utf8.h"

namespace segue::ot {

struct ChunkTraits;
template <class Traits>
class CowTree;

class Text {
 public:
  Text() = default;
  // REQUIRES: `wtf8` is well-formed as above (json_text and utf8.h make sure of it).
  explicit Text(std::string_view wtf8);

  bool empty() const { return root_.is_brief() && root_.size() == 0; }
  std::size_t bytes() const { return root_.is_brief() ? root_.size() : counts().bytes; }
  std::size_t length(Unit unit) const {
    return root_.is_brief() ? root_.size() : node_length(unit);
  }
  // As a JSON string, with its quotes, as JSON.stringify prints it.
  std::size_t printed_bytes() const {
    return (root_.is_brief() ? root_.size() : counts().printed) + 2;
  }
  bool has_lone_surrogate() const { return !root_.is_brief() && counts().has_lone_surrogate; }

  // Positions are in `unit`, from 0. With Unit::utf16 a position may fall inside an astral
  // character, which is then split into its two lone surrogates.
  // REQUIRES: `wtf8` is well-formed and not a part of this text's memory; position + count <=
  // length(unit).
  void insert(std::size_t position, std::string_view wtf8, Unit unit);
  void insert(std::size_t position, const Text& text, Unit unit);  // REQUIRES: &text != this
  void erase(std::size_t position, std::size_t count, Unit unit);
  // Becomes `wtf8`, which is this text without what sums up to `removed`, and with what sums up to
  // `inserted`. REQUIRES: there are no lone surrogates.
  void rewrite(std::string_view wtf8, const TextCounts& removed, const TextCounts& inserted);
  std::string slice(std::size_t position, std::size_t count, Unit unit) const;

  std::string str() const;
  // The whole content without a copy, where it is short enough to be one chunk. Valid until the
  // next edit, move or end of this value.
  std::optional<std::string_view> flat() const;
  // Calls visit for each chunk in order. Chunks are whole characters.
  void for_each_chunk(FunctionRef<void(std::string_view)> visit) const;

  bool operator==(const Text& other) const;
  bool operator==(std::string_view wtf8) const;

 private:
  struct Cut;

  bool is_rope() const;
  std::size_t node_length(Unit unit) const;
  TextCounts counts() const;
  std::size_t chunk_count() const;
  std::string_view chunk(std::size_t index) const;
  Cut cut(std::size_t position, Unit unit) const;
  bool edit_chunk(const Cut& begin, const Cut& end, std::string_view wtf8,
                  const TextCounts& inserted);
  void splice(const Cut& begin, const Cut& end, std::string_view wtf8);
  CowTree<ChunkTraits>& own_chunks();
  void replace_chunks(std::size_t first, std::size_t last, std::string_view content);

  TextRoot root_;
};

}  // namespace segue::ot
