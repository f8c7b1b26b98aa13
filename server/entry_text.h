// Ops and documents as the tools print them: for people, a line each; as JSON, with the same names
// in every tool.
#pragma once

#include <cstdint>
#include <string>

#include "oplog/op_log.h"
#include "ot/document.h"

namespace segue::server {

// "2026-01-31T09:30:00.000Z"
std::string utc(std::int64_t time_ms);

// `7  2026-01-31T09:30:00.000Z  anonymous  ab12:3  op [{"p":["x"],"na":1}]`
std::string entry_line(const oplog::Entry& entry);
// `"v":7,"kind":"op","src":"ab12","seq":3,"time_ms":1,"author":"anonymous","op":[...]`
std::string entry_members(const oplog::Entry& entry);

// `"v":8,"type":"http://sharejs.org/types/JSONv0","data":{...}`; type null where there is no
// document
std::string snapshot_members(const ot::Snapshot& snapshot);

}  // namespace segue::server
