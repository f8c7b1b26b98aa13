#include "server/frame.h"

namespace segue::server {

namespace {

constexpr char fin_and_text = static_cast<char>(0x81);
constexpr std::size_t header_bytes_max = 10;

void append_big_endian(std::size_t value, int bytes, std::string& out) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out += static_cast<char>(value >> shift);
  }
}

}  // namespace

void append_text_frame(std::string_view message, std::string& out) {
  out += fin_and_text;
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
  return Frame(std::make_shared<const std::string>(std::move(bytes)));
}

}  // namespace segue::server
