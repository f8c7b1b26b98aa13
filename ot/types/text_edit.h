// How a text is read piece by piece, and edited by parts that walk over it.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

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

}  // namespace segue::ot
