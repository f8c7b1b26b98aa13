// Looks after the files of Access, and tells every connection when they have changed.
//
// Strand: the accepting loop's.
#pragma once

#include <memory>
#include <vector>

#include "server/access/watched_file.h"
#include "server/connection_list.h"
#include "server/worker.h"

namespace segue::server {

// REQUIRES: shared.access.
void look_after_access(Shared& shared, std::vector<std::unique_ptr<ConnectionList>>& connections,
                       access::Which which);

}  // namespace segue::server
