// TextRoot: a node that holds a text; or a short text itself, in the place of the pointer.
//
// Up to seven plain characters (ASCII that JSON does not escape) need no node: no memory of their
// own, no count of holders. Keystrokes and most words are so short. Private to Text.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

#include "ot/assert.h"
#include "ot/cow.h"

namespace segue::ot {

class TextNode;

// NOLINTNEXTLINE(cppcoreguidelines-special-member-functions): one assignment serves copy and move.
class TextRoot {
 public:
  static constexpr std::size_t brief_max = 7;

  TextRoot() noexcept : word_(brief_tag(0)) {}  // the empty text
  // REQUIRES: at most brief_max plain characters.
  explicit TextRoot(std::string_view plain) noexcept : word_(0) {
    OT_ASSERT(plain.size() <= brief_max);
    for (std::size_t i = plain.size(); i-- > 0;) {
      word_ = (word_ | static_cast<unsigned char>(plain[i])) << 8;
    }
    word_ |= brief_tag(plain.size());
  }
  // REQUIRES: not null.
  explicit TextRoot(Cow<TextNode> node) noexcept : word_(0) {
    std::construct_at(&node_, std::move(node));
  }
  TextRoot(const TextRoot& other) noexcept : word_(other.word()) {
    if (!other.is_brief()) std::construct_at(&node_, other.node_);
  }
  TextRoot(TextRoot&& other) noexcept : word_(other.word()) {  // leaves the empty text
    other.word_ = brief_tag(0);
  }
  TextRoot& operator=(TextRoot other) noexcept {
    const std::uint64_t mine = word();
    word_ = other.word();
    other.word_ = mine;
    return *this;
  }
  ~TextRoot() {
    if (!is_brief()) std::destroy_at(&node_);
  }

  bool is_brief() const noexcept { return (word() & 1) != 0; }
  // REQUIRES below: is_brief().
  std::size_t size() const noexcept { return (word() & 0xFF) >> 1; }
  // Valid while this stands where it is.
  std::string_view view() const noexcept {
    return {reinterpret_cast<const char*>(this) + 1, size()};
  }
  // REQUIRES below: !is_brief().
  const Cow<TextNode>& node() const noexcept { return node_; }
  Cow<TextNode>& node() noexcept { return node_; }

  // The same text or node; nodes may differ and still hold equal texts.
  bool is_same(const TextRoot& other) const noexcept { return word() == other.word(); }

 private:
  // The lowest bit of a pointer to a node is 0. Of a brief text that byte is twice its size and 1,
  // and the characters follow.
  static_assert(std::endian::native == std::endian::little);
  static constexpr std::uint64_t brief_tag(std::size_t size) { return size << 1 | 1; }

  // All of it at once, whatever it is.
  std::uint64_t word() const noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, static_cast<const void*>(this), sizeof word);
    return word;
  }

  union {
    std::uint64_t word_;
    Cow<TextNode> node_;  // one pointer, which may be moved as a word
  };
};

}  // namespace segue::ot
