#include "ot/record/op.h"

#include <string_view>
#include <utility>

#include "ot/types/parse.h"

namespace segue::ot::record {
namespace {

// Components as JSON, members in the order of the spec.
class Printer {
 public:
  explicit Printer(const Component& component) : component_(component) {}

  Json print() {
    std::visit(*this, component_.instruction);
    return std::move(out_);
  }

  void operator()(const Add& add) {
    begin("add");
    out_.set("data", add.data);
  }
  void operator()(const Remove& remove) {
    begin("remove");
    if (remove.data) out_.set("data", *remove.data);
  }
  void operator()(const Move& move) {
    begin("move");
    out_.set("to", move.to);
  }
  void operator()(const Set& set) {
    begin("set");
    out_.set("field", set.field->name);
    out_.set("value", set.value);
    if (set.was) out_.set("was", *set.was);
  }
  void operator()(const Edit& edit) {
    begin("edit");
    out_.set("field", edit.field->name);
    out_.set("text", TextUnicode::to_json(edit.text));
  }
  void operator()(const Increment& increment) {
    begin("increment");
    out_.set("field", increment.field->name);
    out_.set("by", increment.by.number(*increment.field->decimals));
  }

 private:
  void begin(std::string_view type) {
    out_.set("type", type);
    if (component_.list == nullptr) return;
    out_.set("entity", component_.list->entity);
    out_.set("index", component_.index);
    if (component_.id) out_.set("id", *component_.id);
  }

  const Component& component_;
  Json out_ = Json::object();
};

tl::unexpected<Error> misplaced(std::string what) {
  return fail(Errc::op_not_applied, std::move(what));
}

// Edits one field where it stands.
class EditField {
 public:
  explicit EditField(Json& element) : element_(element) {}

  Result<void> operator()(const Set& set) {
    element_.set(set.field->name, set.value);
    return {};
  }
  Result<void> operator()(const Edit& edit) {
    const Field& field = *edit.field;
    const auto apply = [&](Json& text) { return TextUnicode::apply(text, edit.text); };
    if (const JsonChild value(element_, field.name); value && field.check(*value, Check::kind)) {
      return apply(*value);
    }
    element_.set(field.name, field.fallback);
    return element_.edit(field.name, apply);
  }
  Result<void> operator()(const Increment& increment) {
    const Field& field = *increment.field;
    const int decimals = *field.decimals;
    const auto before = Units::of(field.read(element_).number(), decimals);
    const Units sum = before.value_or(Units(0)) + increment.by;
    element_.set(field.name, sum.number(decimals));
    return {};
  }
  template <class Other>
  Result<void> operator()(const Other&) {
    OT_ASSERT(false);
    return {};
  }

 private:
  Json& element_;
};

bool has_id(const Json& list, std::string_view id) {
  bool found = false;
  list.for_each_element([&](const Json& element) {
    const Json* known = element.find("id");
    found = found || (known != nullptr && known->is_string() && known->text() == id);
  });
  return found;
}

std::string place_of(const Component& component) {
  return component.list->key + "[" + std::to_string(component.index) + "]";
}

Result<void> check_element(const Json& list, const Component& component) {
  if (component.index >= list.size()) return misplaced("there is no " + place_of(component));
  if (!component.id) return {};
  const Json* id = list[component.index].find("id");
  if (id != nullptr && id->is_string() && id->text() == *component.id) return {};
  return misplaced(place_of(component) + " is another element than the op says");
}

Result<void> add_element(Json& list, const Component& component, const Json& data) {
  if (component.index > list.size()) {
    return misplaced("there is no " + place_of(component) + " to be");
  }
  if (has_id(list, id_of(data))) {
    return misplaced(component.list->key + " has an element with this id");
  }
  Json element = data;
  complete(element, component.list->fields);
  list.insert(component.index, std::move(element));
  return {};
}

Result<void> apply_to_list(Json& list, const Component& component) {
  const Index index = component.index;
  if (const auto* add = as<Add>(component)) return add_element(list, component, add->data);
  auto checked = check_element(list, component);
  if (!checked) return checked;
  if (as<Remove>(component) != nullptr) {
    list.erase(index);
  } else if (const auto* move = as<Move>(component)) {
    if (move->to >= list.size()) return misplaced("an element is moved beyond its list");
    list.insert(move->to, list.erase(index));
  } else {
    return list.edit(index, [&](Json& element) { return edit_element(element, component); });
  }
  return {};
}

Result<void> apply_component(Json& doc, const Component& component) {
  if (component.list == nullptr) return edit_element(doc, component);
  const std::string& key = component.list->key;
  if (const JsonChild list(doc, key); list && (*list).is_array()) {
    return apply_to_list(*list, component);
  }
  doc.set(key, Json::array());
  return doc.edit(key, [&](Json& elements) { return apply_to_list(elements, component); });
}

// Fills the memories of one component from the element or record that it names.
class Remember {
 public:
  explicit Remember(const Json& element) : element_(element) {}

  void operator()(Add&) const {}
  void operator()(Move&) const {}
  void operator()(Increment&) const {}
  void operator()(Remove& remove) const { remove.data = element_; }
  void operator()(Set& set) const { set.was = set.field->read(element_); }
  void operator()(Edit& edit) const {
    const auto bare = TextUnicode::strip_invertible(edit.text);
    edit.text = TextUnicode::make_invertible(bare, edit.field->read(element_));
  }

