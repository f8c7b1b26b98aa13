// What every fuzz target has: the function that libFuzzer calls, or replay.cc for the corpus, and
// how a target says that something does not hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace segue::fuzz {

// Ends the process, so that the input is kept. `what` names the guarantee.
[[noreturn]] inline void fail(std::string_view what) {
  std::fprintf(stderr, "broken: %.*s\n", static_cast<int>(what.size()), what.data());
  std::abort();
}

inline void expect(bool holds, std::string_view guarantee) {
  if (!holds) fail(guarantee);
}

inline void expect_none(const std::optional<std::string>& broken) {
  if (broken) fail(*broken);
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace segue::fuzz
