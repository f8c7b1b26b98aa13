#include "tests/ot/plan.h"

#include <utility>

#include "ot/assert.h"
#include "ot/json_text.h"

namespace segue::test {

const std::string_view plan_schema = R"({
  "name": "plan",
  "major": 1,
  "fields": {
    "venue": {"kind": "string", "max_length": 20},
    "start": {"kind": "date", "nullable": true},
    "call": {"kind": "date", "time": true, "nullable": true},
    "status": {"kind": "enum", "values": ["draft", "live"]},
    "open": {"kind": "bool"},
    "budget": {"kind": "number", "decimals": 2, "min": 0, "max": 1000},
    "ratio": {"kind": "number", "nullable": true},
    "notes": {"kind": "text", "max_length": 50}
  },
  "lists": {
    "sources": {
      "entity": "source",
      "label": "name",
      "fields": {
        "name": {"kind": "string", "max_length": 20},
        "count": {"kind": "integer"},
        "notes": {"kind": "text"}
      }
    },
    "cues": {
      "entity": "cue",
      "fields": {"title": {"kind": "string", "required": true}}
    }
  }
})";

const ot::RecordType& plan_type() {
  static const ot::RecordType type = [] {
    const auto text = ot::parse_json(plan_schema);
    OT_ASSERT(text.has_value());
    auto schema = ot::record::Schema::parse(*text);
    OT_ASSERT(schema.has_value());
    return ot::RecordType(std::move(*schema));
  }();
  return type;
}

}  // namespace segue::test