 private:
  const Json& element_;
};

// An element as a memory: what is not of its kind is what it reads as.
Json remembered(const Json& element, const Fields& fields) {
  Json read = element;
  for (const Field& field : fields) {
    if (element.find(field.name) != nullptr) read.set(field.name, field.read(element));
  }
  return read;
}

// REQUIRES: the component applies to `doc`. Errors: op_not_applied.
Result<void> remember(Component& component, const Json& doc) {
  if (as<Add>(component) != nullptr) return {};
  if (component.list == nullptr) {
    std::visit(Remember(doc), component.instruction);
    return {};
  }
  const Json element =
      remembered((*doc.find(component.list->key))[component.index], component.list->fields);
  const Json* id = element.find("id");
  if (id != nullptr && check_id(*id)) {
    component.id = id->str();
  } else if (as<Remove>(component) != nullptr) {
    return misplaced("the element has no id");
  }
  std::visit(Remember(element), component.instruction);
  return {};
}

class Invert {
 public:
  explicit Invert(const Component& component) : inverse_(component) {}

  Result<Component> operator()(const Add& add) {
    inverse_.id = id_of(add.data);
    return with(Remove{add.data});
  }
  Result<Component> operator()(const Remove& remove) {
    if (!remove.data) return lost("a remove must say its data to be inverted");
    inverse_.id.reset();
    return with(Add{*remove.data});
  }
  Result<Component> operator()(const Move& move) {
    const Index from = std::exchange(inverse_.index, move.to);
    return with(Move{from});
  }
  Result<Component> operator()(const Set& set) {
    if (!set.was) return lost("a set must say what was before to be inverted");
    return with(Set{set.field, *set.was, set.value});
  }
  Result<Component> operator()(const Edit& edit) {
    auto text = TextUnicode::invert(edit.text);
    if (!text) return fail(std::move(text.error()));
    return with(Edit{edit.field, std::move(*text)});
  }
  Result<Component> operator()(const Increment& increment) {
    return with(Increment{increment.field, -increment.by});
  }

 private:
  static tl::unexpected<Error> lost(const char* rule) { return fail(Errc::op_badly_formed, rule); }
  Result<Component> with(Instruction instruction) {
    inverse_.instruction = std::move(instruction);
    return std::move(inverse_);
  }

  Component inverse_;
};

}  // namespace

const Field* field_of(const Component& component) {
  if (const auto* set = as<Set>(component)) return set->field;
  if (const auto* edit = as<Edit>(component)) return edit->field;
  if (const auto* increment = as<Increment>(component)) return increment->field;
  return nullptr;
}

std::string id_of(const Json& element) { return element.find("id")->str(); }

bool is_idle(const Component& component) {
  if (const auto* move = as<Move>(component)) return move->to == component.index;
  if (const auto* edit = as<Edit>(component)) return edit->text.empty();
  const auto* increment = as<Increment>(component);
  return increment != nullptr && increment->by.is_zero();
}

std::size_t inserted_length(const TextUnicode::Op& text) { return text.inserted.length(); }

Json to_json(const Component& component) { return Printer(component).print(); }

Json to_json(const Op& op) {
  std::vector<Json> components;
  components.reserve(op.size());
  for (const Component& component : op) components.push_back(to_json(component));
  return Json::array(std::move(components));
}

std::optional<Index> follow(Index index, const Component& over) {
  if (as<Add>(over) != nullptr) return over.index <= index ? index + 1 : index;
  const bool is_named = over.index == index;
  if (as<Remove>(over) != nullptr) {
    if (is_named) return std::nullopt;
    return without(index, over.index);
  }
  if (const auto* move = as<Move>(over)) {
    if (is_named) return move->to;
    const Index place = without(index, over.index);
    return move->to <= place ? place + 1 : place;
  }
  return index;
}

void complete(Json& object, const Fields& fields) {
  for (const Field& field : fields) {
    if (object.find(field.name) == nullptr) object.set(field.name, field.fallback);
  }
}

Result<void> edit_element(Json& element, const Component& component) {
  if (!element.is_object()) return misplaced("the element is no object");
  return std::visit(EditField(element), component.instruction);
}

Result<void> apply(Json& doc, const Op& op) {
  if (!doc.is_object()) return misplaced("the document is no object");
  Json edited = doc;
  for (std::size_t i = 0; i < op.size(); ++i) {
    const auto applied = apply_component(edited, op[i]);
    if (!applied) return fail_at(i, applied.error().code, applied.error().detail);
  }
  doc = std::move(edited);
  return {};
}

Result<Op> invert(const Op& op) {
  Op inverse;
  inverse.reserve(op.size());
  for (std::size_t i = op.size(); i > 0; --i) {
    auto component = std::visit(Invert(op[i - 1]), op[i - 1].instruction);
    if (!component) return fail_at(i - 1, component.error().code, component.error().detail);
    inverse.push_back(std::move(*component));
  }
  return inverse;
}

Result<Op> make_invertible(const Op& op, const Json& doc) {
  if (!doc.is_object()) return misplaced("the document is no object");
  Json now = doc;
  Op invertible = op;
  for (std::size_t i = 0; i < op.size(); ++i) {
    const Json before = now;
    const auto applied = apply_component(now, op[i]);
    if (!applied) return fail_at(i, applied.error().code, applied.error().detail);
    const auto done = remember(invertible[i], before);
    if (!done) return fail_at(i, done.error().code, done.error().detail);
  }
  return invertible;
}

}  // namespace segue::ot::record
