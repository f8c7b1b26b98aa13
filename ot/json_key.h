// JsonKey: the name of an object's member; short ones stand in place, long ones are shared.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

#include "ot/cow.h"
#include "ot/text_node.h"

namespace segue::ot {

// NOLINTNEXTLINE(cppcoreguidelines-special-member-functions): one assignment serves copy and move.
class JsonKey {
 public:
  JsonKey() noexcept : brief_{} {}
  // REQUIRES: `wtf8` is well-formed.
  explicit JsonKey(std::string_view wtf8);
  JsonKey(const JsonKey& other) noexcept {
    if (other.is_brief()) {
      brief_ = other.brief_;
    } else {
      std::construct_at(&shared_, other.shared_);
    }
  }
  JsonKey(JsonKey&& other) noexcept { take(other); }
  JsonKey& operator=(JsonKey other) noexcept {
    drop();
    take(other);
    return *this;
  }
  ~JsonKey() { drop(); }

  // Valid while this key stands where it is.
  std::string_view view() const {
    return is_brief() ? std::string_view(brief_.chars.data(), brief_.size) : shared_.chunk->view();
  }
  bool operator==(std::string_view wtf8) const {
    const std::size_t size = is_brief() ? brief_.size : shared_.chunk->view().size();
    return size == wtf8.size() && has_bytes(wtf8.data());
  }
  // As a JSON string, with its quotes.
  std::size_t printed_bytes() const {
    return (is_brief() ? brief_.printed : shared_.chunk->counts().printed) + 2;
  }

 private:
  static constexpr std::size_t brief_max = 22;
  static constexpr std::uint8_t not_brief = 255;
  struct Brief {
    std::uint8_t size = 0;
    std::uint8_t printed = 0;  // without the quotes: at most six bytes for one
    std::array<char, brief_max> chars{};
  };
  struct Shared {
    std::uint8_t size = not_brief;
    Cow<TextChunk> chunk;
  };

  bool has_bytes(const char* bytes) const;
  // Both begin with a size.
  bool is_brief() const noexcept { return brief_.size != not_brief; }
  void take(JsonKey& other) noexcept {
    if (other.is_brief()) {
      brief_ = other.brief_;
      return;
    }
    std::construct_at(&shared_, std::move(other.shared_));
    other.drop();
    other.brief_ = Brief{};
  }
  void drop() noexcept {
    if (!is_brief()) std::destroy_at(&shared_);
  }

  union {
    Brief brief_;
    Shared shared_;
  };
};

// In place, since keys are short and a call of memcmp() takes longer than they do. The words that
// are compared may overlap.
inline bool JsonKey::has_bytes(const char* bytes) const {
  const std::string_view mine = view();
  const std::size_t size = mine.size();
  const auto is_same = [&]<std::size_t n>(std::size_t at) {
    return std::memcmp(mine.data() + at, bytes + at, n) == 0;
  };
  if (size >= 8) {
    for (std::size_t at = 0; at + 8 < size; at += 8) {
      if (!is_same.template operator()<8>(at)) return false;
    }
    return is_same.template operator()<8>(size - 8);
  }
  if (size >= 4)
    return is_same.template operator()<4>(0) && is_same.template operator()<4>(size - 4);
  return size == 0 || (mine[0] == bytes[0] && mine[size / 2] == bytes[size / 2] &&
                       mine[size - 1] == bytes[size - 1]);
}

}  // namespace segue::ot
