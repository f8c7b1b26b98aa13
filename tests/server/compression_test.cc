#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "server/compression/deflate.h"
#include "server/compression/offer.h"
#include "server/compression/unpacker.h"
#include "server/frame.h"

using namespace segue::server;

namespace {

std::string answer_to(std::string_view offers) {
  const auto agreed = accept_compression(offers);
  return agreed ? agreed->answer : "";
}

// A client's frame with a mask; short heads only where they do.
std::string client_frame(int first, std::string_view payload) {
  const std::string mask("\x12\x34\x56\x78", 4);
  std::string out(1, static_cast<char>(first));
  if (payload.size() < 126) {
    out += static_cast<char>(0x80 | payload.size());
  } else {
    out += static_cast<char>(0x80 | 127);
    for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(payload.size() >> shift);
  }
  out += mask;
  for (std::size_t i = 0; i < payload.size(); ++i) {
    out += static_cast<char>(payload[i] ^ mask[i % 4]);
  }
  return out;
}

// What a client would send of a message: what the server sends of it, without its head.
std::string packed(std::string_view message) {
  std::string all(Frame::text(message).packed(&pack_frames).bytes());
  REQUIRE(static_cast<unsigned char>(all[0]) == 0xc1);
  const auto size = static_cast<unsigned char>(all[1]);
  return all.substr(size < 126 ? 2 : size == 126 ? 4 : 10);
}

// Feeds it in pieces, and reads in pieces.
std::string through(Unpacker& unpacker, std::string_view bytes, std::size_t in, std::size_t out) {
  std::string result;
  std::string room(out, '\0');
  while (true) {
    while (const std::size_t count = unpacker.read(room)) result += room.substr(0, count);
    if (bytes.empty()) return result;
    const auto piece = bytes.substr(0, std::min({in, bytes.size(), unpacker.room().size()}));
    std::copy(piece.begin(), piece.end(), unpacker.room().begin());
    unpacker.received(piece.size());
    bytes.remove_prefix(piece.size());
  }
}

// The payloads of the data frames that came out, in which control frames stand as [..].
std::string messages(std::string_view frames) {
  std::string out;
  while (!frames.empty()) {
    const auto byte = [&](std::size_t at) {
      return static_cast<std::size_t>(static_cast<unsigned char>(frames[at]));
    };
    std::size_t size = byte(1) & 0x7f;
    std::size_t head = 2;
    if (size >= 126) {
      head = size == 126 ? 4 : 10;
      size = 0;
      for (std::size_t at = 2; at < head; ++at) size = size << 8 | byte(at);
    }
    const std::string_view mask = frames.substr(head, 4);
    std::string payload(frames.substr(head + 4, size));
    for (std::size_t i = 0; i < size; ++i) payload[i] = static_cast<char>(payload[i] ^ mask[i % 4]);
    const bool is_control = (byte(0) & 0x0f) >= 8;
    out += is_control ? "[" + payload + "]" : payload;
    out += !is_control && byte(0) & 0x80 ? "|" : "";
    frames.remove_prefix(head + 4 + size);
  }
  return out;
}

std::string sample(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string text;
  while (text.size() < size) {
    text += random() % 3 == 0 ? std::string(random() % 400, 'x') : std::to_string(random());
  }
  return text;
}

const std::string no_frame("\x83\x80\0\0\0\0", 6);

}  // namespace

TEST_CASE("compression: of what a client offers the first that we can do is accepted") {
  const std::string plain =
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
  CHECK(answer_to("permessage-deflate") == plain);
  CHECK(answer_to("permessage-deflate; client_max_window_bits") ==
        plain + "; client_max_window_bits=12");
  CHECK(answer_to("permessage-deflate; client_max_window_bits=9") ==
        plain + "; client_max_window_bits=9");
  CHECK(answer_to("permessage-deflate; server_max_window_bits=15") ==
        plain + "; server_max_window_bits=15");
  CHECK(answer_to("permessage-deflate; server_no_context_takeover") == plain);
  CHECK(answer_to("x-other, permessage-deflate; server_max_window_bits=10, permessage-deflate") ==
        plain);
  CHECK(answer_to("permessage-deflate; server_max_window_bits=10, permessage-deflate; "
                  "client_max_window_bits, permessage-deflate") ==
        plain + "; client_max_window_bits=12");
  CHECK(answer_to("permessage-deflate; server_max_window_bits, permessage-deflate") == plain);
}

