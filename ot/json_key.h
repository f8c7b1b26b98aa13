// JsonKey: the name of an object's member; short ones stand in place, long ones are shared.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
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
  // What the first byte of a key never is, so that what stands in the place of one may have it.
  static constexpr std::uint8_t no_size = 254;

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
  bool is_insert() const {
    constexpr std::uint64_t first_word = 0x74'72'65'73'6E'69'06'06;  // "insert", and its size twice
    std::uint64_t word = 0;
    std::memcpy(&word, static_cast<const void*>(this), sizeof word);
    return word == first_word;
  }
  // As a JSON string, with its quotes.
  std::size_t printed_bytes() const {
    return (is_brief() ? brief_.printed : shared_.chunk->counts().printed) + 2;
  }

 private:
  friend class JsonKeySought;
  static constexpr std::size_t brief_max = 22;
  static constexpr std::uint8_t not_brief = 255;
  struct Brief {
    std::uint8_t size = 0;
    std::uint8_t printed = 0;             // without the quotes: at most six bytes for one
    std::array<char, brief_max> chars{};  // zeros behind the name
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

// A name that is looked for among keys: most others differ from it in the first word, which has the
// size, the first six characters, and what they print to. What it is made of outlives it.
class JsonKeySought {
 public:
  explicit JsonKeySought(std::string_view wtf8) : name_(wtf8) {
    if (!is_brief()) return;
    JsonKey::Brief brief{static_cast<std::uint8_t>(name_.size())};
    std::memcpy(brief.chars.data(), name_.data(), name_.size());
    words_ = std::bit_cast<Words>(brief);
  }
  explicit JsonKeySought(const JsonKey& key) : name_(key.view()) {
    if (is_brief()) words_ = std::bit_cast<Words>(key.brief_);
  }

  std::string_view view() const { return name_; }
  bool is(const JsonKey& key) const {
    const char* const words = reinterpret_cast<const char*>(&key);
    if (((byte_words::load(words) ^ words_[0]) & compared_) != 0) return false;
    if (!is_brief()) return key == name_;
    return byte_words::load(words + 8) == words_[1] && byte_words::load(words + 16) == words_[2];
  }

 private:
  using Words = std::array<std::uint64_t, 3>;
  static_assert(sizeof(JsonKey) == sizeof(Words) && std::endian::native == std::endian::little);

  bool is_brief() const { return name_.size() <= JsonKey::brief_max; }

  std::string_view name_;
  Words words_{JsonKey::not_brief};
  // Of the first word. What a short name prints to follows from it; a long one stands elsewhere.
  std::uint64_t compared_ = is_brief() ? ~std::uint64_t{0xFF00} : 0xFF;
};

// Bytes, or a pointer.
template <>
inline constexpr bool moves_as_bytes<JsonKey> = true;

}  // namespace segue::ot
