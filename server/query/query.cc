#include "server/query/query.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

namespace segue::query {

using ot::Errc;
using ot::fail;
using ot::Json;
using ot::Result;

namespace {

constexpr std::array names = {"filter", "sort", "skip", "limit", "count"};

// A query taken apart. Null: not given.
struct Parts {
  Json filter = Json::object();
  const Json* sort = nullptr;
  const Json* skip = nullptr;
  const Json* limit = nullptr;
  const Json* count = nullptr;
};

bool is_named(const Json& in) {
  bool named = in.size() > 0;
  in.for_each_member([&](std::string_view key, const Json&) {
    named = named && std::find(names.begin(), names.end(), key) != names.end();
  });
  return named;
}

Parts named_parts(const Json& in) {
  Parts parts;
  if (const Json* filter = in.find("filter"); filter != nullptr && !filter->is_null()) {
    parts.filter = *filter;
  }
  parts.sort = in.find("sort");
  parts.skip = in.find("skip");
  parts.limit = in.find("limit");
  parts.count = in.find("count");
  return parts;
}

Parts mongo_parts(const Json& in) {
  Parts parts;
  parts.sort = in.find("$sort");
  parts.skip = in.find("$skip");
  parts.limit = in.find("$limit");
  parts.count = in.find("$count");
  parts.filter = in;
  for (const char* key : {"$sort", "$skip", "$limit", "$count"}) {
    parts.filter.remove(key);
  }
  return parts;
}

Result<SortKey> sort_key(std::string_view field, const Json& direction) {
  const bool is_direction = direction == Json(1) || direction == Json(-1);
  if (!is_direction) {
    return fail(Errc::bad_query, "The direction of a sort is 1 or -1");
  }
  auto path = Path::parse(field);
  if (!path) {
    return fail(std::move(path.error()));
  }
  return SortKey{std::move(*path), direction == Json(-1)};
}

// {"at": 1} or [["at", 1]].
Result<std::vector<SortKey>> sort_keys(const Json& in, std::size_t keys_max) {
  std::vector<SortKey> keys;
  std::optional<ot::Error> error;
  const auto add = [&](std::string_view field, const Json& direction) {
    auto key = sort_key(field, direction);
    if (key) {
      keys.push_back(std::move(*key));
    } else if (!error) {
      error = key.error();
    }
  };
  if (!in.is_array() && !in.is_object()) {
    return fail(Errc::bad_query, "A sort must be a list of pairs or an object");
  }
  if (in.size() > keys_max) {
    return fail(Errc::too_large, "More than " + std::to_string(keys_max) + " fields to sort by");
  }
  if (in.is_object()) {
    in.for_each_member(add);
  } else {
    in.for_each_element([&](const Json& pair) {
      const bool is_pair = pair.is_array() && pair.size() == 2 && pair[0].is_string();
      is_pair ? add(pair[0].str(), pair[1]) : add("", Json());
    });
  }
  if (error) {
    return fail(std::move(*error));
  }
  return keys;
}

Result<std::optional<std::size_t>> number_of(const Json* in, std::string_view what) {
  if (in == nullptr || in->is_null()) {
    return std::optional<std::size_t>();
  }
  const bool is_count = in->is_number() && in->number() >= 0 && in->number() <= 1e15 &&
                        in->number() == std::floor(in->number());
  if (!is_count) {
    return fail(Errc::bad_query, std::string(what) + " must be a whole number");
  }
  return std::optional(static_cast<std::size_t>(in->number()));
}

Result<void> read_range(const Parts& parts, std::size_t results_max, Query& query) {
  auto skip = number_of(parts.skip, "skip");
  auto limit = number_of(parts.limit, "limit");
  if (!skip || !limit) {
    return fail(std::move(!skip ? skip.error() : limit.error()));
  }
  query.skip = skip->value_or(0);
  query.limit = *limit;
  if (query.limit == std::size_t{0}) {
    query.limit.reset();  // MongoDB's way to say: all.
  }
  if (query.skip > results_max || query.end() > results_max) {
    return fail(Errc::too_large,
                "skip and limit exceed " + std::to_string(results_max) + " documents");
  }
  return {};
}

}  // namespace

bool Query::sorts_by(const std::string& field) const {
  return std::any_of(sort.begin(), sort.end(),
                     [&](const SortKey& key) { return key.path.root() == field; });
}

std::set<std::string> Query::fields() const {
  std::set<std::string> all = filter.fields();
  for (const SortKey& key : sort) {
    all.insert(key.path.root());
  }
  return all;
}

Result<Query> Query::parse(const Json& in, const QueryLimits& limits) {
  if (!in.is_object() && !in.is_null()) {
    return fail(Errc::bad_query, "A query must be an object");
  }
  const Json asked = in.is_null() ? Json::object() : in;
  const Parts parts = is_named(asked) ? named_parts(asked) : mongo_parts(asked);
  Query query;
  auto filter = Filter::parse(parts.filter, limits.filter);
  if (!filter) {
    return fail(std::move(filter.error()));
  }
  query.filter = std::move(*filter);
  if (parts.sort != nullptr && !parts.sort->is_null()) {
    auto keys = sort_keys(*parts.sort, limits.sort_keys_max);
    if (!keys) {
      return fail(std::move(keys.error()));
    }
    query.sort = std::move(*keys);
  }
  if (auto range = read_range(parts, limits.results_max, query); !range) {
    return fail(std::move(range.error()));
  }
  query.count = parts.count != nullptr && *parts.count != Json(false) && !parts.count->is_null();
  return query;
}

}  // namespace segue::query
