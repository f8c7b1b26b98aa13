// Reading what clients send: ops and first data, checked against the schema.
#include "ot/record/parse.h"

#include <algorithm>
#include <limits>
#include <set>
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
Result<void> check_members(const Json& in, FunctionRef<bool(std::string_view)> known) {
  Result<void> checked;
  in.for_each_member([&](std::string_view name, const Json&) {
    if (checked && !known(name)) checked = broken("there is no " + shown(name));
  });
  return checked;
}

Result<void> check_fields(const Json& in, const Fields& fields, Check how) {
  for (const Field& field : fields) {
    const Json* value = in.find(field.name);
    if (value != nullptr) {
      auto checked = field.check(*value, how);
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
  ComponentReader(const Schema& schema, const Json& in, Check how)
      : schema_(schema), in_(in), how_(how) {}

  Result<Component> read() {
    if (!in_.is_object()) return broken("must be an object");
    const Json* type = member("type");
    auto instruction = read_instruction(type != nullptr && type->is_string() ? type->str() : "");
    if (!instruction) return fail(std::move(instruction.error()));
    auto checked = check_members(in_, [&](std::string_view name) {
      return std::find(seen_.begin(), seen_.end(), name) != seen_.end();
    });
    if (!checked) return fail(std::move(checked.error()));
    component_.instruction = std::move(*instruction);
    return std::move(component_);
  }

 private:
  const Json* member(std::string_view name) {
    seen_.push_back(name);
    return in_.find(name);
  }

  Result<Instruction> read_instruction(std::string_view type) {
    const bool is_structural = type == "add" || type == "remove" || type == "move";
    const bool is_field = type == "set" || type == "edit" || type == "increment";
    if (!is_structural && !is_field) {
      return broken("type must be add, remove, move, set, edit or increment");
    }
    if (is_structural || in_.find("entity") != nullptr || in_.find("index") != nullptr) {
      auto placed = read_place(type);
      if (!placed) return fail(std::move(placed.error()));
    }
    if (type == "add") return read_add();
    if (type == "remove") return read_remove();
    if (type == "move") return read_move();
    return read_field_instruction(type);
  }

  Result<void> read_place(std::string_view type) {
    const Json* entity = member("entity");
    component_.list = entity != nullptr && entity->is_string()
                          ? schema_.find_entity(entity->text().bytes() > 64 ? "" : entity->str())
                          : nullptr;
    if (component_.list == nullptr) return broken("entity must be one that the schema declares");
    auto index = read_index("index");
    if (!index) return fail(std::move(index.error()));
    component_.index = *index;
    const Json* id = type == "add" ? nullptr : member("id");
    if (id == nullptr) return {};
    auto checked = check_id(*id);
    if (!checked) return at("id", std::move(checked.error()));
    component_.id = id->str();
    return {};
  }

  Result<Index> read_index(std::string_view name) {
    const Json* value = member(name);
    const auto index = value != nullptr ? safe_length(*value) : std::nullopt;
    if (!index) return broken(std::string(name) + " must be a whole number from 0");
    return *index;
  }

  Result<Instruction> read_add() {
    const Json* data = member("data");
    if (data == nullptr) return broken("data is missing");
    auto checked = check_element(*data, component_.list->fields, how_);
    if (!checked) return at("data", std::move(checked.error()));
    return Add{*data};
  }

  Result<Instruction> read_remove() {
    const Json* data = member("data");
    if (data == nullptr) return Remove{};
    auto checked = check_element(*data, component_.list->fields, Check::kind);
    if (!checked) return at("data", std::move(checked.error()));
    if (component_.id && *component_.id != id_of(*data)) {
      return broken("data.id: must be what id says");
    }
    return Remove{*data};
  }

  Result<Instruction> read_move() {
    auto to = read_index("to");
    if (!to) return fail(std::move(to.error()));
    return Move{*to};
  }

  Result<Instruction> read_field_instruction(std::string_view type) {
    const Json* name = member("field");
    const Fields& fields = component_.list != nullptr ? component_.list->fields : schema_.fields;
    const Field* field = name != nullptr && name->is_string()
                             ? find_field(fields, name->text().bytes() > 64 ? "" : name->str())
                             : nullptr;
    if (field == nullptr) return broken("field must be one that the schema declares");
    if (type == "set") return read_set(*field);
    if (type == "edit") return read_edit(*field);
    return read_increment(*field);
  }

  Result<Instruction> read_set(const Field& field) {
    if (field.kind == Kind::text) return broken(field.name + " is a text, which is edited");
    const Json* value = member("value");
    if (value == nullptr) return broken("value is missing");
    auto checked = field.check(*value, how_);
    if (!checked) return at(field.name, std::move(checked.error()));
    Set set{&field, *value, std::nullopt};
    if (const Json* was = member("was")) {
      checked = field.check(*was, Check::kind);
      if (!checked) return at("was", std::move(checked.error()));
      set.was = *was;
    }
    return set;
  }

  Result<Instruction> read_edit(const Field& field) {
    if (field.kind != Kind::text) return broken(field.name + " is no text, and is set");
    const Json* text = member("text");
    if (text == nullptr) return broken("text is missing");
    auto op = TextUnicode::parse(*text, std::numeric_limits<std::size_t>::max());
    if (!op) return at("text", std::move(op.error()));
    if (how_ == Check::limits && inserted_length(*op) > field.length_max) {
      return broken("text: must insert at most " + std::to_string(field.length_max) +
                    " characters");
    }
    return Edit{&field, std::move(*op)};
  }

  Result<Instruction> read_increment(const Field& field) {
    if (!field.can_increment()) return broken(field.name + " cannot be incremented");
    const Json* by = member("by");
    const auto units =
        by != nullptr && by->is_number() ? Units::of(by->number(), *field.decimals) : std::nullopt;
    if (!units) {
      return broken("by must be a number with at most " + std::to_string(*field.decimals) +
                    " decimals and 15 digits");
    }
    return Increment{&field, *units};
  }

  const Schema& schema_;
  const Json& in_;
  Check how_;
  Component component_{.instruction = Remove{}};
  std::vector<std::string_view> seen_;
};

Result<Op> read_op(const Schema& schema, const Json& in, Check how) {
  const bool is_list = in.is_array();
  const std::size_t given = is_list ? in.size() : 1;
  const bool is_bounded = how == Check::limits;
  if (is_bounded && given > op_components_max) return fail_too_many(op_components_max);
  Op op;
  std::size_t count = given;
  for (std::size_t i = 0; i < given; ++i) {
    auto component = ComponentReader(schema, is_list ? in[i] : in, how).read();
    if (!component) return fail_at(i, component.error().code, component.error().detail);
    if (const auto* edit = as<Edit>(*component)) count += edit->text.parts.size();
    if (is_bounded && count > op_components_max) return fail_too_many(op_components_max);
    if (!is_idle(*component)) op.push_back(std::move(*component));
  }
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

Result<void> check_element(const Json& element, const Fields& fields, Check how) {
  if (!element.is_object()) return broken("must be an object");
  const Json* id = element.find("id");
  if (id == nullptr) return broken("id: is required");
  auto checked = check_id(*id);
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

Result<RecordType::Op> RecordType::parse(const Json& in) const {
  return record::read_op(*schema_, in, record::Check::limits);
}

Result<RecordType::Op> RecordType::parse_committed(const Json& in) const {
  return record::read_op(*schema_, in, record::Check::kind);
}

}  // namespace segue::ot
