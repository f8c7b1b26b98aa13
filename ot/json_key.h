// JsonKey: the name of an object's member; short ones stand in place, long ones are shared.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "ot/byte_words.h"
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
  bool operator==(std::string_view wtf8) const { return byte_words::are_equal(view(), wtf8); }
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

}  // namespace segue::ot
