// The config file: TOML, `name = value` for each option. The one place that knows TOML.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/settings/layer.h"

namespace segue::server {

// What `text` says, and what is wrong in it. `path` names the file in both.
struct ConfigFile {
  Layer layer;
  std::vector<Fault> faults;
};
ConfigFile parse_config_file(std::string_view text, const std::string& path);

}  // namespace segue::server
