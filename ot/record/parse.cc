// Reading what clients send: ops and first data, checked against the schema.
#include "ot/record/parse.h"

#include <algorithm>
#include <array>
#include <limits>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "ot/record/record_type.h"

namespace segue::ot::record {
namespace {

constexpr std::size_t shown_length_max = 64;

tl::unexpected<Error> broken(std::string rule) {
  return fail(Errc::op_badly_formed, std::move(rule));
}

tl::unexpected<Error> at(const std::string& path, Error error) {
  return fail(error.code, path + ": " + error.detail);
}

// A name that a client made up, cut to what fits into a message.
std::string shown(std::string_view name) {
  const Text text(name);
  return text.slice(0, std::min(text.length(Unit::code_point), shown_length_max), Unit::code_point);
}

// Whether `in` has only members for which known(name) holds.
Result<void> check_members(JsonView in, FunctionRef<bool(std::string_view)> known) {
  Result<void> checked;
  in.for_each_member([&](std::string_view name, JsonView) {
    if (checked && !known(name)) checked = broken("there is no " + shown(name));
  });
  return checked;
}

Result<void> check_fields(JsonView in, const Fields& fields, Check how) {
  for (const Field& field : fields) {
    if (const JsonView value = in.find(field.name)) {
      auto checked = field.check(value, how);
      if (!checked) return at(field.name, std::move(checked.error()));
    } else if (field.required && how == Check::limits) {
      return at(field.name, Error{Errc::op_badly_formed, "is required"});
    }
  }
  return {};
}

// One component. Members are looked up once each; what was not looked up may not be there.
class ComponentReader {
 public:
  // Reads into `component`, which is new.
  ComponentReader(const Schema& schema, JsonView in, Check how, Component& component)
      : schema_(schema), in_(in), how_(how), component_(component) {}

  Result<void> read() {
    if (!in_.is_object()) return broken("must be an object");
    const JsonView type = member("type");
    auto read = read_instruction(type && type.is_string() ? type.str() : "");
    if (!read || found_ == in_.size()) return read;
    const std::span<const std::string_view> seen = std::span(seen_).first(seen_count_);
    return check_members(in_, [&](std::string_view name) {
      return std::find(seen.begin(), seen.end(), name) != seen.end();
    });
  }

 private:
  JsonView member(std::string_view name) {
    seen_.at(seen_count_++) = name;
    const JsonView found = in_.find(name);
    if (found) ++found_;
    return found;
  }

  Result<void> read_instruction(std::string_view type) {
    const bool is_structural = type == "add" || type == "remove" || type == "move";
    const bool is_field = type == "set" || type == "edit" || type == "increment";
    if (!is_structural && !is_field) {
      return broken("type must be add, remove, move, set, edit or increment");
    }
    if (is_structural || in_.find("entity") || in_.find("index")) {
      auto placed = read_place(type);
      if (!placed) return fail(std::move(placed.error()));
    }
    if (type == "add") return read_add();
    if (type == "remove") return read_remove();
    if (type == "move") return read_move();
    return read_field_instruction(type);
  }

  Result<void> read_place(std::string_view type) {
    const JsonView entity = member("entity");
    component_.list = entity && entity.is_string()
                          ? schema_.find_entity(entity.bytes() > 64 ? "" : entity.str())
                          : nullptr;
    if (component_.list == nullptr) return broken("entity must be one that the schema declares");
    auto index = read_index("index");
    if (!index) return fail(std::move(index.error()));
    component_.index = *index;
    const JsonView id = type == "add" ? JsonView() : member("id");
    if (!id) return {};
    auto checked = check_id(id);
    if (!checked) return at("id", std::move(checked.error()));
    component_.id = id.str();
    return {};
  }

  Result<Index> read_index(std::string_view name) {
    const JsonView value = member(name);
    const auto index = value ? safe_length(value) : std::nullopt;
    if (!index) return broken(std::string(name) + " must be a whole number from 0");
    return *index;
  }

  Result<void> read_add() {
    const JsonView data = member("data");
    if (!data) return broken("data is missing");
    auto checked = check_element(data, component_.list->fields, how_);
    if (!checked) return at("data", std::move(checked.error()));
    component_.instruction.emplace<Add>(Add{data.value()});
    return {};
  }

  Result<void> read_remove() {
    const JsonView data = member("data");
    auto& removal = component_.instruction.emplace<Remove>(Remove{});
    if (!data) return {};
    auto checked = check_element(data, component_.list->fields, Check::kind);
    if (!checked) return at("data", std::move(checked.error()));
    removal.data.emplace(data.value());
    if (component_.id && *component_.id != id_of(*removal.data)) {
      return broken("data.id: must be what id says");
    }
    return {};
  }

  Result<void> read_move() {
    auto to = read_index("to");
    if (!to) return fail(std::move(to.error()));
    component_.instruction.emplace<Move>(Move{*to});
    return {};
  }

  Result<void> read_field_instruction(std::string_view type) {
    const JsonView name = member("field");
    const Fields& fields = component_.list != nullptr ? component_.list->fields : schema_.fields;
    const Field* field = name && name.is_string()
                             ? find_field(fields, name.bytes() > 64 ? "" : name.str())
                             : nullptr;
    if (field == nullptr) return broken("field must be one that the schema declares");
    if (type == "set") return read_set(*field);
    if (type == "edit") return read_edit(*field);
    return read_increment(*field);
  }

