// How a text is read piece by piece, and edited by parts that walk over it.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "ot/assert.h"
#include "ot/text.h"
#include "ot/text_counts.h"
#include "ot/types/text_parts.h"
#include "ot/types/text_pool.h"

namespace segue::ot {

// Reads a text, which outlives this, from its beginning.
class TextPieces {
 public:
  explicit TextPieces(const Text& text);
  explicit TextPieces(const TextPool& pool)
      : text_(pool.long_text()),
        is_flat_(!pool.is_long()),
        is_ascii_(pool.bytes() == pool.length()),
        rest_(pool.view()) {}
  TextPieces(const TextPieces&) = delete;
  TextPieces& operator=(const TextPieces&) = delete;
  ~TextPieces() = default;

  // The next so many code points, or all that are left. Valid while this is.
  std::string_view next(std::size_t count) {
    if (!is_flat_) flatten();
    const std::size_t bytes =
        is_ascii_ ? std::min(count, rest_.size()) : find_byte(rest_, count, Unit::code_point).byte;
    const std::string_view piece(rest_.data(), bytes);
    rest_ = {rest_.data() + bytes, rest_.size() - bytes};
    return piece;
  }
  std::string_view rest() {
    if (!is_flat_) flatten();
    return rest_;
  }

 private:
  void flatten();

  const Text& text_;
  bool is_flat_;
  bool is_ascii_;
  std::string_view rest_;  // where is_flat_
  std::string flattened_;
};

// Edits a text by parts. Inserts take what they insert from `inserted`, one behind another; deletes
// past the end delete what there is. REQUIRES: no part skips past the end.
void edit_text(Text& text, std::span<const TextPart> parts, const TextPool& inserted);

// What becomes of texts where there are none.
struct NoText {
  void keep(std::size_t /*count*/) {}
  void drop(std::size_t /*count*/) {}
  void add(std::size_t /*count*/) {}
  void pass(std::size_t /*count*/) {}
};

// Writes down, in the order of the text, what becomes of it: as parts for edit_text().
class TextEdit {
 public:
  // drop() and add() will be called at most so many times.
  explicit TextEdit(std::size_t calls_max)
      : many_(calls_max > few ? std::make_unique_for_overwrite<TextPart[]>(2 * calls_max + 1)
                              : nullptr) {}
  TextEdit(const TextEdit&) = delete;
  TextEdit& operator=(const TextEdit&) = delete;
  ~TextEdit() = default;

  void keep(std::size_t count) noexcept { kept_ += count; }
  void drop(std::size_t count) noexcept { write({TextPart::Kind::erase, count}); }
  void add(std::size_t count) noexcept { write({TextPart::Kind::insert, count}); }
  // What is left of the text stays.
  TextPool apply(const TextPool& text, const TextPool& inserted) const;

 private:
  static constexpr std::size_t few = 32;

  const TextPart* begin() const noexcept { return many_ ? many_.get() : few_.data(); }
  void write(TextPart part) noexcept {
    out_.append({TextPart::Kind::skip, std::exchange(kept_, 0)});
    out_.append(part);
  }

  std::array<TextPart, 2 * few + 1> few_;
  std::unique_ptr<TextPart[]> many_;
  TextPartsWriter out_{many_ ? many_.get() : few_.data()};
  std::size_t kept_ = 0;  // and not yet written
};

// The same for short texts, which are copied as they come: that takes less than writing down parts
// and finding each piece.
class ShortTextEdit {
 public:
  // REQUIRES: both fit. They outlive this.
  ShortTextEdit(const TextPool& text, const TextPool& inserted)
      : before_(text),
        text_(text),
        inserted_(inserted),
        length_(text.length() + inserted.length()) {}

  // Whether it is short, and worth being copied for an edit in so many steps.
  static bool fits(const TextPool& pool, std::size_t steps) {
    if (!pool.is_long()) return true;
    const std::size_t bytes = pool.bytes();
    return bytes <= bytes_max && bytes <= bytes_per_step * steps && pool.long_text().flat();
  }

  void keep(std::size_t count) noexcept { kept_ += count; }
  void drop(std::size_t count) noexcept {
    write_kept();
    text_.pass(count);
    length_ -= count;
  }
  void add(std::size_t count) noexcept {
    write_kept();
    end_ = inserted_.write(count, end_);
  }
  // What is left of the text stays.
  TextPool finish() {
    if (end_ == out_.data() && length_ == before_.length()) return before_;
    end_ = text_.write_rest(end_);
    return TextPool({out_.data(), static_cast<std::size_t>(end_ - out_.data())}, length_);
  }

 private:
  static constexpr std::size_t bytes_max = 1024;
  static constexpr std::size_t bytes_per_step = 64;
  // Copied in steps of so many bytes, for which there is room behind each text.
  static constexpr std::size_t step = 16;

  // A text from which pieces are taken.
  class Source {
   public:
    explicit Source(const TextPool& pool) {
      at_ = bytes_.data();
      is_ascii_ = pool.bytes() == pool.length();
      pool.is_long() ? copy_long(pool.long_text()) : copy_short(pool);
    }
    void pass(std::size_t count) noexcept { at_ = behind(count); }
    char* write(std::size_t count, char* to) noexcept { return write_until(behind(count), to); }
    char* write_rest(char* to) noexcept { return write_until(end_, to); }

   private:
    void copy_long(const Text& text);
    void copy_short(const TextPool& pool) {
      std::memcpy(bytes_.data(), pool.padded().data(), pool.padded().size());
      std::memset(bytes_.data() + pool.padded().size(), 0, step);
      end_ = at_ + pool.bytes();
    }
    // Where the character begins that is the next but so many; at the end there is one more.
    const char* behind(std::size_t count) const noexcept {
      const char* const place = is_ascii_ ? at_ + count : behind_characters(count);
      OT_ASSERT(place <= end_);
      return place;
    }
    const char* behind_characters(std::size_t count) const noexcept;
    char* write_until(const char* end, char* to) noexcept {
      const std::ptrdiff_t bytes = end - at_;
      for (std::ptrdiff_t i = 0; i < bytes; i += step) std::memcpy(to + i, at_ + i, step);
      at_ = end;
      return to + bytes;
    }

    std::array<char, bytes_max + step> bytes_;
    const char* at_;
    const char* end_;
    bool is_ascii_;
  };

  void write_kept() noexcept { end_ = text_.write(std::exchange(kept_, 0), end_); }

  const TextPool& before_;
  Source text_;
  Source inserted_;
  std::size_t length_;    // of both, less what was dropped
  std::size_t kept_ = 0;  // and not yet written
  std::array<char, 2 * bytes_max + step> out_;
  char* end_ = out_.data();
};

}  // namespace segue::ot
