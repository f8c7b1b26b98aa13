// Ops and documents of the type of tests/ot/plan.h, as tests write them.
#pragma once

#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "tests/ot/plan.h"
#include "tests/support/json_notation.h"

namespace segue::test::plan {

// REQUIRES: it is valid.
inline Plan::Op op(const std::string& text) {
  auto parsed = plan_type().parse(json(text));
  REQUIRE_MESSAGE(parsed.has_value(), text << ": " << (parsed ? "" : parsed.error().detail));
  return std::move(*parsed);
}

inline std::string shown(const Plan::Op& op) { return notation(Plan::to_json(op)); }

// With sources a, b and c.
inline ot::Json doc() {
  const ot::Json data = json(
      "{'venue':'Hall A','budget':10,'notes':'abc','sources':[{'id':'a','name':'Laptop'},"
      "{'id':'b','name':'Sony A7'},{'id':'c'}]}");
  return *plan_type().create(&data);
}

// The document after an op. REQUIRES: it applies.
inline ot::Json after(const std::string& text) {
  ot::Json edited = doc();
  REQUIRE(ot::record::apply(edited, op(text)));
  return edited;
}

// The ids of the sources, in order.
inline std::string order(const ot::Json& doc) {
  std::string ids;
  doc.find("sources")->for_each_element(
      [&](const ot::Json& element) { ids += ot::record::id_of(element); });
  return ids;
}

inline constexpr const char* add_x = "{'type':'add','entity':'source','index':2,'data':{'id':'x'}}";
inline constexpr const char* set_venue_p = "{'type':'set','field':'venue','value':'p'}";
inline constexpr const char* set_venue_q = "{'type':'set','field':'venue','value':'q'}";
inline constexpr const char* remove_b = "{'type':'remove','entity':'source','index':1}";

}  // namespace segue::test::plan
