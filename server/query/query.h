// Query: what a client asks of a collection: which documents, in which order, how many. Pure.
//
// It comes as MongoDB's, {"status": "live", "$sort": {"at": 1}, "$skip": 0, "$limit": 10, "$count":
// true}, or with names: {"filter": {...}, "sort": [["at", 1]], "skip": 0, "limit": 10, "count":
// true}. An object with no other keys than these five is of the second form.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ot/json.h"
#include "ot/result.h"
#include "server/query/filter.h"
#include "server/query/path.h"

namespace segue::query {

struct QueryLimits {
  FilterLimits filter;
  std::size_t sort_keys_max = 16;
  std::size_t results_max = 10'000;  // of a query, with what it skips
};

inline const ot::Error too_many_results{ot::Errc::too_large,
                                        "The query has too many results: give it a limit"};

struct SortKey {
  Path path;
  bool descending = false;
};

struct Query {
  Filter filter;
  std::vector<SortKey> sort;  // where all are equal: by when the document came to be known
  std::size_t skip = 0;
  std::optional<std::size_t> limit;
  bool count = false;  // asks only how many there are, whatever skip and limit say

  // The last result is before this one.
  std::optional<std::size_t> end() const {
    return limit ? std::optional(skip + *limit) : std::nullopt;
  }
  bool sorts_by(const std::string& field) const;
  // Filter and order depend on these top-level fields.
  std::set<std::string> fields() const;

  // Errors: bad_query, too_large.
  static ot::Result<Query> parse(const ot::Json& in, const QueryLimits& limits = {});
};

}  // namespace segue::query
