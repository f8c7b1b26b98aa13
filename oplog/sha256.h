// SHA-256, the log's one hash. The only file that knows libcrypto.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace segue::oplog {

using Hash = std::array<std::uint8_t, 32>;

// Of the parts as one sequence of bytes. Any thread.
Hash sha256(std::initializer_list<std::string_view> parts);

// As people compare it.
std::string hex(const Hash& hash);

}  // namespace segue::oplog
