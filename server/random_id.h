// Names nobody can guess.
#pragma once

#include <string>

namespace segue::server {

// 32 hexadecimal characters from the system's random source.
std::string random_id();

}  // namespace segue::server
