// segue conform types --vectors: holds a filter to files of vectors.
#pragma once

#include <string>
#include <vector>

#include "ot/conform/check.h"
#include "ot/type_registry.h"

namespace segue::server {

// Prints a line per file and the first vector in it that gets another answer. Whether none does.
// Throws std::runtime_error where a file cannot be read or holds what is no vector.
bool check_vectors(const std::vector<std::string>& paths, const ot::TypeRegistry& types,
                   const conform::Ask& ask);

}  // namespace segue::server
