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
// hot-doc, many-docs, fanout and catchup at Segue and at ShareDB, in turns.
std::vector<Row> run_vs_sharedb(const Options& options);

// A small edit of a big document against the same edit of a small one.
std::vector<Row> run_doc_size(const Options& options);
// Somebody who is many ops behind: a subscription, and an op.
std::vector<Row> run_catch_up(const Options& options);
Figures run_catch_up_at(const Target& target, std::size_t behind);
// Edits of documents that live queries over the same collection do not ask about.
std::vector<Row> run_queries(const Options& options);
// A crowd that comes and goes, often without a goodbye, and what is left of it.
std::vector<Row> run_soak(const Options& options);
// Subscribers who stop reading: what they cost the server's memory and the others.
std::vector<Row> run_slow_readers(const Options& options);
// A recording, typed again.
std::vector<Row> run_trace(const Options& options);
// Memory of connections that say nothing.
std::vector<Row> run_idle(const Options& options);
// Polling over HTTP at Segue and at Beast alone, in turns.
std::vector<Row> run_http(const Options& options);
// What Beast and the op log can do alone.
std::vector<Row> run_limits(const Options& options);

}  // namespace segue::bench
