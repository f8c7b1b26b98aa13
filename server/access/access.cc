#include "server/access/access.h"

#include <utility>

#include "ot/json_text.h"

namespace segue::access {

namespace {

using ot::Errc;
using ot::Result;

constexpr std::size_t keys_bytes_max = 1u << 20;
constexpr std::size_t policy_bytes_max = 1u << 20;
constexpr std::size_t revoked_bytes_max = 16u << 20;

Result<KeySet> parse_keys(std::string_view text) {
  const auto json = ot::parse_json(text);
  return json ? KeySet::from_json(*json) : ot::fail(json.error());
}

Result<Policy> parse_policy(std::string_view text) {
  const auto json = ot::parse_json(text);
  return json ? Policy::from_json(*json) : ot::fail(json.error());
}

// What the text of a file says, or the error with the file's name.
template <class T>
Result<T> read_as(const std::string& path, const Result<std::string>& text,
                  Result<T> (*parse)(std::string_view)) {
  if (!text) {
    return ot::fail(text.error());
  }
  auto parsed = parse(*text);
  return parsed ? std::move(parsed) : ot::fail(Errc::uncoded, path + ": " + parsed.error().detail);
}

std::optional<WatchedFile> watched(const std::string& path, std::size_t bytes_max) {
  return path.empty() ? std::nullopt : std::optional(WatchedFile(path, bytes_max));
}

}  // namespace

Result<KeySet> load_keys(const std::string& path) {
  return read_as(path, read_file(path, keys_bytes_max), &parse_keys);
}

Result<Policy> load_policy(const std::string& path) {
  return read_as(path, read_file(path, policy_bytes_max), &parse_policy);
}

Result<Revocations> load_revocations(const std::string& path) {
  return read_as(path, read_file(path, revoked_bytes_max), &Revocations::parse);
}

Access::Access(AccessOptions options)
    : expected_(std::move(options.expected)),
      cookie_(std::move(options.cookie)),
      keys_file_(std::move(options.keys), keys_bytes_max),
      policy_file_(watched(options.policy, policy_bytes_max)),
      revoked_file_(watched(options.revoked, revoked_bytes_max)) {}

Result<std::unique_ptr<Access>> Access::open(AccessOptions options) {
  std::unique_ptr<Access> access(new Access(std::move(options)));
  if (auto wrong = access->reload(Which::all); !wrong.empty()) {
    return ot::fail(std::move(wrong.front()));
  }
  return access;
}

std::shared_ptr<const Access::State> Access::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

std::uint64_t Access::generation() const { return state()->generation; }

std::vector<ot::Error> Access::reload(Which which) {
  State next = *state();
  std::vector<ot::Error> wrong;
  bool changed = false;
  const auto take = [&](WatchedFile& file, auto parse, auto&& use) {
    if (which == Which::all) {
      file.forget();
    }
    const auto text = file.read_if_changed();
    if (!text) {
      return;
    }
    auto parsed = read_as(file.path(), *text, parse);
    if (!parsed) {
      return wrong.push_back(std::move(parsed.error()));
    }
    use(std::move(*parsed));
    changed = true;
  };
  take(keys_file_, &parse_keys, [&](KeySet keys) { next.keys = std::move(keys); });
  if (policy_file_) {
    take(*policy_file_, &parse_policy,
         [&](Policy policy) { next.policy = std::make_shared<const Policy>(std::move(policy)); });
  }
  if (revoked_file_) {
    take(*revoked_file_, &Revocations::parse,
         [&](Revocations revoked) { next.revoked = std::move(revoked); });
  }
  if (changed) {
    ++next.generation;
    const std::lock_guard lock(mutex_);
    state_ = std::make_shared<const State>(std::move(next));
  }
  return wrong;
}

Result<Access::RightsPtr> Access::check(std::string_view token, double now_s) const {
  const auto now = state();
  auto identity = check_token(token, now->keys, expected_, now_s);
  if (!identity) {
    return ot::fail(std::move(identity.error()));
  }
  if (now->revoked.cover(*identity)) {
    return ot::fail(Errc::unauthorized, "the token was revoked");
  }
  return Rights::make(std::move(*identity), now->policy);
}

Result<Access::RightsPtr> Access::redeem(const std::string& ticket, double now_s) {
  const auto rights = tickets_.redeem(ticket, now_s);
  return rights ? renew(*rights, now_s)
                : ot::fail(Errc::unauthorized, "the ticket is not valid, or was used before");
}

Result<Access::RightsPtr> Access::renew(const Rights& rights, double now_s) const {
  const auto now = state();
  const Identity& identity = rights.identity();
  if (identity.expires_s <= now_s) {
    return ot::fail(Errc::unauthorized, "the token has expired");
  }
  if (!now->keys.contains(identity.key)) {
    return ot::fail(Errc::unauthorized, "the token's key is no longer in force");
  }
  if (now->revoked.cover(identity)) {
    return ot::fail(Errc::unauthorized, "the token was revoked");
  }
  return Rights::make(identity, now->policy);
}

}  // namespace segue::access
