// What a client sends on a connection with permessage-deflate: in whatever pieces it comes and is
// taken, the same messages come out; of one that is broken more or less, before the frame that says
// so.
//
// Input: a byte that says in which pieces, then the client's.

#include <algorithm>
#include <string>
#include <string_view>

#include "server/compression/unpacker.h"
#include "tests/fuzz/fuzz.h"

using namespace segue;
using namespace segue::fuzz;

namespace {

constexpr std::size_t out_bytes_max = 1u << 20;  // A few bytes inflate to very many.
// The largest: what a client refers to beyond a smaller one may be at hand still, or not.
constexpr int window_bits = 15;

std::string unpacked(std::string_view bytes, std::size_t in, std::size_t out) {
  server::Unpacker unpacker(window_bits);
  std::string result;
  std::string room(out, '\0');
  while (result.size() < out_bytes_max) {
    if (const std::size_t count = unpacker.read(room)) {
      result.append(room, 0, count);
      continue;
    }
    if (bytes.empty()) return result;
    const auto piece = bytes.substr(0, std::min(in, unpacker.room().size()));
    std::copy(piece.begin(), piece.end(), unpacker.room().begin());
    unpacker.received(piece.size());
    bytes.remove_prefix(piece.size());
  }
  return result.substr(0, out_bytes_max);
}

// Without the borders of the frames that the unpacker makes, whose masks are 0.
std::string content(std::string_view frames) {
  std::string out;
  while (frames.size() >= 2) {
    const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(frames[at]); };
    std::size_t head = 2;
    std::uint64_t size = byte(1) & 0x7f;
    if (size >= 126) {
      head += size == 126 ? 2 : 8;
      if (frames.size() < head) break;
      size = 0;
      for (std::size_t at = 2; at < head; ++at) size = size << 8 | byte(at);
    }
    head += (byte(1) & 0x80) != 0 ? 4 : 0;
    if (frames.size() < head || frames.size() - head < size) break;
    if (byte(0) != 0) out += frames[0];  // A fragment in the middle is told by its content.
    out += frames.substr(head, size);
    frames.remove_prefix(head + size);
  }
  return out.append(frames);
}

bool is_broken(std::string_view frames) {
  return frames.ends_with(std::string_view("\x83\x80\0\0\0\0", 6));
}

bool are_same(std::string_view one, std::string_view two) {
  std::string left = content(one);
  std::string right = content(two);
  if (is_broken(one) && is_broken(two)) {
    const std::size_t common = std::min(left.size(), right.size()) - 1;
    left.resize(common);
    right.resize(common);
  }
  return left == right;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes = text_of(data + 1, size - 1);
  const std::string whole = unpacked(bytes, SIZE_MAX, 65'536);
  const std::string pieces = unpacked(bytes, 1 + data[0] % 16, 1 + data[0] / 16);
  if (whole.size() == out_bytes_max || pieces.size() == out_bytes_max) return 0;
  expect(are_same(whole, pieces), "the pieces do not matter");
  return 0;
}
