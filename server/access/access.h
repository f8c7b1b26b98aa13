// Access: the keys, rules and revocations in force, read from files and read again when these
// change. Normative: spec/access.md.
//
// Threads: any, but for reload(), which belongs to one.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ot/result.h"
#include "server/access/key_set.h"
#include "server/access/revocations.h"
#include "server/access/rights.h"
#include "server/access/src_authors.h"
#include "server/access/tickets.h"
#include "server/access/watched_file.h"

namespace segue::access {

struct AccessOptions {
  std::string keys;  // files; those but `keys` may be empty
  std::string policy;
  std::string revoked;
  Expected expected;
  std::string cookie = "segue_token";
};

// The files as what they hold. Errors: log_io, too_large; uncoded, what is wrong in the file.
ot::Result<KeySet> load_keys(const std::string& path);
ot::Result<Policy> load_policy(const std::string& path);
ot::Result<Revocations> load_revocations(const std::string& path);

class Access {
 public:
  using RightsPtr = std::shared_ptr<const Rights>;

  // Errors: of the files, as above.
  static ot::Result<std::unique_ptr<Access>> open(AccessOptions options);

  // What the bearer of the token may do. Errors: unauthorized, and why.
  ot::Result<RightsPtr> check(std::string_view token, double now_s) const;
  // The same for a ticket, which works once.
  ot::Result<RightsPtr> redeem(const std::string& ticket, double now_s);
  // Rights that were granted before, as they are now. Errors: unauthorized.
  ot::Result<RightsPtr> renew(const Rights& rights, double now_s) const;

  // Reads the files. Returns what went wrong; then what was in force before stays so.
  using Which = access::Which;
  std::vector<ot::Error> reload(Which which);
  // Goes up with each change of what is in force.
  std::uint64_t generation() const;

  const std::string& cookie() const { return cookie_; }
  Tickets& tickets() { return tickets_; }
  SrcAuthors& srcs() { return srcs_; }

 private:
  struct State {
    KeySet keys;
    std::shared_ptr<const Policy> policy = std::make_shared<const Policy>();
    Revocations revoked;
    std::uint64_t generation = 0;
  };
  explicit Access(AccessOptions options);
  std::shared_ptr<const State> state() const;

  const Expected expected_;
  const std::string cookie_;
  Tickets tickets_;
  SrcAuthors srcs_;
  WatchedFile keys_file_;
  std::optional<WatchedFile> policy_file_;
  std::optional<WatchedFile> revoked_file_;
  mutable std::mutex mutex_;  // guards state_
  std::shared_ptr<const State> state_ = std::make_shared<const State>();
};

}  // namespace segue::access
