// Reading a schema. Faults are named by path and rule, since people write these files.
#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <set>
#include <utility>

#include "ot/prototype_names.h"
#include "ot/record/schema.h"
#include "ot/types/parse.h"

namespace segue::ot::record {
namespace {

constexpr std::size_t name_length_max = 64;
constexpr std::size_t fields_max = 128;
constexpr std::size_t lists_max = 32;
constexpr std::size_t enum_values_max = 256;
constexpr int major_max = 1000;
constexpr std::int64_t length_limit_max = 1'000'000'000;

tl::unexpected<Error> fault(const std::string& path, std::string_view rule) {
  return fail(Errc::bad_json, path + ": " + std::string(rule));
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

Result<void> check_name(const std::string& path, std::string_view name) {
  const bool is_word = !name.empty() && name.size() <= name_length_max && is_letter(name[0]) &&
                       std::all_of(name.begin(), name.end(),
                                   [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
  if (!is_word) return fault(path, "a name has letters, digits and _, at most 64");
  if (is_prototype_name(name)) return fault(path, "is a name of every JavaScript object");
  return {};
}

// "lease", of a field or a list.
Result<Hold> read_hold(const std::string& path, const Json& in) {
  const Json* value = in.find("lease");
  if (value == nullptr) return Hold::advisory;
  const std::string named = value->is_string() ? value->str() : "";
  if (named == "exclusive") return Hold::exclusive;
  if (named == "advisory") return Hold::advisory;
  return fault(path + ".lease", "must be advisory or exclusive");
}

bool is_schema_name(std::string_view name) {
  return !name.empty() && name.size() <= name_length_max && name[0] >= 'a' && name[0] <= 'z' &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-'; });
}

Result<void> check_members(const std::string& path, const Json& in,
                           const std::vector<std::string_view>& known) {
  if (!in.is_object()) return fault(path, "must be an object");
  Result<void> checked;
  in.for_each_member([&](std::string_view name, const Json&) {
    if (checked && std::find(known.begin(), known.end(), name) == known.end()) {
      checked = fault(path, "has no member " + std::string(name.substr(0, name_length_max)));
    }
  });
  return checked;
}

// Reads one field. Each step answers what is wrong with its part.
class FieldReader {
 public:
  FieldReader(std::string path, const Json& in) : path_(std::move(path)), in_(in) {}

  Result<Field> read(std::string_view name) {
    field_.name = name;
    for (const auto step : {&FieldReader::read_kind, &FieldReader::read_flags,
                            &FieldReader::read_limits, &FieldReader::read_fallback}) {
      auto done = (this->*step)();
      if (!done) return fail(std::move(done.error()));
    }
    return std::move(field_);
  }

 private:
  std::string at(std::string_view member) const { return path_ + "." + std::string(member); }

  Result<void> read_kind() {
    auto named = check_name(path_, field_.name);
    if (!named) return named;
    const Json* kind = in_.find("kind");
    kind_ = kind != nullptr && kind->is_string() ? kind->str() : "";
    std::vector<std::string_view> known = {"kind", "nullable", "default", "required", "lease"};
    if (kind_ == "string") {
      field_.kind = Kind::string;
      known.insert(known.end(), {"min_length", "max_length"});
    } else if (kind_ == "text") {
      field_.kind = Kind::text;
      known = {"kind", "max_length", "lease"};
    } else if (kind_ == "number") {
      field_.kind = Kind::number;
      known.insert(known.end(), {"min", "max", "decimals"});
    } else if (kind_ == "integer") {
      field_.kind = Kind::number;
      known.insert(known.end(), {"min", "max"});
    } else if (kind_ == "bool") {
      field_.kind = Kind::boolean;
    } else if (kind_ == "enum") {
      field_.kind = Kind::enumeration;
      known.emplace_back("values");
    } else if (kind_ == "date") {
      field_.kind = Kind::date;
      known.emplace_back("time");
    } else {
      return fault(at("kind"), "must be string, text, number, integer, bool, enum or date");
    }
    return check_members(path_, in_, known);
  }

  Result<void> read_flag(std::string_view member, bool& flag) {
    const Json* value = in_.find(member);
    if (value == nullptr) return {};
    if (!value->is_bool()) return fault(at(member), "must be true or false");
    flag = value->boolean();
    return {};
  }

  Result<void> read_flags() {
    for (const auto& [member, flag] :
         std::initializer_list<std::pair<std::string_view, bool*>>{{"nullable", &field_.nullable},
                                                                   {"required", &field_.required},
                                                                   {"time", &field_.with_time}}) {
      auto read = read_flag(member, *flag);
      if (!read) return read;
    }
    auto hold = read_hold(path_, in_);
    if (!hold) return fail(std::move(hold.error()));
    field_.hold = *hold;
    if (field_.required && in_.find("default") != nullptr) {
      return fault(at("default"), "a required field has none");
    }
    return {};
  }

  Result<void> read_length(std::string_view member, std::size_t& length) {
    const Json* value = in_.find(member);
    if (value == nullptr) return {};
    const auto read = safe_integer(*value);
    if (!read || *read < 0 || *read > length_limit_max) {
      return fault(at(member), "must be a whole number from 0 to 1000000000");
    }
    length = static_cast<std::size_t>(*read);
    return {};
  }

  Result<void> read_lengths() {
    field_.length_max = field_.kind == Kind::text ? 100'000 : 1000;
    auto read = read_length("min_length", field_.length_min);
    if (read) read = read_length("max_length", field_.length_max);
    if (read && field_.length_min > field_.length_max) {
      return fault(at("min_length"), "must not be more than max_length");
    }
    return read;
  }

  Result<void> read_number(std::string_view member, double& number) {
    const Json* value = in_.find(member);
    if (value == nullptr) return {};
    auto checked = field_.check(*value, Check::kind);
    if (!checked || value->is_null()) return fault(at(member), "must be a number that it may have");
    number = value->number();
    return {};
  }

  Result<void> read_numbers() {
    if (kind_ == "integer") field_.decimals = 0;
    if (const Json* decimals = in_.find("decimals")) {
      const auto read = safe_integer(*decimals);
      if (!read || *read < 0 || *read > Units::decimals_max) {
        return fault(at("decimals"), "must be a whole number from 0 to 6");
      }
      field_.decimals = static_cast<int>(*read);
    }
    field_.max = static_cast<double>(safe_integer_max);
    field_.min = -field_.max;
    auto read = read_number("min", field_.min);
    if (read) read = read_number("max", field_.max);
    if (read && field_.min > field_.max) return fault(at("min"), "must not be more than max");
    return read;
  }

  Result<void> read_values() {
    const Json* values = in_.find("values");
    std::set<std::string> seen;
    const std::size_t count = values != nullptr && values->is_array() ? values->size() : 0;
    for (std::size_t i = 0; i < std::min(count, enum_values_max + 1); ++i) {
      const Json& value = (*values)[i];
      if (!value.is_string() || value.text().has_lone_surrogate()) break;
      field_.values.push_back(value.str());
      seen.insert(field_.values.back());
    }
    if (count == 0 || count > enum_values_max || seen.size() != count) {
      return fault(at("values"), "must be 1 to 256 distinct strings");
    }
    return {};
  }

  Result<void> read_limits() {
    switch (field_.kind) {
      case Kind::string:
      case Kind::text:
        return read_lengths();
      case Kind::number:
        return read_numbers();
      case Kind::enumeration:
        return read_values();
      case Kind::boolean:
      case Kind::date:
        return {};
    }
    return {};
  }

  Json fallback_of_kind() const {
    switch (field_.kind) {
      case Kind::string:
      case Kind::text:
      case Kind::date:
        return "";
      case Kind::number:
        return 0;
      case Kind::boolean:
        return false;
      case Kind::enumeration:
        return field_.values.front();
    }
    return {};
  }

  Result<void> read_fallback() {
    const Json* given = in_.find("default");
    field_.fallback = given != nullptr ? *given : field_.nullable ? Json() : fallback_of_kind();
    if (field_.required) return {};
    auto checked = field_.check(field_.fallback, Check::limits);
    if (checked) return {};
    if (given != nullptr) return fault(at("default"), checked.error().detail);
    return fault(path_, "needs a default, or must be nullable or required: without them it is " +
                            (field_.kind == Kind::date ? std::string("no date") : "out of limits"));
  }

  std::string path_;
  const Json& in_;
  std::string kind_;
  Field field_;
};

Result<Fields> read_fields(const std::string& path, const Json* in) {
  Fields fields;
  if (in == nullptr) return fields;
  if (!in->is_object() || in->size() > fields_max) {
    return fault(path, "must be an object with at most 128 fields");
  }
  Result<void> read;
  in->for_each_member([&](std::string_view name, const Json& declared) {
    if (!read) return;
    const std::string shown(name.substr(0, name_length_max));
    auto field = FieldReader(path + "." + shown, declared).read(name);
    if (field) {
      fields.push_back(std::move(*field));
    } else {
      read = fail(std::move(field.error()));
    }
  });
  if (!read) return fail(std::move(read.error()));
  return fields;
}

Result<List> read_list(std::string_view key, const Json& in) {
  const std::string path = "lists." + std::string(key.substr(0, name_length_max));
  List list;
  list.key = key;
  auto checked = check_name(path, key);
  if (checked) checked = check_members(path, in, {"entity", "label", "fields", "lease"});
  if (!checked) return fail(std::move(checked.error()));
  auto hold = read_hold(path, in);
  if (!hold) return fail(std::move(hold.error()));
  list.hold = *hold;
  const Json* entity = in.find("entity");
  if (entity == nullptr || !entity->is_string()) return fault(path + ".entity", "must be a string");
  list.entity = entity->str();
  checked = check_name(path + ".entity", list.entity);
  if (!checked) return fail(std::move(checked.error()));
  auto fields = read_fields(path + ".fields", in.find("fields"));
  if (!fields) return fail(std::move(fields.error()));
  list.fields = std::move(*fields);
  if (find_field(list.fields, "id") != nullptr) {
    return fault(path + ".fields.id", "every entity has it already");
  }
  if (const Json* label = in.find("label")) {
    const Field* field = label->is_string() ? find_field(list.fields, label->str()) : nullptr;
    if (field == nullptr || field->kind != Kind::string) {
      return fault(path + ".label", "must be a field of kind string");
    }
    list.label = field->name;
  }
  return list;
}

Result<void> read_lists(const Json* in, Schema& schema) {
  if (in == nullptr) return {};
  if (!in->is_object() || in->size() > lists_max) {
    return fault("lists", "must be an object with at most 32 lists");
  }
  Result<void> read;
  in->for_each_member([&](std::string_view key, const Json& declared) {
    if (!read) return;
    auto list = read_list(key, declared);
    if (!list) {
      read = fail(std::move(list.error()));
    } else if (find_field(schema.fields, key) != nullptr) {
      read = fault("lists." + list->key, "is a field of the record already");
    } else if (schema.find_entity(list->entity) != nullptr) {
      read = fault("lists." + list->key + ".entity", "is the entity of another list");
    } else {
      schema.lists.push_back(std::move(*list));
    }
  });
  return read;
}

}  // namespace

Result<Schema> Schema::parse(const Json& in) {
  Schema schema;
  auto checked = check_members("schema", in, {"name", "major", "fields", "lists"});
  if (!checked) return fail(std::move(checked.error()));
  const Json* name = in.find("name");
  schema.name = name != nullptr && name->is_string() ? name->str() : "";
  if (!is_schema_name(schema.name)) {
    return fault("name", "must be small letters, digits and -, beginning with a letter");
  }
  const Json* major = in.find("major");
  const auto number = major != nullptr ? safe_integer(*major) : std::nullopt;
  if (!number || *number < 1 || *number > major_max) {
    return fault("major", "must be a whole number from 1 to 1000");
  }
  schema.major = static_cast<int>(*number);
  auto fields = read_fields("fields", in.find("fields"));
  if (!fields) return fail(std::move(fields.error()));
  schema.fields = std::move(*fields);
  checked = read_lists(in.find("lists"), schema);
  if (!checked) return fail(std::move(checked.error()));
  return schema;
}

}  // namespace segue::ot::record
