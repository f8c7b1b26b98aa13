// The scenarios of `segue bench`. Each returns rows to be printed, and throws as run_load() does.
#pragma once

#include <vector>

#include "server/commands/bench/figures.h"
#include "server/commands/bench/options.h"

namespace segue::bench {

// Editors and subscribers as options.load says: hot-doc, many-docs, fanout.
std::vector<Row> run_plan(const std::string& scenario, const Options& options);
// Acknowledgements from disk, and the bound: what the same disk would allow a server whose own work
// costs no more time than it does in memory.
std::vector<Row> run_durable(const Options& options);
// Each of the first three at Segue and at ShareDB, in turns.
std::vector<Row> run_vs_sharedb(const Options& options);

}  // namespace segue::bench
