// TextParts: what an edit does as it walks over a text, in counts of code points.
//
// A part is one word: what is done, and to how many. The texts that are inserted and deleted stand
// elsewhere (text_unicode_op.h), so that walking over parts is arithmetic on words: which kind
// comes next, and which of two parts ends first, is as good as random, and branches on it are dear.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "ot/assert.h"
#include "ot/types/parse.h"

namespace segue::ot {

class TextPart {
 public:
  enum class Kind : std::uint8_t { skip, insert, erase, erase_text };  // the last says its text

  // No text is longer, so that a sum of counts may stop there instead of wrapping around.
  static constexpr std::size_t count_max = safe_integer_max;

  TextPart() noexcept = default;  // of any value
  constexpr TextPart(Kind kind, std::size_t count) noexcept
      : word_(count << kind_bits | static_cast<std::uint64_t>(kind)) {}

  constexpr Kind kind() const noexcept { return static_cast<Kind>(word_ & kind_mask); }
  constexpr std::size_t count() const noexcept { return word_ >> kind_bits; }
  constexpr bool inserts() const noexcept { return kind() == Kind::insert; }
  constexpr bool erases() const noexcept { return kind() >= Kind::erase; }

  // REQUIRES: count <= count().
  constexpr TextPart without(std::size_t count) const noexcept {
    return TextPart(word_ - (count << kind_bits));
  }
  // Of this kind, as long as both are; of whatever kind `next` is.
  constexpr TextPart with(TextPart next) const noexcept {
    const std::uint64_t sum = word_ + (next.word_ & ~kind_mask);
    return TextPart(std::min(sum, TextPart(kind(), count_max).word_));
  }
  constexpr bool operator==(const TextPart&) const noexcept = default;

 private:
  explicit constexpr TextPart(std::uint64_t word) noexcept : word_(word) {}

  static constexpr unsigned kind_bits = 2;
  static constexpr std::uint64_t kind_mask = 3;

  std::uint64_t word_;
};

class TextParts {  // NOLINT(*-special-member-functions): one assignment serves copy and move.
 public:
  using Kind = TextPart::Kind;

  TextParts() noexcept = default;
  TextParts(const TextParts& other);
  TextParts(TextParts&& other) noexcept { swap(other); }
  TextParts& operator=(TextParts other) noexcept {
    swap(other);
    return *this;
  }
  ~TextParts() = default;

  bool empty() const noexcept { return size_ == 0; }
  std::size_t size() const noexcept { return size_; }
  const TextPart* begin() const noexcept { return size_ == 0 ? &endless : parts_.get(); }
  // Behind the last part stands a skip that is longer than any part, which may be read.
  const TextPart* end() const noexcept { return begin() + size_; }
  std::span<const TextPart> span() const noexcept { return {begin(), size_}; }
  TextPart back() const noexcept { return end()[-1]; }  // REQUIRES: !empty()

  void reserve(std::size_t size);
  void push_back(TextPart part);
  void pop_back() noexcept { parts_[--size_] = endless; }  // REQUIRES: !empty()
  // Drops a skip at the end, and nothing else.
  void trim() noexcept {
    if (!empty() && back().kind() == Kind::skip) pop_back();
  }
  // What `write` writes, at most so many parts: it takes a TextPartsWriter and gives it back.
  template <class Write>
  static TextParts written(std::size_t parts_max, Write write);
  // Drops a part that is empty, and merges one into a last one of its kind.
  void append(TextPart part);

  bool operator==(const TextParts& other) const noexcept;

  static constexpr TextPart endless{Kind::skip, TextPart::count_max + 1};

 private:
  void swap(TextParts& other) noexcept {
    std::swap(parts_, other.parts_);
    std::swap(size_, other.size_);
    std::swap(room_, other.room_);
  }

  std::unique_ptr<TextPart[]> parts_;  // with room for `endless` behind them
  std::uint32_t size_ = 0;
  std::uint32_t room_ = 0;
};

// Reads parts in pieces, however they are cut. Past the end lies an endless skip.
class TextPartsReader {
 public:
  explicit TextPartsReader(const TextParts& parts) noexcept
      : at_(parts.begin()), end_(parts.end()), next_(*at_) {}

  bool at_end() const noexcept { return at_ == end_; }
  // What comes next, or what is left of it.
  TextPart next() const noexcept { return next_; }
  // REQUIRES: count <= next().count(); between two calls of make_endless(), at most
  // TextPart::count_max of the endless skip.
  void pass(std::size_t count) noexcept {
    next_ = next_.without(count);
    if (next_.count() == 0) next_ = *++at_;
  }
  // The skip at the end gets its whole length again.
  void make_endless() noexcept {
    if (at_end()) next_ = TextParts::endless;
  }

 private:
  const TextPart* at_;
  const TextPart* end_;
  TextPart next_;
};

// Writes parts one behind another as TextParts::append() does.
class TextPartsWriter {
 public:
  // REQUIRES: there is room for one part more than will be written.
  explicit TextPartsWriter(TextPart* to) noexcept : at_(to) {}

  void append(TextPart part) noexcept {
    const bool is_fresh = part.count() != 0 && part.kind() != last_.kind();
    at_ += is_fresh && last_.count() != 0 ? 1 : 0;
    last_ = is_fresh ? part : last_.with(part);
    *at_ = last_;
  }
  // All that is left.
  void append(TextPartsReader rest) noexcept {
    for (; !rest.at_end(); rest.pass(rest.next().count())) append(rest.next());
  }
  // Where the parts end, for now.
  TextPart* end() const noexcept { return at_ + (last_.count() != 0 ? 1 : 0); }

 private:
  TextPart* at_;  // where the last part stands
  TextPart last_{TextPart::Kind::skip, 0};
};

template <class Write>
TextParts TextParts::written(std::size_t parts_max, Write write) {
  TextParts parts;
  parts.reserve(std::max<std::size_t>(parts_max, 1));
  const TextPartsWriter out = write(TextPartsWriter(parts.parts_.get()));
  parts.size_ = static_cast<std::uint32_t>(out.end() - parts.parts_.get());
  OT_ASSERT(parts.size_ <= parts.room_);
  parts.parts_[parts.size_] = endless;
  return parts;
}

}  // namespace segue::ot
