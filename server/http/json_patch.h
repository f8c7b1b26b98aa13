// JSON Patch (RFC 6902) and JSON Merge Patch (RFC 7386) on values. Pure.
#pragma once

#include <string>

#include "ot/json.h"
#include "server/http/problem.h"

namespace segue::server {

// All operations of `patch`, one after another, or none. Errors, with the place in the patch as
// `field`: bad_json (it is no JSON Patch), patch_failed (it does not fit `doc`, a test fails),
// too_large (too many operations, or copies that grow beyond `bytes_max`).
Answer<ot::Json> apply_json_patch(ot::Json doc, const ot::Json& patch, std::size_t bytes_max);

// Nothing can go wrong: members of `patch` that are null go, objects are merged, all else replaces.
ot::Json apply_merge_patch(ot::Json doc, const ot::Json& patch);

}  // namespace segue::server
