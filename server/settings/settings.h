// Settings: all that `segue serve` can be told, read and checked.
#pragma once

#include <string>
#include <vector>

#include "server/access/access.h"
#include "server/config.h"
#include "server/limits.h"
#include "server/log.h"

namespace segue::server {

struct Settings {
  Config config;
  Limits limits;
  access::AccessOptions access;      // counts where it names keys
  std::vector<std::string> schemas;  // files
  LogOptions log;
};

}  // namespace segue::server
