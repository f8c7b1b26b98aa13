#include "ot/record/schema.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "ot/json_text.h"
#include "ot/types/parse.h"

namespace segue::ot::record {
namespace {

constexpr std::size_t id_length_max = 128;
constexpr std::array<double, Units::decimals_max + 1> powers_of_ten = {1,   1e1, 1e2, 1e3,
                                                                       1e4, 1e5, 1e6};

tl::unexpected<Error> broken(std::string rule) {
  return fail(Errc::op_badly_formed, std::move(rule));
}

Result<void> check_string(JsonView value) {
  if (!value.is_string()) return broken("must be a string");
  if (value.has_lone_surrogate()) return fail(Errc::bad_string, "has a lone surrogate");
  return {};
}

Result<void> check_length(JsonView value, std::size_t min, std::size_t max) {
  const std::size_t length = value.length(Unit::code_point);
  if (length < min) return broken("must have at least " + std::to_string(min) + " characters");
  if (length > max) return broken("must have at most " + std::to_string(max) + " characters");
  return {};
}

std::string shown(double number) { return json_text(Json(number)); }

Result<void> check_number(JsonView value) {
  if (!value.is_number()) return broken("must be a number");
  if (std::abs(value.number()) > static_cast<double>(safe_integer_max)) {
    return broken("must be at most 9007199254740991 either way");
  }
  return {};
}

Result<void> check_range(const Field& field, double number) {
  if (number < field.min) return broken("must be at least " + shown(field.min));
  if (number > field.max) return broken("must be at most " + shown(field.max));
  if (field.decimals && !Units::of(number, *field.decimals)) {
    return broken("must have at most " + std::to_string(*field.decimals) +
                  " decimals and 15 digits");
  }
  return {};
}

// The number that `digits` spell; -1 if one is no digit.
int spelt(std::string_view digits) {
  int number = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

bool is_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const int year = spelt(text.substr(0, 4));
  const int month = spelt(text.substr(5, 2));
  const int day = spelt(text.substr(8, 2));
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  constexpr std::array days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return day <= days.at(static_cast<std::size_t>(month) - 1) + (month == 2 && is_leap ? 1 : 0);
}

bool is_time(std::string_view text) {
  if (text.size() != 6 || text[0] != 'T' || text[3] != ':') return false;
  const int hour = spelt(text.substr(1, 2));
  const int minute = spelt(text.substr(4, 2));
  return hour >= 0 && hour < 24 && minute >= 0 && minute < 60;
}

Result<void> check_date(const Field& field, JsonView value) {
  const std::string text = value.is_string() && value.bytes() <= 16 ? value.str() : "";
  const std::string_view view = text;
  const std::size_t day_end = std::min<std::size_t>(10, view.size());
  const bool is_valid = is_day(view.substr(0, day_end)) &&
                        (field.with_time ? is_time(view.substr(day_end)) : view.size() == 10);
  if (is_valid) return {};
  return broken(field.with_time ? "must be a day and time that exist, such as 2026-07-14T18:30"
                                : "must be a day that exists, such as 2026-07-14");
}

Result<void> check_kind(const Field& field, JsonView value) {
  switch (field.kind) {
    case Kind::string:
    case Kind::text:
    case Kind::enumeration:
      return check_string(value);
    case Kind::number:
      return check_number(value);
    case Kind::boolean:
      if (!value.is_bool()) return broken("must be true or false");
      return {};
    case Kind::date:
      return check_date(field, value);
  }
  return {};
}

std::string one_of(const std::vector<std::string>& values) {
  std::string text = "must be one of ";
  for (const std::string& value : values) {
    text += value + (&value == &values.back() ? "" : ", ");
  }
  return text;
}

Result<void> check_limits(const Field& field, JsonView value) {
  switch (field.kind) {
    case Kind::string:
    case Kind::text:
      return check_length(value, field.length_min, field.length_max);
    case Kind::enumeration: {
      const auto found = std::find(field.values.begin(), field.values.end(), value.str());
      if (found == field.values.end()) return broken(one_of(field.values));
      return {};
    }
    case Kind::number:
      return check_range(field, value.number());
    case Kind::boolean:
    case Kind::date:
      return {};
  }
  return {};
}

}  // namespace

std::optional<Units> Units::of(double number, int decimals) {
  const double scale = powers_of_ten.at(static_cast<std::size_t>(decimals));
  const double count = std::round(number * scale);
  if (std::abs(count) > static_cast<double>(max) || count / scale != number) return std::nullopt;
  return Units(static_cast<std::int64_t>(count));
}

double Units::number(int decimals) const {
  return static_cast<double>(count_) / powers_of_ten.at(static_cast<std::size_t>(decimals));
}

Units Units::operator+(Units other) const {
  constexpr std::int64_t cycle = 2 * max + 1;
  const std::int64_t sum = count_ + other.count_;
  return Units(sum > max ? sum - cycle : sum < -max ? sum + cycle : sum);
}

Result<void> Field::check(JsonView value, Check how) const {
  if (value.is_null()) {
    if (nullable) return {};
    return broken("must not be null");
  }
  auto checked = check_kind(*this, value);
  return checked && how == Check::limits ? check_limits(*this, value) : checked;
}

const Json& Field::read(const Json& object) const {
  const Json* value = object.find(name);
  return value != nullptr && check(*value, Check::kind) ? *value : fallback;
}

const Field* find_field(const Fields& fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const Field& field) { return field.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

const List* Schema::find_entity(std::string_view entity) const {
  const auto found = std::find_if(lists.begin(), lists.end(),
                                  [&](const List& list) { return list.entity == entity; });
  return found == lists.end() ? nullptr : &*found;
}

const List* Schema::find_list(std::string_view key) const {
  const auto found =
      std::find_if(lists.begin(), lists.end(), [&](const List& list) { return list.key == key; });
  return found == lists.end() ? nullptr : &*found;
}

Result<void> check_id(JsonView id) {
  auto checked = check_string(id);
  return checked ? check_length(id, 1, id_length_max) : checked;
}

}  // namespace segue::ot::record
