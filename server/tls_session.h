// TlsSession: one connection's TLS, as steps on a socket that does not block.
//
// Strand: the connection's.
#pragma once

#include <cstddef>
#include <memory>

#include <boost/system/error_code.hpp>

struct ssl_st;

namespace segue::server {

class TlsSession {
 public:
  struct Step {
    enum class Wants { nothing, readable, writable };  // of the socket, before it is tried again
    Wants wants = Wants::nothing;
    boost::system::error_code error{};
    std::size_t bytes = 0;
  };

  // Owns `ssl`, which is bound to a socket.
  explicit TlsSession(ssl_st* ssl);

  Step shake_hands();
  Step read(void* into, std::size_t size);
  // REQUIRES: after a step that wanted something the same bytes again, perhaps elsewhere.
  Step write(const void* from, std::size_t size);
  // Tells the peer that nothing more comes, if that can be done at once.
  void end();

 private:
  struct Free {
    void operator()(ssl_st* ssl) const;
  };
  Step step_of(int result, std::size_t bytes);

  std::unique_ptr<ssl_st, Free> ssl_;
};

}  // namespace segue::server
