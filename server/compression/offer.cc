#include "server/compression/offer.h"

#include <algorithm>
#include <charconv>
#include <set>

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/rfc7230.hpp>

namespace segue::server {

namespace {

namespace beast = boost::beast;
using beast::http::ext_list;
using beast::http::param_list;

// Where the client lets us choose. The server holds a window only while a message comes in.
constexpr int window_bits_wanted = 12;
constexpr int window_bits_max = 15;

std::optional<int> bits_of(std::string_view text) {
  int bits = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, bits);
  const bool is_good = error == std::errc() && stop == end && bits >= 8 && bits <= window_bits_max;
  return is_good ? std::optional(bits) : std::nullopt;
}

// Nothing where it asks for what we do not have, or what there is not.
std::optional<Compression> accept(const param_list& params) {
  Compression agreed;
  agreed.answer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
  std::set<std::string> seen;
  for (const auto& param : params) {
    const std::string name(param.first);
    const std::string_view value(param.second.data(), param.second.size());
    const bool is_flag =
        name == "server_no_context_takeover" || name == "client_no_context_takeover";
    if (!seen.insert(name).second || (is_flag && !value.empty())) {
      return std::nullopt;
    }
    if (is_flag) {
      continue;
    }
    if (name == "client_max_window_bits") {
      const auto bits = value.empty() ? std::optional(window_bits_max) : bits_of(value);
      if (!bits) {
        return std::nullopt;
      }
      agreed.window_bits = std::min(window_bits_wanted, *bits);
      agreed.answer += "; client_max_window_bits=" + std::to_string(agreed.window_bits);
    } else if (name != "server_max_window_bits" || bits_of(value) != window_bits_max) {
      return std::nullopt;  // A broadcast is packed once, within the largest window.
    } else {
      agreed.answer += "; server_max_window_bits=15";
    }
  }
  return agreed;
}

}  // namespace

// One by one: Beast 1.81 takes an offer without parameters to have those of the offer before, and
// stops behind one whose last parameter has no value. No parameter of ours holds a comma.
std::optional<Compression> accept_compression(std::string_view offers) {
  while (!offers.empty()) {
    const std::string_view text = offers.substr(0, offers.find(','));
    offers.remove_prefix(std::min(text.size() + 1, offers.size()));
    const ext_list list(beast::string_view(text.data(), text.size()));
    const auto offer = list.begin();
    if (offer == list.end() || !beast::iequals(offer->first, "permessage-deflate")) {
      continue;
    }
    if (auto agreed = accept(offer->second)) {
      return agreed;
    }
  }
  return std::nullopt;
}

}  // namespace segue::server
