// Path: where in a document a query looks, such as "venue.name". Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ot/function_ref.h"
#include "ot/json.h"
#include "ot/result.h"

namespace segue::query {

class Path {
 public:
  // Errors: bad_query.
  static ot::Result<Path> parse(std::string_view text);

  const std::string& root() const { return keys_.front(); }  // the top-level field
  bool is_field() const { return keys_.size() == 1; }

  // The value there, as for sorting: lists are entered by index only. Null where there is none.
  const ot::Json* find(const ot::Json& data) const;
  // Every value there: a key applies to a list as an index, and to each of its elements. Once with
  // null where there is none. Stops, and answers true, when `visit` does.
  bool any(const ot::Json& data, ot::FunctionRef<bool(const ot::Json*)> visit) const;

 private:
  std::vector<std::string> keys_;
};

}  // namespace segue::query
