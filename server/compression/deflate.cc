#include "server/compression/deflate.h"

#include <cstdint>

#include <boost/beast/zlib/deflate_stream.hpp>

#include "ot/assert.h"
#include "server/frame.h"

namespace segue::server {

namespace {

namespace zlib = boost::beast::zlib;

// Fast rather than small: most of what can be had in JSON is had at once.
constexpr int level = 3;
constexpr int window_bits = 15;
constexpr int memory_level = 8;
constexpr std::size_t tail_bytes = 4;  // of a sync flush, which are not sent

// One message, as RFC 7692 section 7.2.1 has it.
std::string pack(std::string_view message) {
  thread_local zlib::deflate_stream stream;  // 256 KiB
  stream.reset(level, window_bits, memory_level, zlib::Strategy::normal);
  std::string out(zlib::deflate_upper_bound(message.size()) + 4 * tail_bytes, '\0');
  zlib::z_params params;
  params.next_in = message.data();
  params.avail_in = message.size();
  params.next_out = out.data();
  params.avail_out = out.size();
  boost::system::error_code error;
  stream.write(params, zlib::Flush::sync, error);
  OT_ASSERT(!error);
  OT_ASSERT(params.avail_in == 0);
  OT_ASSERT(params.avail_out > 0);
  out.resize(params.total_out - tail_bytes);
  return out;
}

struct FrameParts {
  std::string_view whole;
  std::string_view message;
};

FrameParts split_first(std::string_view frames) {
  constexpr std::size_t short_max = 125;
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(frames[at]); };
  std::size_t head = 2;
  std::size_t size = byte(1);
  if (size > short_max) {
    head = size == short_max + 1 ? 4 : 10;
    size = 0;
    for (std::size_t at = 2; at < head; ++at) {
      size = size << 8 | byte(at);
    }
  }
  return {frames.substr(0, head + size), frames.substr(head, size)};
}

}  // namespace

std::string pack_frames(std::string_view frames) {
  std::string out;
  while (!frames.empty()) {
    const FrameParts first = split_first(frames);
    frames.remove_prefix(first.whole.size());
    const std::string packed = first.message.size() < packed_bytes_min ? "" : pack(first.message);
    if (packed.empty() || packed.size() >= first.message.size()) {
      out += first.whole;
    } else {
      append_text_frame(packed, out, Packing::deflate);
    }
  }
  return out;
}

}  // namespace segue::server
