#include "server/tls_context.h"

#include <csignal>
#include <string_view>
#include <utility>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

namespace segue::server {

namespace {

constexpr std::size_t pem_bytes_max = 1u << 20;
// Of TLS 1.2: those with forward secrecy and authenticated encryption.
constexpr const char* ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr std::string_view http_1_1 = "\x08http/1.1";  // its length comes first

template <class T, void (*free)(T*)>
struct Freed {
  void operator()(T* object) const { free(object); }
};
using Certificate = std::unique_ptr<X509, Freed<X509, X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY, EVP_PKEY_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO, BIO_free_all>>;

Memory memory_of(const std::string& text) {
  return Memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// OpenSSL would ask for it on the terminal.
int no_password(char*, int, int, void*) { return -1; }

// NOLINTNEXTLINE(readability-function-size): OpenSSL says what it takes.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned offered_size, void*) {
  const auto* ours = reinterpret_cast<const unsigned char*>(http_1_1.data());
  unsigned char* found = nullptr;
  const int outcome = SSL_select_next_proto(
      &found, size, ours, static_cast<unsigned>(http_1_1.size()), offered, offered_size);
  *chosen = found;
  return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// What OpenSSL has against something.
std::string reason() {
  const char* text = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return text == nullptr ? "unknown reason" : text;
}

void configure(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, ciphers);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE);
  // An idle connection holds no buffers; what is written may have moved when it is tried again.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);  // Tickets take nothing here.
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
}

// The first one is ours, the others vouch for it.
bool add_certificates(SSL_CTX* context, const std::string& text) {
  const Memory memory = memory_of(text);
  const Certificate own(PEM_read_bio_X509_AUX(memory.get(), nullptr, no_password, nullptr));
  if (own == nullptr || SSL_CTX_use_certificate(context, own.get()) != 1) {
    return false;
  }
  while (X509* next = PEM_read_bio_X509(memory.get(), nullptr, no_password, nullptr)) {
    if (SSL_CTX_add0_chain_cert(context, next) != 1) {
      X509_free(next);
      return false;
    }
  }
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (at_end) {
    ERR_clear_error();
  }
  return at_end;
}

}  // namespace

void TlsContext::Free::operator()(ssl_ctx_st* context) const { SSL_CTX_free(context); }

TlsContext::TlsContext(const TlsFiles& files)
    : certificate_(files.certificate, pem_bytes_max), key_(files.key, pem_bytes_max) {}

ot::Result<std::unique_ptr<TlsContext>> TlsContext::open(const TlsFiles& files) {
  // A peer that has gone is an error of the write.
  std::signal(SIGPIPE, SIG_IGN);  // NOLINT(bugprone-unused-return-value): it cannot fail
  auto context = std::unique_ptr<TlsContext>(new TlsContext(files));
  if (auto loaded = context->reload(access::Which::all); !loaded) {
    return ot::fail(std::move(loaded.error()));
  }
  return context;
}

ot::Result<bool> TlsContext::reload(access::Which which) {
  if (which == access::Which::all) {
    certificate_.forget();
    key_.forget();
  }
  auto certificate = certificate_.read_if_changed();
  auto key = key_.read_if_changed();
  if (!certificate && !key) {
    return false;
  }
  if (certificate) {
    certificate_text_ = std::move(*certificate);
  }
  if (key) {
    key_text_ = std::move(*key);
  }
  for (const auto* text : {&certificate_text_, &key_text_}) {
    if (!*text) {
      return ot::fail(text->error());
    }
  }
  if (auto used = use(*certificate_text_, *key_text_); !used) {
    return ot::fail(std::move(used.error()));
  }
  return true;
}

ot::Result<void> TlsContext::use(const std::string& certificate, const std::string& key) {
  const auto wrong = [](const std::string& path, const std::string& what) {
    return ot::fail(ot::Errc::uncoded, path + ": " + what + ": " + reason());
  };
  ERR_clear_error();
  Context context(SSL_CTX_new(TLS_server_method()));
  configure(context.get());
  if (!add_certificates(context.get(), certificate)) {
    return wrong(certificate_.path(), "this is no certificate in PEM that can be used");
  }
  const Key private_key(
      PEM_read_bio_PrivateKey(memory_of(key).get(), nullptr, no_password, nullptr));
  if (private_key == nullptr) {
    return wrong(key_.path(), "this is no private key in PEM without a password");
  }
  if (SSL_CTX_use_PrivateKey(context.get(), private_key.get()) != 1 ||
      SSL_CTX_check_private_key(context.get()) != 1) {
    return wrong(key_.path(), "this key does not belong to " + certificate_.path());
  }
  std::tm until{};
  ASN1_TIME_to_tm(X509_get0_notAfter(SSL_CTX_get0_certificate(context.get())), &until);
  valid_until_ = timegm(&until);
  context_ = std::move(context);
  return {};
}

std::unique_ptr<TlsSession> TlsContext::new_session(int socket) const {
  SSL* ssl = SSL_new(context_.get());
  auto session = std::make_unique<TlsSession>(ssl);
  SSL_set_fd(ssl, socket);
  return session;
}

}  // namespace segue::server
