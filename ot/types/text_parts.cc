#include "ot/types/text_parts.h"

#include <limits>

namespace segue::ot {

TextParts::TextParts(const TextParts& other) {
  if (other.empty()) return;
  reserve(other.size());
  std::copy(other.begin(), other.end() + 1, parts_.get());
  size_ = other.size_;
}

void TextParts::reserve(std::size_t size) {
  if (size <= room_) return;
  OT_ASSERT(size < std::numeric_limits<std::uint32_t>::max());
  auto parts = std::make_unique_for_overwrite<TextPart[]>(size + 1);
  std::copy(begin(), end() + 1, parts.get());
  parts_ = std::move(parts);
  room_ = static_cast<std::uint32_t>(size);
}

void TextParts::push_back(TextPart part) {
  if (size_ == room_) reserve(2 * size() + 2);
  parts_[size_] = part;
  parts_[++size_] = endless;
}

void TextParts::append(TextPart part) {
  if (part.count() == 0) return;
  if (empty() || back().kind() != part.kind()) return push_back(part);
  parts_[size_ - 1] = back().with(part);
}

bool TextParts::operator==(const TextParts& other) const noexcept {
  return std::equal(begin(), end(), other.begin(), other.end());
}

}  // namespace segue::ot
