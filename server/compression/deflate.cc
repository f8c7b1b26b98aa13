#include "server/compression/deflate.h"

#include <cstdint>
#include <new>

#define ZLIB_CONST
#include <zlib.h>

#include "ot/assert.h"
#include "server/frame.h"

namespace segue::server {

namespace {

// Fast rather than small: most of what can be had in JSON is had at once.
constexpr int level = 3;
constexpr int window_bits = 15;
constexpr int memory_level = 8;
constexpr std::size_t tail_bytes = 4;  // of a sync flush, which are not sent

class Deflater {
 public:
  Deflater() {
    if (deflateInit2(&stream_, level, Z_DEFLATED, -window_bits, memory_level, Z_DEFAULT_STRATEGY) !=
        Z_OK) {
      throw std::bad_alloc();
    }
  }
  ~Deflater() { deflateEnd(&stream_); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  // One message, as RFC 7692 section 7.2.1 has it.
  std::string pack(std::string_view message) {
    deflateReset(&stream_);
    std::string out(deflateBound(&stream_, message.size()) + 4 * tail_bytes, '\0');
    stream_.next_in = reinterpret_cast<const Bytef*>(message.data());
    stream_.avail_in = static_cast<uInt>(message.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    const int result = deflate(&stream_, Z_SYNC_FLUSH);
    OT_ASSERT(result == Z_OK);
    OT_ASSERT(stream_.avail_in == 0);
    OT_ASSERT(stream_.avail_out > 0);
    out.resize(stream_.total_out - tail_bytes);
    return out;
  }

 private:
  z_stream stream_{};
};

std::string pack(std::string_view message) {
  thread_local Deflater deflater;  // 256 KiB
  return deflater.pack(message);
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
