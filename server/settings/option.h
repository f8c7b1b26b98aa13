// Option: one thing that `segue serve` can be told. There is one list of them; the flags, the names
// in the environment, the keys of the file, --help and all checks are made from it. Normative:
// spec/config.md.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "server/settings/settings.h"

namespace segue::server {

struct Option {
  enum class Kind {
    flag,  // "true" or "false"; alone on the command line it means true
    one,
    many  // any number of values
  };

  std::string name;  // --free-space-min, SEGUE_FREE_SPACE_MIN, free-space-min = "64M"
  Kind kind;
  std::string value_name;  // FILE; of a flag nothing
  std::string help;
  std::string allowed;  // in words, for who has written something else
  // Takes a value, one of many. False: it is not allowed, and nothing has changed.
  std::function<bool(Settings&, const std::string&)> set;
  // The value that counts if none is given; nothing where that means that there is none.
  std::string default_value{};
  // Another name in the environment, which counts less.
  std::string also_env{};
};

// All of them, in the order in which they are shown.
std::span<const Option> all_options();
// Null: there is none of that name.
const Option* find_option(std::string_view name);
// The name that was probably meant; empty if none is like it.
std::string similar_option(std::string_view name);

// "SEGUE_FREE_SPACE_MIN"
std::string env_name(const Option& option);

}  // namespace segue::server
