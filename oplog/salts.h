// Where the salts of records come from. Production draws them from the system; tests fix them.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "oplog/record.h"

namespace segue::oplog {

using SaltSource = std::function<Salts()>;

// From the system's generator, many at a time. One thread at a time.
SaltSource random_salts();

}  // namespace segue::oplog
