// What a Text points to: one chunk, or a rope of many. Private to Text and JsonKey.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ot/cow.h"
#include "ot/cow_tree.h"
#include "ot/text_counts.h"

namespace segue::ot {

class TextNode : public RefCounted {
 public:
  enum class Shape : std::uint8_t { chunk, rope };
  Shape shape() const noexcept { return shape_; }
  TextNode(TextNode&&) = delete;
  TextNode& operator=(const TextNode&) = delete;
  TextNode& operator=(TextNode&&) = delete;
  ~TextNode() override = default;

 protected:  // Also the copy, which would slice.
  explicit TextNode(Shape shape) noexcept : shape_(shape) {}
  TextNode(const TextNode&) = default;

 private:
  Shape shape_;
};

// What becomes of some bytes of a chunk, with the counts of both.
struct ChunkEdit {
  std::size_t at = 0;
  TextCounts removed;
  std::string_view text;
  TextCounts inserted;
};

// Bytes with their counts, in one allocation. Immutable, save for a holder that is the only one.
class TextChunk final : public TextNode {
 public:
  static Cow<TextChunk> make(std::string_view wtf8) { return make(wtf8, count_text(wtf8)); }
  static Cow<TextChunk> make(std::string_view wtf8, const TextCounts& counts);
  // As `before` is after `edit`, with room for further ones.
  static Cow<TextChunk> make_edited(const TextChunk& before, const ChunkEdit& edit);

  // False, with nothing done, if there is no room. REQUIRES: the caller is the only holder; no
  // lone surrogates.
  bool edit_in_place(const ChunkEdit& edit);

  std::string_view view() const noexcept {
    return {reinterpret_cast<const char*>(this) + sizeof(TextChunk), bytes_};
  }
  TextCounts counts() const noexcept {
    return {bytes_, code_points_, utf16_, printed_, has_lone_surrogate_};
  }

  std::size_t length(Unit unit) const noexcept {
    return unit == Unit::utf16 ? utf16_ : code_points_;
  }

  TextChunk(const TextChunk&) = delete;
  TextChunk(TextChunk&&) = delete;
  TextChunk& operator=(const TextChunk&) = delete;
  TextChunk& operator=(TextChunk&&) = delete;
  ~TextChunk() override = default;
  static void operator delete(void* memory) { ::operator delete(memory); }

 private:
  struct Room {
    std::size_t bytes;
  };
  static void* operator new(std::size_t size, Room room) {
    return ::operator new(size + room.bytes);
  }
  static void operator delete(void* memory, Room) { ::operator delete(memory); }
  TextChunk(const TextCounts& counts, std::size_t room);
  char* data() noexcept { return reinterpret_cast<char*>(this) + sizeof(TextChunk); }
  void count(const TextCounts& counts);

  bool has_lone_surrogate_;
  std::uint16_t room_;  // bytes behind the text that an edit may use
  std::uint32_t bytes_;
  std::uint32_t code_points_;
  std::uint32_t utf16_;
  std::uint32_t printed_;
};

struct ChunkTraits {
  using Element = Cow<TextChunk>;
  using Summary = TextCounts;
  static Summary summary(const Element& chunk) { return chunk->counts(); }
};

// More than one chunk. Halves of one astral character never stand on either side of a border.
class TextRope final : public TextNode {
 public:
  explicit TextRope(CowTree<ChunkTraits> of) noexcept
      : TextNode(Shape::rope), chunks(std::move(of)) {}

  CowTree<ChunkTraits> chunks;
};

}  // namespace segue::ot