  Result<void> read_set(const Field& field) {
    if (field.kind == Kind::text) return broken(field.name + " is a text, which is edited");
    const JsonView value = member("value");
    if (!value) return broken("value is missing");
    auto checked = field.check(value, how_);
    if (!checked) return at(field.name, std::move(checked.error()));
    auto& set = component_.instruction.emplace<Set>(Set{&field, value.value(), std::nullopt});
    if (const JsonView was = member("was")) {
      checked = field.check(was, Check::kind);
      if (!checked) return at("was", std::move(checked.error()));
      set.was.emplace(was.value());
    }
    return {};
  }

  Result<void> read_edit(const Field& field) {
    if (field.kind != Kind::text) return broken(field.name + " is no text, and is set");
    const JsonView text = member("text");
    if (!text) return broken("text is missing");
    auto op = TextUnicode::parse(text, std::numeric_limits<std::size_t>::max());
    if (!op) return at("text", std::move(op.error()));
    if (how_ == Check::limits && inserted_length(*op) > field.length_max) {
      return broken("text: must insert at most " + std::to_string(field.length_max) +
                    " characters");
    }
    component_.instruction.emplace<Edit>(Edit{&field, std::move(*op)});
    return {};
  }

  Result<void> read_increment(const Field& field) {
    if (!field.can_increment()) return broken(field.name + " cannot be incremented");
    const JsonView by = member("by");
    const auto units =
        by && by.is_number() ? Units::of(by.number(), *field.decimals) : std::nullopt;
    if (!units) {
      return broken("by must be a number with at most " + std::to_string(*field.decimals) +
                    " decimals and 15 digits");
    }
    component_.instruction.emplace<Increment>(Increment{&field, *units});
    return {};
  }

  const Schema& schema_;
  JsonView in_;
  Check how_;
  Component& component_;
  std::array<std::string_view, 8> seen_;  // names that were looked up
  std::size_t seen_count_ = 0;
  std::size_t found_ = 0;  // of them
};

Result<Op> read_op(const Schema& schema, JsonView in, Check how) {
  const bool is_list = in.is_array();
  const bool is_bounded = how == Check::limits;
  std::size_t count = is_list ? in.size() : 1;
  if (is_bounded && count > op_components_max) return fail_too_many(op_components_max);
  Op op;
  op.reserve(std::min(count, op_components_max));
  std::size_t index = 0;
  const auto add = [&](JsonView part) -> Result<void> {
    Component& component = op.emplace_back(Component{.instruction = Remove{}});
    auto read = ComponentReader(schema, part, how, component).read();
    if (!read) return fail_at(index, read.error().code, read.error().detail);
    if (const auto* edit = as<Edit>(component)) count += edit->text.parts.size();
    if (is_bounded && count > op_components_max) return fail_too_many(op_components_max);
    if (is_idle(component)) op.pop_back();
    ++index;
    return {};
  };
  Result<void> added = is_list ? Result<void>() : add(in);
  if (is_list) {
    for (const JsonView part : in.elements()) {
      if (added) added = add(part);
    }
  }
  if (!added) return fail(std::move(added.error()));
  return op;
}

Result<void> check_list(const Json& elements, const List& list) {
  if (!elements.is_array()) return broken(": must be a list");
  std::set<std::string> ids;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const std::string place = "[" + std::to_string(i) + "]";
    auto checked = check_element(elements[i], list.fields, Check::limits);
    if (!checked) return fail(checked.error().code, place + "." + checked.error().detail);
    if (!ids.insert(id_of(elements[i])).second) {
      return broken(place + ".id: is the id of another element");
    }
  }
  return {};
}

}  // namespace

Result<void> check_element(JsonView element, const Fields& fields, Check how) {
  if (!element.is_object()) return broken("must be an object");
  const JsonView id = element.find("id");
  if (!id) return broken("id: is required");
  auto checked = check_id(id);
  if (!checked) return at("id", std::move(checked.error()));
  if (how == Check::limits) {
    checked = check_members(element, [&](std::string_view name) {
      return name == "id" || find_field(fields, name) != nullptr;
    });
    if (!checked) return checked;
  }
  return check_fields(element, fields, how);
}

Result<void> check_record(const Json& data, const Schema& schema) {
  if (!data.is_object()) return broken("the data must be an object");
  auto checked = check_members(data, [&](std::string_view name) {
    return find_field(schema.fields, name) != nullptr || schema.find_list(name) != nullptr;
  });
  if (checked) checked = check_fields(data, schema.fields, Check::limits);
  for (const List& list : schema.lists) {
    const Json* elements = data.find(list.key);
    if (!checked || elements == nullptr) continue;
    checked = check_list(*elements, list);
    if (!checked) checked = fail(checked.error().code, list.key + checked.error().detail);
  }
  return checked;
}

}  // namespace segue::ot::record

namespace segue::ot {

RecordType::RecordType(record::Schema schema)
    : name("segue:" + schema.name + "/" + std::to_string(schema.major)),
      uri(name),
      schema_(std::make_unique<const record::Schema>(std::move(schema))) {}

Result<Json> RecordType::create(const Json* data) const {
  Json doc = data != nullptr ? *data : Json::object();
  auto checked = record::check_record(doc, *schema_);
  if (!checked) return fail(std::move(checked.error()));
  record::complete(doc, schema_->fields);
  for (const record::List& list : schema_->lists) {
    if (doc.find(list.key) == nullptr) doc.set(list.key, Json::array());
    doc.edit(list.key, [&](Json& elements) {
      for (std::size_t i = 0; i < elements.size(); ++i) {
        elements.edit(i, [&](Json& element) { record::complete(element, list.fields); });
      }
    });
  }
  return doc;
}

Result<RecordType::Op> RecordType::parse(JsonView in) const {
  return record::read_op(*schema_, in, record::Check::limits);
}

Result<RecordType::Op> RecordType::parse_committed(JsonView in) const {
  return record::read_op(*schema_, in, record::Check::kind);
}

}  // namespace segue::ot
