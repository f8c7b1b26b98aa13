// What an implementation of a type can be asked about, and situations to ask it about.
//
// A situation is a JSON object: `doc`, on it the concurrent ops `op` and `other`, and `next`, which
// applies after `op`; `target`, the document after those two; a `side`; and what verbs of the type
// need besides (`pos`, `range`, ...). Everything else is made of it: requests, laws, smaller
// situations. A new type is one entry in the table of cases.cc.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ot/conform/random.h"
#include "ot/json.h"
#include "ot/type_registry.h"

namespace segue::conform {

struct Verb {
  std::string name;
  // The request's fields, each with the member of the situation it is taken from where that has
  // another name: "op other=next".
  std::string fields;
  bool is_optional = false;
};

struct TypeCases {
  std::string type;
  std::vector<Verb> verbs;
  // The verb that takes an op back, with the fields it wants; empty if ops cannot be taken back.
  Verb inversion;
  std::function<ot::Json(Random&)> situation;
  // Ops that take something out of a document.
  std::function<std::vector<ot::Json>(const ot::Json& doc)> cuts;
  ot::Json noop = ot::Json::array();
};

// The names of all types with cases, built in or in `types`.
std::vector<std::string> case_names(const ot::TypeRegistry& types);
// REQUIRES: `types` outlives the answer.
std::optional<TypeCases> find_cases(std::string_view type, const ot::TypeRegistry& types);

// A request without id.
ot::Json request_of(std::string_view type, const Verb& verb, const ot::Json& situation);

}  // namespace segue::conform
