#include "server/frame.h"

#include <mutex>
#include <utility>

namespace segue::server {

namespace {

constexpr char fin_and_text = static_cast<char>(0x81);
constexpr char is_packed = 0x40;
constexpr std::size_t header_bytes_max = 10;

void append_big_endian(std::size_t value, int bytes, std::string& out) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out += static_cast<char>(value >> shift);
  }
}

}  // namespace

struct Frame::Shared {
  explicit Shared(std::string plain) : bytes(std::move(plain)) {}

  const std::string bytes;
  std::once_flag packing;
  std::string packed;
};

std::string_view Frame::bytes() const {
  if (shared_ == nullptr) {
    return {};
  }
  return is_packed_ ? shared_->packed : shared_->bytes;
}

Frame Frame::packed(std::string (*pack)(std::string_view frames)) const {
  std::call_once(shared_->packing, [&] { shared_->packed = pack(shared_->bytes); });
  Frame same(*this);
  same.is_packed_ = true;
  return same;
}

void append_text_frame(std::string_view message, std::string& out, Packing packing) {
  out += packing == Packing::deflate ? static_cast<char>(fin_and_text | is_packed) : fin_and_text;
  if (message.size() < 126) {
    out += static_cast<char>(message.size());
  } else if (message.size() < 65'536) {
    out += static_cast<char>(126);
    append_big_endian(message.size(), 2, out);
  } else {
    out += static_cast<char>(127);
    append_big_endian(message.size(), 8, out);
  }
  out += message;
}

Frame Frame::text(std::string_view message) {
  std::string bytes;
  bytes.reserve(header_bytes_max + message.size());
  append_text_frame(message, bytes);
  return raw(std::move(bytes));
}

Frame Frame::raw(std::string bytes) {
  Frame frame;
  frame.shared_ = std::make_shared<Shared>(std::move(bytes));
  return frame;
}

}  // namespace segue::server
