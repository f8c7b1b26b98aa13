#include "server/outbox.h"

#include <array>
#include <string>

#include <doctest/doctest.h>

using namespace segue::server;

namespace {

Frame piece(std::size_t size, char fill = 'x') { return Frame::raw(std::string(size, fill)); }

std::string waiting(Outbox& outbox) {
  std::array<std::string_view, 1000> pieces;
  const std::size_t count = outbox.front(pieces);
  std::string all;
  for (std::size_t i = 0; i < count; ++i) {
    all += pieces[i];
  }
  return all;
}

}  // namespace

TEST_CASE("outbox: frames leave in the order they came") {
  Outbox outbox(100, 10);
  CHECK(outbox.push(Frame::raw("one")));
  CHECK(outbox.push(Frame::raw("two")));
  CHECK(waiting(outbox) == "onetwo");
  outbox.consume(3);
  CHECK(waiting(outbox) == "two");
  outbox.consume(3);
  CHECK(outbox.empty());
  CHECK(outbox.bytes() == 0);
}

TEST_CASE("outbox: a write that ends inside a frame goes on from there") {
  Outbox outbox(100, 10);
  CHECK(outbox.push(Frame::raw("abc")));
  CHECK(outbox.push(Frame::raw("def")));
  outbox.consume(4);
  CHECK(waiting(outbox) == "ef");
  CHECK(outbox.bytes() == 2);
  CHECK(outbox.frames() == 1);
}

TEST_CASE("outbox: it takes exactly its bound of bytes and not one more") {
  Outbox outbox(10, 100);
  CHECK(outbox.push(piece(4)));
  CHECK(outbox.push(piece(6)));
  CHECK_FALSE(outbox.push(piece(1)));
  CHECK(outbox.bytes() == 10);
}

TEST_CASE("outbox: it takes exactly its bound of frames and not one more") {
  Outbox outbox(1000, 2);
  CHECK(outbox.push(piece(1)));
  CHECK(outbox.push(piece(1)));
  CHECK_FALSE(outbox.push(piece(1)));
}

TEST_CASE("outbox: when empty it takes one frame of any size") {
  Outbox outbox(10, 10);
  CHECK(outbox.push(piece(50)));
  CHECK_FALSE(outbox.push(piece(1)));
}

TEST_CASE("outbox: control frames are never refused") {
  Outbox outbox(10, 1);
  CHECK(outbox.push(piece(10)));
  outbox.push_unbounded(piece(5));
  CHECK(outbox.bytes() == 15);
}

TEST_CASE("outbox: dropping what is unsent keeps a frame that is under way") {
  Outbox outbox(100, 10);
  CHECK(outbox.push(Frame::raw("abc")));
  CHECK(outbox.push(Frame::raw("def")));
  outbox.consume(1);
  outbox.drop_unsent();
  CHECK(waiting(outbox) == "bc");
  CHECK(outbox.bytes() == 2);
  outbox.consume(2);
  outbox.drop_unsent();
  CHECK(outbox.empty());
}

TEST_CASE("outbox: it hands out at most so many pieces") {
  Outbox outbox(100, 10);
  for (int i = 0; i < 5; ++i) {
    CHECK(outbox.push(piece(1)));
  }
  std::array<std::string_view, 3> pieces;
  CHECK(outbox.front(pieces) == 3);
}
