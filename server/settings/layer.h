// Layers: what one source says about the options, and how several become Settings. A flag counts
// more than the environment, that more than the file, and that more than the default.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "server/settings/option.h"
#include "server/settings/settings.h"

namespace segue::server {

// Values of one option; more than one only if it takes many.
struct Given {
  std::vector<std::string> values;
  std::string where;  // as people find it: "--port", "SEGUE_PORT", "segue.toml:3: port"
};
using Layer = std::map<std::string, Given>;  // by name of the option

// Something is wrong with what was given.
struct Fault {
  std::string where;
  std::string what;
};
std::string print(const Fault& fault);

// From the environment; `get` is like std::getenv. Many values stand in one variable with ;
// between.
Layer env_layer(const std::function<const char*(const char* name)>& get);

// An option as it counts.
struct Effective {
  const Option* option;
  Given given;
  bool is_default;
};

struct Merged {
  std::vector<Effective> options;  // all
  Settings settings;               // what they say, if nothing is wrong
  std::vector<Fault> faults;
};
// `layers`: the one that counts most first.
Merged merge(const std::vector<Layer>& layers);

}  // namespace segue::server
