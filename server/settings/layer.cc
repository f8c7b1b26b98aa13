#include "server/settings/layer.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/ip/address.hpp>

namespace segue::server {

namespace {

// Where in `layers` an option is given; their number if nowhere.
std::size_t rank_of(const std::vector<Layer>& layers, const std::string& name) {
  const auto found = std::find_if(layers.begin(), layers.end(),
                                  [&](const Layer& layer) { return layer.contains(name); });
  return static_cast<std::size_t>(found - layers.begin());
}

class Merge {
 public:
  explicit Merge(std::vector<Layer> layers) : layers_(std::move(layers)) {}

  Merged run() {
    exclude("in-memory", "data");
    exclude("in-memory", "free-space-min");
    for (const Option& option : all_options()) {
      add(option);
    }
    for (const char* name : {"policy", "revoked", "cookie"}) {
      need(name, "keys");
    }
    check_projections();
    need("tls-cert", "tls-key");
    need("tls-key", "tls-cert");
    if (merged_.faults.empty()) {
      check_reach();
    }
    Settings& settings = merged_.settings;
    if (!settings.access.keys.empty()) {
      settings.config.access = settings.access;
    }
    return std::move(merged_);
  }

 private:
  const Given* find(const std::string& name) const {
    const std::size_t rank = rank_of(layers_, name);
    return rank == layers_.size() ? nullptr : &layers_[rank].at(name);
  }

  // Of two that exclude each other the one counts that is given in the stronger layer.
  void exclude(const std::string& flag, const std::string& other) {
    const std::size_t rank = rank_of(layers_, flag);
    const std::size_t other_rank = rank_of(layers_, other);
    if (rank == layers_.size() || other_rank == layers_.size() ||
        layers_[rank].at(flag).values != std::vector<std::string>{"true"}) {
      return;
    }
    if (rank == other_rank) {
      merged_.faults.push_back(
          {layers_[rank].at(flag).where, "excludes " + layers_[other_rank].at(other).where});
    }
    const std::string& weaker = rank < other_rank ? other : flag;
    for (Layer& layer : layers_) {
      layer.erase(weaker);
    }
  }

  // Who gives the default, as `segue config --print` does, asks for nothing.
  void need(const std::string& name, const std::string& needed) {
    const Given* given = find(name);
    if (given != nullptr && find(needed) == nullptr &&
        given->values != std::vector{find_option(name)->default_value}) {
      merged_.faults.push_back({given->where, "needs " + needed});
    }
  }

  void add(const Option& option) {
    const Given* given = find(option.name);
    if (given == nullptr) {
      std::vector<std::string> values;
      if (!option.default_value.empty()) {
        values.push_back(option.default_value);
      }
      merged_.options.push_back({&option, {std::move(values), "default"}, true});
      return;
    }
    for (const std::string& value : given->values) {
      if (!option.set(merged_.settings, value)) {
        merged_.faults.push_back(
            {given->where, "\"" + value + "\" is not allowed; it must be " + option.allowed});
      }
    }
    merged_.options.push_back({&option, *given, false});
  }

  void check_projections() {
    std::set<std::string> names;
    for (const ot::Projection& projection : merged_.settings.config.projections) {
      if (!names.insert(projection.name).second) {
        merged_.faults.push_back({find("projection")->where, "two are called " + projection.name});
      }
    }
  }

  // Nobody opens the server to everybody by mistake.
  void check_reach() {
    const Settings& settings = merged_.settings;
    const std::string& host = settings.config.host;
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(host, error);
    const bool is_loopback = host == "localhost" || (!error && address.is_loopback());
    if (!is_loopback && !settings.config.insecure && settings.access.keys.empty()) {
      merged_.faults.push_back(
          {find("host")->where, "without --keys the server listens on loopback only; to open " +
                                    host + " to everybody who can reach it, add --insecure"});
    }
  }

  std::vector<Layer> layers_;
  Merged merged_;
};

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0) {
      parts.emplace_back(text.substr(0, end));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

}  // namespace

std::string print(const Fault& fault) { return fault.where + ": " + fault.what; }

Layer env_layer(const std::function<const char*(const char*)>& get) {
  Layer layer;
  for (const Option& option : all_options()) {
    for (const std::string& name : {env_name(option), option.also_env}) {
      const char* value = name.empty() ? nullptr : get(name.c_str());
      if (value == nullptr || *value == '\0' || layer.contains(option.name)) {
        continue;
      }
      layer[option.name] = {
          option.kind == Option::Kind::many ? split(value, ';') : std::vector<std::string>{value},
          name};
    }
  }
  return layer;
}

Merged merge(const std::vector<Layer>& layers) { return Merge(layers).run(); }

}  // namespace segue::server
