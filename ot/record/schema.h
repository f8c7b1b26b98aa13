// A schema declares one kind of document: fields, and lists of entities with fields of their own.
// spec/schemas/schema.md has the rules.
//
// Ops point into their schema, so it stays where it is for as long as there are any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ot/json.h"
#include "ot/json_view.h"
#include "ot/result.h"
#include "ot/type.h"

namespace segue::ot::record {

// A number with fixed decimals, as a whole number of its smallest parts. Sums wrap around, so that
// they do not depend on their order whatever is added up.
class Units {
 public:
  static constexpr std::int64_t max = 999'999'999'999'999;
  static constexpr int decimals_max = 6;

  // REQUIRES: at most `max` either way.
  explicit Units(std::int64_t count) : count_(count) {}
  // Nothing if `number` has more decimals, or too many units.
  static std::optional<Units> of(double number, int decimals);

  double number(int decimals) const;
  bool is_zero() const { return count_ == 0; }
  Units operator+(Units other) const;
  Units operator-() const { return Units(-count_); }
  bool operator==(const Units&) const = default;

 private:
  std::int64_t count_;
};

enum class Kind : std::uint8_t { string, text, number, boolean, enumeration, date };

// How far a value is checked: one that is written now has to keep the limits as well; what was
// committed may lie beyond them, since increments and later schemas lead there.
enum class Check : std::uint8_t { kind, limits };

struct Field {
  std::string name;
  Kind kind = Kind::string;
  bool nullable = false;
  bool required = false;
  Hold hold = Hold::advisory;  // of a lease
  // What it reads as where the data has no such value.
  Json fallback;

  // string, text: in code points.
  std::size_t length_min = 0;
  std::size_t length_max = 0;
  // number
  double min = 0;
  double max = 0;
  std::optional<int> decimals;
  // enumeration
  std::vector<std::string> values;
  // date: with the time of day
  bool with_time = false;

  bool can_increment() const { return decimals && !nullable; }
  // Errors: op_badly_formed, bad_string; the detail is the rule that is broken.
  Result<void> check(JsonView value, Check how) const;
  // The value in `object`, or the fallback. Valid until the next edit of `object`.
  const Json& read(const Json& object) const;
};

using Fields = std::vector<Field>;

// Null if there is none.
const Field* find_field(const Fields& fields, std::string_view name);

struct List {
  std::string key;     // in the document: "sources"
  std::string entity;  // in ops: "source"
  std::string label;   // the field that people know an element by; empty if there is none
  Fields fields;
  Hold hold = Hold::advisory;  // of a lease of an element, of what is in one, and of the list
};

struct Schema {
  std::string name;
  int major = 1;
  Fields fields;
  std::vector<List> lists;

  // Errors: bad_json, with the path and the rule.
  static Result<Schema> parse(const Json& in);

  // Null if there is none.
  const List* find_entity(std::string_view entity) const;
  const List* find_list(std::string_view key) const;
};

// Errors: those of Field::check().
Result<void> check_id(JsonView id);

}  // namespace segue::ot::record
