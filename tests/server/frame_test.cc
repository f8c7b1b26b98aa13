#include "server/frame.h"

#include <string>

#include <doctest/doctest.h>

using namespace segue::server;

namespace {
std::string bytes(std::initializer_list<int> values) {
  std::string out;
  for (const int value : values) {
    out += static_cast<char>(value);
  }
  return out;
}
}  // namespace

TEST_CASE("frame: a short message has a header of two bytes") {
  CHECK(Frame::text("hi").bytes() == bytes({0x81, 2}) + "hi");
  CHECK(Frame::text("").bytes() == bytes({0x81, 0}));
  const std::string longest(125, 'x');
  CHECK(Frame::text(longest).bytes() == bytes({0x81, 125}) + longest);
}

TEST_CASE("frame: from 126 bytes on the length takes two bytes more") {
  const std::string shortest(126, 'x');
  CHECK(Frame::text(shortest).bytes() == bytes({0x81, 126, 0, 126}) + shortest);
  const std::string longest(65'535, 'x');
  CHECK(Frame::text(longest).bytes() == bytes({0x81, 126, 0xff, 0xff}) + longest);
}

TEST_CASE("frame: from 64 KiB on the length takes eight bytes more") {
  const std::string message(65'536, 'x');
  CHECK(Frame::text(message).bytes() == bytes({0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0}) + message);
}

TEST_CASE("frame: a copy shares the bytes") {
  const Frame frame = Frame::text("shared");
  const Frame copy = frame;  // NOLINT(performance-unnecessary-copy-initialization): the point.
  CHECK(copy.bytes().data() == frame.bytes().data());
}
