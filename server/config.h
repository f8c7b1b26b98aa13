// What `segue serve` was told. Plain data; the defaults are what a newcomer gets.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ot/projection.h"
#include "server/access/access.h"

namespace segue::server {

enum class Durability { sync, async };

// Whether connections are counted and held to rates (server/guard.h).
enum class Guarding {
  automatic,  // those from elsewhere, where keys are in use
  on,
  off
};

struct Config {
  std::string host = "127.0.0.1";
  std::uint16_t port = 7070;  // 0: any that is free
  std::string data = "segue-data";
  bool in_memory = false;
  Durability durability = Durability::sync;
  // While the disk has fewer bytes left, edits are not written.
  std::uint64_t free_space_min = std::uint64_t{64} << 20;
  std::size_t threads = 0;           // 0: one for each core
  std::vector<std::string> origins;  // allowed besides our own
  std::vector<ot::Projection> projections;
  std::vector<std::string> exclusive_leases;  // collections in which all leases are; * for all
  bool no_op_suppression = false;  // ops that others' ops have made empty are not committed
  bool compress = false;           // messages, for clients that want it
  std::optional<access::AccessOptions> access;  // none: no keys are in use
  Guarding guarding = Guarding::automatic;
  std::vector<std::string> trusted_proxies;  // addresses, which are never held to limits
  bool insecure = false;                     // may listen beyond loopback without a key
  std::string tls_certificate;               // files in PEM; empty: no TLS
  std::string tls_key;
  std::chrono::milliseconds slow_op{1000};  // from which on an op is logged; 0: none
};

}  // namespace segue::server
