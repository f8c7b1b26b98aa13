#include "ot/types/text_parts.h"

namespace segue::ot {

TextParts::TextParts(const TextParts& other) {
  if (other.empty()) return;
  reserve(other.size());
  std::copy(other.begin(), other.end() + 1, parts_.get());
  size_ = other.size_;
}

void TextParts::reserve(std::size_t size) {
  if (size <= room_) return;
  TextParts roomy;
  roomy.allocate(size);
  std::copy(begin(), end() + 1, roomy.parts_.get());
  roomy.size_ = size_;
  swap(roomy);
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

bool is_normal(const TextParts& parts) {
  const TextPart* before = nullptr;
  for (const TextPart& part : parts) {
    if (part.count() == 0) return false;
    if (before != nullptr && part.kind() == before->kind()) return false;
    if (before != nullptr && part.erases() && before->erases()) return false;
    before = &part;
  }
  return before == nullptr || before->kind() != TextPart::Kind::skip;
}

}  // namespace segue::ot
