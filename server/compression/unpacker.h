// Unpacker: turns what a client sends on a connection with permessage-deflate into the same
// without: frames of a packed message come out as frames of the unpacked one, everything else as it
// came. What is checked is what that takes; all other rules of WebSocket are up to the reader of
// the frames that come out, and so are limits: no more is unpacked than is asked for.
//
// It stands before Beast, whose own reader of packed messages (1.81) loses its place where a
// message ends as its buffer is full.
//
// Strand: the connection's. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace segue::server {

class Unpacker {
 public:
  // `window_bits`: what the client keeps to.
  explicit Unpacker(int window_bits);
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;
  ~Unpacker();

  // Where bytes of the client go, and how many there were.
  // REQUIRES: read() has returned 0.
  std::span<char> room() { return in_; }
  void received(std::size_t bytes);
  // Writes frames to `out`. Returns how many bytes; 0: more of the client's are needed.
  // REQUIRES: `out` is not empty.
  std::size_t read(std::span<char> out);

 private:
  class Inflater;
  enum class State {
    head,    // of a frame
    plain,   // the payload of one that goes through as it came
    packed,  // the payload of one that is unpacked
    tail,    // the end that the client left away of a packed message
    broken   // a frame that no reader accepts has been put out, and nothing follows
  };

  bool step();
  bool read_head();
  void begin_frame();
  bool pass_on();
  bool unpack();
  bool take_piece();
  void put_frame(std::string_view payload, bool fin);
  void fail();
  std::string_view waiting() const { return {in_.data() + in_from_, in_to_ - in_from_}; }

  const int window_bits_;
  State state_ = State::head;
  std::array<char, 4096> in_;
  std::size_t in_from_ = 0;
  std::size_t in_to_ = 0;
  std::string out_;  // a frame at most
  std::size_t out_from_ = 0;

  std::string head_;         // of the frame, as far as it has come
  std::uint64_t left_ = 0;   // of its payload
  std::size_t mask_at_ = 0;  // in its mask
  bool fin_ = false;         // it is the last of its message

  std::unique_ptr<Inflater> inflater_;  // within a packed message
  std::uint8_t opcode_ = 0;             // of the next frame that is put out of it
  std::string piece_;                   // of it, to be unpacked
  std::size_t piece_from_ = 0;
};

}  // namespace segue::server
