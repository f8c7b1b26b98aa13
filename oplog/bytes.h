// Numbers and strings to bytes and back, big-endian, so that keys sort as their numbers do.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "oplog/sha256.h"
#include "ot/assert.h"

namespace segue::oplog {

template <std::unsigned_integral T>
void put(std::string& out, T value) {
  char bytes[sizeof(T)];
  for (std::size_t i = sizeof(T); i-- > 0; value = static_cast<T>(value >> 8)) {
    bytes[i] = static_cast<char>(value & 0xff);
  }
  out.append(bytes, sizeof(T));
}

template <std::size_t N>
void put(std::string& out, const std::array<std::uint8_t, N>& bytes) {
  out.append(bytes.begin(), bytes.end());
}

// The length as a Length, then the bytes. REQUIRES: the length fits.
template <std::unsigned_integral Length>
void put_sized(std::string& out, std::string_view bytes) {
  const auto length = static_cast<Length>(bytes.size());
  OT_ASSERT(length == bytes.size());
  put(out, length);
  out.append(bytes);
}

template <std::size_t N>
std::string_view view(const std::array<std::uint8_t, N>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), N};
}

// Takes values off the front of bytes that are not trusted. Once something is missing, ok() is
// false for good and what is taken is zero or empty.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  template <std::unsigned_integral T>
  T number() {
    T value = 0;
    for (const char byte : take(sizeof(T))) {
      value = static_cast<T>((value << 8) | static_cast<std::uint8_t>(byte));
    }
    return value;
  }

  template <std::size_t N>
  std::array<std::uint8_t, N> array() {
    std::array<std::uint8_t, N> result{};
    const std::string_view bytes = take(N);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      result[i] = static_cast<std::uint8_t>(bytes[i]);
    }
    return result;
  }

  template <std::unsigned_integral Length>
  std::string_view sized() {
    return take(number<Length>());
  }

  std::string_view take(std::size_t count) {
    if (count > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }

  std::string_view rest() const { return rest_; }
  bool ok() const { return ok_; }
  bool ok_and_done() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace segue::oplog
