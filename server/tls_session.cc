#include "server/tls_session.h"

#include <cerrno>

#include <boost/asio/error.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace segue::server {

void TlsSession::Free::operator()(ssl_st* ssl) const { SSL_free(ssl); }

TlsSession::TlsSession(ssl_st* ssl) : ssl_(ssl) {}

TlsSession::Step TlsSession::shake_hands() {
  ERR_clear_error();
  return step_of(SSL_accept(ssl_.get()), 0);
}

TlsSession::Step TlsSession::read(void* into, std::size_t size) {
  ERR_clear_error();
  std::size_t bytes = 0;
  const int result = SSL_read_ex(ssl_.get(), into, size, &bytes);
  return step_of(result, bytes);
}

TlsSession::Step TlsSession::write(const void* from, std::size_t size) {
  ERR_clear_error();
  std::size_t bytes = 0;
  const int result = SSL_write_ex(ssl_.get(), from, size, &bytes);
  return step_of(result, bytes);
}

void TlsSession::end() {
  if (SSL_is_init_finished(ssl_.get()) == 1) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
  }
}

TlsSession::Step TlsSession::step_of(int result, std::size_t bytes) {
  if (result > 0) {
    return {.bytes = bytes};
  }
  const int error_number = errno;
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return {.wants = Step::Wants::readable};
    case SSL_ERROR_WANT_WRITE:
      return {.wants = Step::Wants::writable};
    case SSL_ERROR_ZERO_RETURN:
      return {.error = boost::asio::error::eof};
    case SSL_ERROR_SYSCALL:
      return {.error = error_number == 0 ? boost::system::error_code(boost::asio::error::eof)
                                         : boost::system::error_code(
                                               error_number, boost::system::system_category())};
    default:
      return {.error = make_error_code(boost::system::errc::protocol_error)};
  }
}

}  // namespace segue::server
