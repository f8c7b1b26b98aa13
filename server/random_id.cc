#include "server/random_id.h"

#include <array>
#include <random>

namespace segue::server {

std::string random_id() {
  static constexpr char digits[] = "0123456789abcdef";
  std::random_device source;
  std::string id;
  for (int word = 0; word < 4; ++word) {
    std::random_device::result_type bits = source();
    for (int nibble = 0; nibble < 8; ++nibble, bits >>= 4) {
      id += digits[bits & 15u];
    }
  }
  return id;
}

}  // namespace segue::server
