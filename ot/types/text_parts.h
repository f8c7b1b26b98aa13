// TextParts: what an edit does as it walks over a text, in counts of code points.
//
// A part is one word: what is done, and to how many. The texts that are inserted and deleted stand
// elsewhere (text_unicode_op.h), so that walking over parts is arithmetic on words: which kind
// comes next, and which of two parts ends first, is as good as random, and branches on it are dear.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
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
  TextParts(TextParts&& other) noexcept
      : parts_(std::move(other.parts_)),
        size_(std::exchange(other.size_, 0)),
        room_(std::exchange(other.room_, 0)) {}
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
  // REQUIRES: empty().
  void allocate(std::size_t room) {
    OT_ASSERT(room < std::numeric_limits<std::uint32_t>::max());
    parts_ = std::make_unique_for_overwrite<TextPart[]>(room + 1);
    room_ = static_cast<std::uint32_t>(room);
  }
  void swap(TextParts& other) noexcept {
    std::swap(parts_, other.parts_);
    std::swap(size_, other.size_);
    std::swap(room_, other.room_);
  }

  std::unique_ptr<TextPart[]> parts_;  // with room for `endless` behind them
  std::uint32_t size_ = 0;
  std::uint32_t room_ = 0;
};

// Whether none is empty, no two in a row are of one kind or both erase, and none skips at the end.
bool is_normal(const TextParts& parts);

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
    pass_within(count);
    if (next_.count() == 0) next_ = *++at_;
  }
  // REQUIRES: count < next().count(); else as above.
  void pass_within(std::size_t count) noexcept { next_ = next_.without(count); }
  // All that is left of what comes next. REQUIRES: !at_end().
  void pass_all() noexcept { next_ = *++at_; }
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
  // REQUIRES: there is room for as many parts as will be written.
  explicit TextPartsWriter(TextPart* to) noexcept : end_(to) {}

  void append(TextPart part) noexcept {
    if (part.count() == 0) return;
    if (part.kind() == last_) {
      end_[-1] = end_[-1].with(part);
      return;
    }
    last_ = part.kind();
    *end_++ = part;
  }
  // All that is left.
  void append(TextPartsReader rest) noexcept {
    for (; !rest.at_end(); rest.pass_all()) append(rest.next());
  }
  // Where the parts end, for now.
  TextPart* end() const noexcept { return end_; }

 private:
  static constexpr auto no_kind = static_cast<TextPart::Kind>(0xFF);

  TextPart* end_;
  TextPart::Kind last_ = no_kind;
};

template <class Write>
TextParts TextParts::written(std::size_t parts_max, Write write) {
  TextParts parts;
  parts.allocate(parts_max);
  TextPart* const begin = parts.parts_.get();
  const TextPartsWriter out = write(TextPartsWriter(begin));
  parts.size_ = static_cast<std::uint32_t>(out.end() - begin);
  OT_ASSERT(parts.size_ <= parts.room_);
  *out.end() = endless;
  return parts;
}

}  // namespace segue::ot
