#include "server/commands/access_options.h"

#include <chrono>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace segue::server {

namespace {

void add_expected(CLI::App& command, access::Expected& expected) {
  command
      .add_option_function<std::string>(
          "--audience",
          [&expected](const std::string& audience) {
            expected.audience = audience;
            expected.audience_required = true;
          },
          "Audience that every token must be for; a token with none is refused then")
      ->default_str(expected.audience);
  command.add_option("--issuer", expected.issuer, "Issuer that every token must be from");
}

}  // namespace

std::shared_ptr<TokenCheck> add_token_check(CLI::App& command) {
  auto check = std::make_shared<TokenCheck>();
  command.add_option("--keys", check->keys, "The server's JWK set")->type_name("FILE");
  command.add_option("--revoked", check->revoked, "Tokens that are out of force")
      ->type_name("FILE");
  command.add_option("--at", check->at_s, "Check as of this time, in seconds since 1970");
  add_expected(command, check->expected);
  return check;
}

ot::Result<access::Identity> TokenCheck::check(const std::string& token) const {
  if (keys.empty()) {
    return ot::fail(ot::Errc::uncoded, "a token is checked with --keys");
  }
  const auto set = access::load_keys(keys);
  if (!set) {
    return ot::fail(set.error());
  }
  auto identity = access::check_token(token, *set, expected, at_s.value_or(seconds_now()));
  if (!identity || revoked.empty()) {
    return identity;
  }
  const auto revocations = access::load_revocations(revoked);
  if (!revocations) {
    return ot::fail(revocations.error());
  }
  return revocations->cover(*identity) ? ot::fail(ot::Errc::unauthorized, "the token was revoked")
                                       : std::move(identity);
}

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace segue::server
