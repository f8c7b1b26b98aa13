#include "server/compression/unpacker.h"

#include <algorithm>
#include <new>
#include <utility>

#define ZLIB_CONST
#include <zlib.h>

#include "ot/assert.h"

namespace segue::server {

namespace {

constexpr std::uint8_t fin_bit = 0x80;
constexpr std::uint8_t packed_bit = 0x40;
constexpr std::uint8_t reserved_bits = 0x70;
constexpr std::uint8_t opcode_bits = 0x0f;
constexpr std::uint8_t control_opcodes = 8;  // from here on
constexpr std::uint8_t mask_bit = 0x80;
constexpr std::size_t mask_bytes = 4;
constexpr std::size_t piece_bytes = 4096;
constexpr std::string_view left_away("\x00\x00\xff\xff", 4);
constexpr std::string_view no_frame("\x83\x80\x00\x00\x00\x00", 6);  // opcode 3

std::uint8_t byte(char c) { return static_cast<std::uint8_t>(c); }

std::size_t length_bytes(std::uint8_t second) {
  const int size = second & ~mask_bit;
  return size == 126 ? 2 : size == 127 ? 8 : 0;
}

}  // namespace

class Unpacker::Inflater {
 public:
  explicit Inflater(int window_bits) {
    if (inflateInit2(&stream_, -window_bits) != Z_OK) {
      throw std::bad_alloc();
    }
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  struct Step {
    std::size_t taken;
    std::size_t put;
    bool failed;
  };
  Step run(std::string_view in, std::span<char> out) {
    stream_.next_in = reinterpret_cast<const Bytef*>(in.data());
    stream_.avail_in = static_cast<uInt>(in.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    const int result = inflate(&stream_, Z_SYNC_FLUSH);
    const Step done{in.size() - stream_.avail_in, out.size() - stream_.avail_out,
                    result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR};
    has_more_ = stream_.avail_out == 0;
    if (result == Z_STREAM_END) {  // What follows is a stream of its own.
      inflateReset(&stream_);
    }
    return done;
  }
  // Perhaps: there was no room for it.
  bool has_more() const { return has_more_; }

 private:
  z_stream stream_{};
  bool has_more_ = false;
};

Unpacker::Unpacker(int window_bits) : window_bits_(window_bits) {}
Unpacker::~Unpacker() = default;

void Unpacker::received(std::size_t bytes) {
  OT_ASSERT(bytes <= in_.size());
  in_from_ = 0;
  in_to_ = bytes;
}

std::size_t Unpacker::read(std::span<char> out) {
  OT_ASSERT(!out.empty());
  while (out_from_ == out_.size()) {
    out_.clear();
    out_from_ = 0;
    if (!step()) {
      return 0;
    }
  }
  const std::size_t count = std::min(out.size(), out_.size() - out_from_);
  std::copy_n(out_.begin() + static_cast<std::ptrdiff_t>(out_from_), count, out.begin());
  out_from_ += count;
  return count;
}

// False: it takes more of the client's bytes.
bool Unpacker::step() {
  switch (state_) {
    case State::head:
      return read_head();
    case State::plain:
      return pass_on();
    case State::packed:
    case State::tail:
      return unpack();
    case State::broken:
      return false;
  }
  return false;
}

bool Unpacker::read_head() {
  while (in_from_ < in_to_) {
    head_ += in_[in_from_++];
    const std::uint8_t second = head_.size() < 2 ? 0 : byte(head_[1]);
    const std::size_t size = 2 + length_bytes(second) + ((second & mask_bit) != 0 ? mask_bytes : 0);
    if (head_.size() >= 2 && head_.size() == size) {
      begin_frame();
      return true;
    }
  }
  return false;
}

void Unpacker::begin_frame() {
  const std::uint8_t first = byte(head_[0]);
  const std::uint8_t opcode = first & opcode_bits;
  const bool is_masked = (byte(head_[1]) & mask_bit) != 0;
  const std::size_t extended = length_bytes(byte(head_[1]));
  left_ = extended > 0 ? 0 : byte(head_[1]) & ~mask_bit;
  for (std::size_t at = 2; at < 2 + extended; ++at) {
    left_ = left_ << 8 | byte(head_[at]);
  }
  const bool starts = (opcode == 1 || opcode == 2) && (first & reserved_bits) == packed_bit;
  const bool goes_on = inflater_ != nullptr && opcode < control_opcodes;
  if (goes_on && (opcode != 0 || (first & reserved_bits) != 0)) {
    return fail();
  }
  if (!is_masked || (!starts && !goes_on)) {
    out_ += std::exchange(head_, {});
    state_ = State::plain;
    return;
  }
  if (starts) {
    inflater_ = std::make_unique<Inflater>(window_bits_);
    opcode_ = opcode;
  }
  fin_ = (first & fin_bit) != 0;
  mask_at_ = 0;
  state_ = State::packed;
}

bool Unpacker::pass_on() {
  const std::size_t count = std::min<std::uint64_t>(left_, waiting().size());
  out_ += waiting().substr(0, count);
  in_from_ += count;
  left_ -= count;
  if (left_ == 0) {
    state_ = State::head;
  }
  return count > 0 || left_ == 0;
}

bool Unpacker::unpack() {
  if (piece_from_ == piece_.size() && !inflater_->has_more()) {
    if (state_ == State::tail) {
      put_frame("", true);
      inflater_.reset();
      state_ = State::head;
      return true;
    }
    if (!take_piece()) {
      return left_ == 0;
    }
  }
  std::array<char, piece_bytes> unpacked;
  const auto done = inflater_->run(std::string_view(piece_).substr(piece_from_), unpacked);
  piece_from_ += done.taken;
  if (done.put > 0) {
    put_frame({unpacked.data(), done.put}, false);
  }
  if (done.failed) {
    fail();
  }
  return true;
}

// The next of the message that is to be unpacked. False: there is nothing, perhaps of this frame
// only.
bool Unpacker::take_piece() {
  piece_.clear();
  piece_from_ = 0;
  if (left_ == 0) {
    head_.clear();
    state_ = fin_ ? State::tail : State::head;
    piece_ = fin_ ? left_away : "";
    return fin_;
  }
  const std::string_view mask = std::string_view(head_).substr(head_.size() - mask_bytes);
  piece_ = waiting().substr(0, std::min<std::uint64_t>(left_, waiting().size()));
  for (char& c : piece_) {
    c = static_cast<char>(c ^ mask[mask_at_]);
    mask_at_ = (mask_at_ + 1) % mask_bytes;
  }
  in_from_ += piece_.size();
  left_ -= piece_.size();
  return !piece_.empty();
}

void Unpacker::put_frame(std::string_view payload, bool fin) {
  out_ += static_cast<char>((fin ? fin_bit : 0) | std::exchange(opcode_, std::uint8_t{0}));
  if (payload.size() < 126) {
    out_ += static_cast<char>(mask_bit | payload.size());
  } else {
    out_ += static_cast<char>(mask_bit | 126);
    out_ += static_cast<char>(payload.size() >> 8);
    out_ += static_cast<char>(payload.size() & 0xff);
  }
  out_.append(mask_bytes, '\0');
  out_ += payload;
}

void Unpacker::fail() {
  out_ += no_frame;
  inflater_.reset();
  state_ = State::broken;
}

}  // namespace segue::server
