// What is said about queries, as JSON text: replies, and how results change. Normative:
// spec/protocol.md. Documents are shown as `projection` lets them be seen, if there is one.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ot/json.h"
#include "ot/message.h"
#include "ot/projection.h"
#include "server/query/collection_index.h"

namespace segue::query {

// {a, id, data, extra?}
std::string results_reply(ot::JsonView request, const LiveQuery& live,
                          const ot::Projection* projection);
// {a, id, data?, extra?}: `missing` are documents of which the client knows only the id.
std::string resumed_reply(ot::JsonView request, const LiveQuery& live,
                          std::span<const Entry* const> missing, const ot::Projection* projection);
// {a: "q", id, diff} and {a: "q", id, extra}
std::string diff_message(double number, std::span<const Edit> edits,
                         const ot::Projection* projection);
std::string count_message(double number, std::size_t count);
std::string failed_message(double number, const ot::Error& error);

// What turns the list a client has into what is shown now.
std::vector<Edit> difference(const std::vector<ot::QuerySubscribe::Known>& known,
                             std::span<Entry* const> shown);

}  // namespace segue::query
