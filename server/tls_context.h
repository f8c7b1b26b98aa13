// TlsContext: the certificate and key that new connections are met with, read again when their
// files change. Connections that are open keep what they began with.
//
// Thread: one.
#pragma once

#include <ctime>
#include <memory>
#include <optional>
#include <string>

#include "ot/result.h"
#include "server/access/watched_file.h"
#include "server/tls_session.h"

struct ssl_ctx_st;

namespace segue::server {

// Files in PEM. The certificate's may go on with those that vouch for it.
struct TlsFiles {
  std::string certificate;
  std::string key;
};

class TlsContext {
 public:
  // Errors, each a sentence for the operator: log_io, a file cannot be read; uncoded, what is wrong
  // in it.
  static ot::Result<std::unique_ptr<TlsContext>> open(const TlsFiles& files);

  // For a connection on this socket, whose owner outlives it.
  std::unique_ptr<TlsSession> new_session(int socket) const;

  // Reads the files. True: there is another certificate in force. Errors, as above: what was in
  // force stays so.
  ot::Result<bool> reload(access::Which which);
  // When the certificate in force ends.
  std::time_t valid_until() const { return valid_until_; }

 private:
  struct Free {
    void operator()(ssl_ctx_st* context) const;
  };
  using Context = std::unique_ptr<ssl_ctx_st, Free>;

  explicit TlsContext(const TlsFiles& files);
  ot::Result<void> use(const std::string& certificate, const std::string& key);

  access::WatchedFile certificate_;
  access::WatchedFile key_;
  // As they were read last, since one changes before the other.
  ot::Result<std::string> certificate_text_;
  ot::Result<std::string> key_text_;
  Context context_;
  std::time_t valid_until_ = 0;
};

}  // namespace segue::server