TEST_CASE("compression: what makes no sense, or cannot be kept, is not accepted") {
  for (const char* offer :
       {"", "x-webkit-deflate-frame", "permessage-deflate; client_max_window_bits=99",
        "permessage-deflate; client_max_window_bits=7",
        "permessage-deflate; client_max_window_bits=x",
        "permessage-deflate; server_max_window_bits=10",
        "permessage-deflate; server_max_window_bits", "permessage-deflate; unknown",
        "permessage-deflate; client_no_context_takeover=1",
        "permessage-deflate; client_max_window_bits; client_max_window_bits", ";;;,,=", "\"",
        "permessage-deflate; client_max_window_bits=015x"}) {
    CAPTURE(offer);
    CHECK(answer_to(offer) == "");
  }
}

TEST_CASE("compression: short messages are sent as they are, long ones packed, once for all") {
  const std::string text = sample(20'000, 1);
  const Frame frame = Frame::text(text);
  const Frame one = frame.packed(&pack_frames);
  const Frame two = Frame(frame).packed(&pack_frames);
  CHECK(one.bytes().size() < text.size());
  CHECK(one.bytes().data() == two.bytes().data());
  CHECK(frame.bytes().size() > text.size());

  std::string frames;
  append_text_frame("short", frames);
  append_text_frame(text, frames);
  append_text_frame("last", frames);
  std::string expected;
  append_text_frame("short", expected);
  expected += one.bytes();
  append_text_frame("last", expected);
  CHECK(pack_frames(frames) == expected);
}

TEST_CASE(
    "compression: what was packed comes out again, in whatever pieces it comes and is taken") {
  for (unsigned seed = 0; seed < 30; ++seed) {
    const std::string text = sample(1'100 + seed * 700, seed);
    const std::string bytes = packed(text);
    const std::string_view view = bytes;
    const std::size_t cut = bytes.size() / 3;
    const std::string sent = client_frame(0x41, view.substr(0, cut)) + client_frame(0x89, "ping") +
                             client_frame(0x00, "") + client_frame(0x80, view.substr(cut)) +
                             client_frame(0x81, "plain") + client_frame(0xc1, bytes);
    std::string expected = text;
    expected.append("|plain|").append(text).append("|");
    for (const std::size_t in : {1u, 7u, 4096u}) {
      for (const std::size_t out : {1u, 13u, 1536u, 65'536u}) {
        Unpacker unpacker(15);
        std::string result = messages(through(unpacker, sent, in, out));
        const std::size_t ping = result.find("[ping]");
        REQUIRE(ping != std::string::npos);
        result.erase(ping, 6);
        CHECK(result == expected);
      }
    }
  }
}

TEST_CASE(
    "compression: a stream that is broken, or in the wrong place, becomes a frame that is none") {
  const std::string bytes = packed(sample(2'000, 1));
  for (const std::string& sent : {client_frame(0xc1, "\xff\xff\xff\xff"),
                                  client_frame(0x41, bytes) + client_frame(0xc1, bytes),
                                  client_frame(0x41, bytes) + client_frame(0x81, "plain"),
                                  client_frame(0x41, bytes) + client_frame(0xc0, bytes)}) {
    Unpacker unpacker(15);
    const std::string result = through(unpacker, sent + client_frame(0x81, "after"), 4096, 65'536);
    CHECK(result.ends_with(no_frame));
  }
  for (const std::string& passed :
       {client_frame(0xc0, "x"), client_frame(0xd1, "x"), client_frame(0xa1, "x"),
        client_frame(0xc9, "x"), std::string("\xc1\x01x", 3)}) {
    Unpacker unpacker(15);  // The reader of what comes out refuses them.
    CHECK(through(unpacker, passed, 4096, 65'536) == passed);
  }
}

TEST_CASE("compression: a message packed as a stream with an end is a message") {
  // "Hello" in a last block, and the byte that RFC 7692 section 7.2.3.4 puts behind it.
  Unpacker unpacker(15);
  const std::string hello("\xf3\x48\xcd\xc9\xc9\x07\x00\x00", 8);
  CHECK(messages(through(unpacker, client_frame(0xc1, hello), 4096, 65'536)) == "Hello|");
}

TEST_CASE("compression: no more is unpacked than is asked for") {
  const std::string bomb = packed(std::string(8'000'000, 'x'));
  CHECK(bomb.size() < 100'000);
  Unpacker unpacker(15);
  std::string room(1'000, '\0');
  const std::string sent = client_frame(0xc1, bomb);
  std::copy_n(sent.begin(), 4096, unpacker.room().begin());
  unpacker.received(4096);
  for (int i = 0; i < 1'000; ++i) CHECK(unpacker.read(room) > 0);
}
