#include "ot/types/text_edit.h"

#include <array>
#include <cstring>
#include <memory>

#include "ot/utf8_words.h"

namespace segue::ot {
namespace {

using Kind = TextPart::Kind;

// A text of less than this many bytes for each part is written anew, which then costs less than
// finding each place.
constexpr std::size_t bytes_per_part = 128;

// Bytes written one behind another; few need no memory of their own.
class Bytes {
 public:
  explicit Bytes(std::size_t bytes_max) {
    if (bytes_max > small_.size()) large_ = std::make_unique_for_overwrite<char[]>(bytes_max);
    begin_ = large_ ? large_.get() : small_.data();
    end_ = begin_;
  }
  void write(std::string_view bytes) noexcept {
    std::memcpy(end_, bytes.data(), bytes.size());
    end_ += bytes.size();
  }
  std::string_view view() const noexcept {
    return {begin_, static_cast<std::size_t>(end_ - begin_)};
  }

 private:
  std::array<char, 1024> small_;
  std::unique_ptr<char[]> large_;
  char* begin_;
  char* end_;
};

// What it is after `parts`, behind `out`. Calls erased(piece) for what is left out.
template <class Erased>
void write_edited(TextPieces before, std::span<const TextPart> parts, TextPieces inserted,
                  Bytes& out, Erased erased) {
  for (const TextPart part : parts) {
    const std::string_view piece =
        part.inserts() ? inserted.next(part.count()) : before.next(part.count());
    part.erases() ? erased(piece) : out.write(piece);
  }
  out.write(before.rest());
}

void edit_in_place(Text& text, std::span<const TextPart> parts, const TextPool& inserted) {
  TextPieces pieces(inserted);
  std::size_t position = 0;
  for (const TextPart part : parts) {
    if (part.erases()) {
      const std::size_t left = text.length(Unit::code_point) - position;
      text.erase(position, std::min(part.count(), left), Unit::code_point);
      continue;
    }
    if (part.inserts() && inserted.is_long() && part.count() == inserted.length()) {
      text.insert(position, inserted.long_text(), Unit::code_point);
    } else if (part.inserts()) {
      text.insert(position, pieces.next(part.count()), Unit::code_point);
    }
    position += part.count();
  }
}

}  // namespace

TextPieces::TextPieces(const Text& text)
    : text_(text), is_flat_(false), is_ascii_(text.bytes() == text.length(Unit::code_point)) {}

void TextPieces::flatten() {
  const auto flat = text_.flat();
  if (!flat) flattened_ = text_.str();
  rest_ = flat ? *flat : flattened_;
  is_flat_ = true;
}

void edit_text(Text& text, std::span<const TextPart> parts, const TextPool& inserted) {
  if (parts.size() > 2 && text.bytes() < bytes_per_part * parts.size()) {
    Bytes out(text.bytes() + inserted.bytes());
    TextCounts removed;
    write_edited(TextPieces(text), parts, TextPieces(inserted), out,
                 [&](std::string_view erased) { removed.add(count_text(erased)); });
    if (text.has_lone_surrogate()) {
      text = Text(out.view());
    } else {
      text.rewrite(out.view(), removed, count_text(TextPieces(inserted).rest()));
    }
  } else {
    edit_in_place(text, parts, inserted);
  }
}

TextPool TextEdit::apply(const TextPool& text, const TextPool& inserted) const {
  const std::span<const TextPart> parts(begin(), out_.end());
  if (parts.empty()) return text;
  if (text.empty() && parts.size() == 1) return inserted;
  if (text.bytes() > bytes_per_part * (parts.size() + 4)) {
    Text edited = text.text();
    edit_in_place(edited, parts, inserted);
    return TextPool(edited);
  }
  std::size_t length = text.length();
  for (const TextPart part : parts) {
    length += part.inserts() ? part.count() : 0;
    length -= part.erases() ? part.count() : 0;
  }
  Bytes out(text.bytes() + inserted.bytes());
  write_edited(TextPieces(text), parts, TextPieces(inserted), out, [](std::string_view) {});
  return TextPool(out.view(), length);
}

void ShortTextEdit::Source::copy_long(const Text& text) {
  const std::string_view flat = *text.flat();
  std::memcpy(bytes_.data(), flat.data(), flat.size());
  end_ = bytes_.data() + flat.size();
  std::memset(bytes_.data() + flat.size(), 0, step);
}

const char* ShortTextEdit::Source::behind_characters(std::size_t count) const noexcept {
  const char* at = at_;
  for (;; at += 8) {
    const byte_words::BegunCharacters begun(byte_words::load(at));
    if (begun.all() > count) return at + begun.find(count);
    count -= begun.all();
  }
}

}  // namespace segue::ot
