// Filter: which documents a query is for. Compiled from what the client sent; spec/protocol.md has
// the operators. Pure; immutable, so that it may be used on any thread.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ot/json.h"
#include "ot/result.h"

namespace segue::query {

struct FilterLimits {
  std::size_t terms_max = 256;     // fields and operators, all together
  std::size_t values_max = 1'000;  // of all `$in`, `$nin` and `$all` together
};

// A field that has one of these values in every document that matches.
struct Selector {
  std::string field;
  std::vector<std::string> values;  // as of selector_keys()
};

class FilterNode;

class Filter {
 public:
  // Errors: bad_query, which names what it stumbled on; too_large.
  static ot::Result<Filter> parse(const ot::Json& filter, const FilterLimits& limits = {});

  bool matches(const ot::Json& data) const;
  // The top-level fields that decide. Whether a document matches depends on nothing else.
  const std::set<std::string>& fields() const { return fields_; }
  const std::optional<Selector>& selector() const { return selector_; }

 private:
  std::shared_ptr<const FilterNode> root_;
  std::set<std::string> fields_;
  std::optional<Selector> selector_;
};

// What to look a document up by, for filters that select by this field's value: that of the value
// itself, and those of its elements where it is a list.
std::vector<std::string> selector_keys(const ot::Json* value);

}  // namespace segue::query
