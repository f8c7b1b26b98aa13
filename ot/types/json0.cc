// json0: values to JSON and back.
#include "ot/types/json0.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string>

#include "ot/prototype_names.h"
#include "ot/types/json0_parts.h"

namespace segue::ot {
namespace {

using namespace json0_parts;  // NOLINT(google-build-using-namespace): this is its implementation.

// The fields of a component, where they are there.
struct Fields {
  JsonView p;
  JsonView na;
  JsonView li;
  JsonView ld;
  JsonView lm;
  JsonView oi;
  JsonView od;
  JsonView t;
  JsonView o;
  JsonView si;
  JsonView sd;
};

// Where a field of this name goes, if json0 knows it.
JsonView Fields::*field_named(std::string_view name) {
  if (name.empty() || name.size() > 2) return nullptr;
  switch (name.size() == 1 ? name[0] : name[0] << 8 | name[1]) {
    case 'p':
      return &Fields::p;
    case 't':
      return &Fields::t;
    case 'o':
      return &Fields::o;
    case 'n' << 8 | 'a':
      return &Fields::na;
    case 'l' << 8 | 'i':
      return &Fields::li;
    case 'l' << 8 | 'd':
      return &Fields::ld;
    case 'l' << 8 | 'm':
      return &Fields::lm;
    case 'o' << 8 | 'i':
      return &Fields::oi;
    case 'o' << 8 | 'd':
      return &Fields::od;
    case 's' << 8 | 'i':
      return &Fields::si;
    case 's' << 8 | 'd':
      return &Fields::sd;
    default:
      return nullptr;
  }
}

tl::unexpected<Error> malformed(std::string rule) {
  return fail(Errc::op_badly_formed, std::move(rule));
}

// Whether json0 knows all of them.
bool read_fields(JsonView in, Fields& fields) {
  bool all_known = true;
  in.for_each_member([&](std::string_view name, JsonView value) {
    const auto field = field_named(name);
    all_known = all_known && field != nullptr;
    if (field != nullptr) fields.*field = value;
  });
  return all_known;
}

Result<void> add_path_element(JsonView in, Path& path) {
  if (in.is_string()) {
    std::string room;
    const auto& key = path.emplace_back(std::in_place_type<std::string>, in.string(room));
    if (!is_prototype_name(std::get<std::string>(key))) return {};
    return fail(Errc::op_not_applied, "Invalid path segment");  // ShareDB's words
  }
  if (!in.is_number()) return fail(Errc::op_not_applied, "Invalid path segment");
  const auto index = safe_integer(in);
  if (!index) return malformed("a path element must be a string or a whole number");
  path.emplace_back(*index);
  return {};
}

// REQUIRES: `in` is an array, `path` is new.
Result<void> read_path(JsonView in, Path& path) {
  if (in.size() > op_path_length_max) {
    return fail(Errc::too_large,
                "a path has at most " + std::to_string(op_path_length_max) + " elements");
  }
  path.reserve(in.size());
  for (const JsonView element : in.elements()) {
    auto added = add_path_element(element, path);
    if (!added) return added;
  }
  return {};
}

Result<void> read_number_add(const Fields& fields, NumberAdd& add) {
  if (!fields.na.is_number()) return malformed("na must be a number");
  add.amount = fields.na.number();
  return {};
}

Result<void> read_list_move(const Fields& fields, ListMove& move) {
  auto to = safe_integer(fields.lm);
  if (!to && fields.lm.is_string()) to = index_of(fields.lm.str());
  if (!to) return malformed("lm must be a whole number");
  move.to = *to;
  return {};
}

// A ListEdit or an ObjectEdit.
template <class Edit>
Result<void> read_edit(JsonView removed, JsonView inserted, Edit& edit) {
  if (removed) edit.removed.emplace(removed.value());
  if (inserted) edit.inserted.emplace(inserted.value());
  return {};
}

// si as a StringInsert, sd as a StringDelete.
template <class Edit>
Result<void> read_string_edit(JsonView text, Edit& edit) {
  if (!text.is_string()) return malformed("si and sd must be strings");
  edit.text = text.text();
  return {};
}

Result<void> read_text_edit(const Fields& fields, TextEdit& edit) {
  if (!fields.t || !fields.o) return malformed("t and o belong together");
  if (!fields.t.is(Text0::name)) return malformed("the only subtype is text0");
  auto op = Text0::parse(fields.o, std::numeric_limits<std::size_t>::max());  // counted with all
  if (!op) return fail(std::move(op.error()));
  edit.op = std::move(*op);
  return {};
}

Result<void> read_instruction(const Fields& fields, Json0::Instruction& out) {
  const bool list_edit = fields.li || fields.ld;
  const bool object_edit = fields.oi || fields.od;
  const bool text_edit = fields.t || fields.o;
  const int given = (fields.na ? 1 : 0) + (list_edit ? 1 : 0) + (fields.lm ? 1 : 0) +
                    (object_edit ? 1 : 0) + (text_edit ? 1 : 0) + (fields.si ? 1 : 0) +
                    (fields.sd ? 1 : 0);
  if (given != 1) return malformed("exactly one instruction is wanted");
  if (fields.na) return read_number_add(fields, out.emplace<NumberAdd>(NumberAdd{}));
  if (fields.lm) return read_list_move(fields, out.emplace<ListMove>(ListMove{}));
  if (list_edit) return read_edit(fields.ld, fields.li, out.emplace<ListEdit>(ListEdit{}));
  if (object_edit) return read_edit(fields.od, fields.oi, out.emplace<ObjectEdit>(ObjectEdit{}));
  if (fields.si) return read_string_edit(fields.si, out.emplace<StringInsert>(StringInsert{}));
  if (fields.sd) return read_string_edit(fields.sd, out.emplace<StringDelete>(StringDelete{}));
  return read_text_edit(fields, out.emplace<TextEdit>(TextEdit{}));
}

// The path must end in what the instruction works on.
Result<void> check_last_element(const Component& component) {
  const Path& path = component.path;
  if (as<ListEdit>(component) || as<ListMove>(component)) {
    if (path.empty() || !index_of(path.back())) {
      return malformed("a list instruction needs a path that ends in an index");
    }
  }
  if (is_old_string_edit(component)) {
    const Index* position = path.empty() ? nullptr : std::get_if<Index>(&path.back());
    if (position == nullptr || *position < 0) {
      return malformed("si and sd need a path that ends in a position, a number from 0");
    }
  }
  if (as<ObjectEdit>(component) && !path.empty() && std::holds_alternative<Index>(path.back())) {
    return malformed("an object instruction needs a path that ends in a key, a string");
  }
  return {};
}

Result<void> parse_component(JsonView in, JsonView default_path, Component& out) {
  if (!in.is_object()) return malformed("Missing path");  // ShareDB's words
  Fields fields;
  const bool all_known = read_fields(in, fields);
  const JsonView p = fields.p ? fields.p : default_path;
  if (!p || !p.is_array()) return malformed("Missing path");
  auto done = read_path(p, out.path);
  if (!done) return done;
  if (!all_known) return malformed("there is a field that json0 does not know");
  done = read_instruction(fields, out.instruction);
  return done ? check_last_element(out) : done;
}

std::size_t parts_of(const Component& component) {
  const auto* text_edit = as<TextEdit>(component);
  return text_edit ? 1 + text_edit->op.size() : 1;
}

// ShareDB's messages are known to its clients and stay bare; ours say where.
Error located(Error error, std::size_t index) {
  if (error.detail == "Missing path" || error.detail == "Invalid path segment") return error;
  error.detail = "component " + std::to_string(index) + ": " + error.detail;
  return error;
}

Result<Op> parse_list(JsonView in, JsonView default_path, std::size_t components_max) {
  if (!in.is_array()) return malformed("json0 op must be an array");  // ShareDB's words
  Op op;
  op.reserve(std::min(in.size(), components_max));
  std::size_t parts = 0;
  for (const JsonView element : in.elements()) {
    Component& component = op.emplace_back(Component{{}, NumberAdd{}});
    auto parsed = parse_component(element, default_path, component);
    if (!parsed) return fail(located(std::move(parsed.error()), op.size() - 1));
    parts += parts_of(component);
    if (parts > components_max) return fail_too_many(components_max);
  }
  return op;
}

struct InstructionFields {
  std::vector<std::pair<std::string, Json>> fields;

  void add(std::string_view name, const std::optional<Json>& value) {
    if (value) fields.emplace_back(name, *value);
  }
  void operator()(const NumberAdd& add) { fields.emplace_back("na", add.amount); }
  void operator()(const ListEdit& edit) {
    add("ld", edit.removed);
    add("li", edit.inserted);
  }
  void operator()(const ListMove& move) { fields.emplace_back("lm", move.to); }
  void operator()(const ObjectEdit& edit) {
    add("od", edit.removed);
    add("oi", edit.inserted);
  }
  void operator()(const StringInsert& insert) { fields.emplace_back("si", Json(insert.text)); }
  void operator()(const StringDelete& deletion) { fields.emplace_back("sd", Json(deletion.text)); }
  void operator()(const TextEdit& edit) {
    fields.emplace_back("t", Text0::name);
    fields.emplace_back("o", Text0::to_json(edit.op));
  }
};

Json path_to_json(const Path& path) {
  std::vector<Json> elements;
  for (const PathElement& element : path) {
    elements.push_back(std::visit([](const auto& value) { return Json(value); }, element));
  }
  return Json::array(std::move(elements));
}

}  // namespace

std::optional<Index> json0_parts::index_of(const PathElement& element) {
  if (const auto* index = std::get_if<Index>(&element)) return *index;
  const std::string& key = std::get<std::string>(element);
  const bool canonical =
      !key.empty() && key.size() <= 16 && (key == "0" || key[0] != '0') &&
      std::all_of(key.begin(), key.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!canonical) return std::nullopt;
  Index index = 0;
  std::from_chars(key.data(), key.data() + key.size(), index);
  if (index > safe_integer_max) return std::nullopt;
  return index;
}

bool json0_parts::is_old_string_edit(const Component& component) {
  return as<StringInsert>(component) || as<StringDelete>(component);
}

Path json0_parts::parent_path(const Path& path) { return Path(path.begin(), path.end() - 1); }

Text0::Component json0_parts::to_text0(const Component& component) {
  const auto position = static_cast<std::size_t>(std::get<Index>(component.path.back()));
  if (const auto* insert = as<StringInsert>(component)) {
    return Text0::Insert{position, insert->text};
  }
  return Text0::Delete{position, as<StringDelete>(component)->text};
}

Component json0_parts::from_text0(Path path_of_string, const Text0::Component& edit) {
  return std::visit(
      [&](const auto& text_edit) {
        path_of_string.emplace_back(static_cast<Index>(text_edit.position));
        if constexpr (std::is_same_v<decltype(text_edit), const Text0::Insert&>) {
          return Component{std::move(path_of_string), StringInsert{text_edit.text}};
        } else {
          return Component{std::move(path_of_string), StringDelete{text_edit.text}};
        }
      },
      edit);
}

Result<Json> Json0::create(const Json* data) { return data ? *data : Json(); }

Result<Json0::Path> Json0::parse_path(JsonView in) {
  if (!in.is_array()) return malformed("a path must be an array");
  Path path;
  auto read = read_path(in, path);
  if (!read) return fail(std::move(read.error()));
  return path;
}

Result<Json0::Op> Json0::parse(JsonView in, std::size_t components_max) {
  return parse_list(in, {}, components_max);
}

Json Json0::to_json(const Op& op) {
  std::vector<Json> components;
  for (const Component& component : op) {
    InstructionFields out;
    out.fields.emplace_back("p", path_to_json(component.path));
    std::visit(out, component.instruction);
    components.push_back(Json::object(std::move(out.fields)));
  }
  return Json::array(std::move(components));
}

Result<Json0::Op> Json0::normalize(const Json& in) {
  const Json root = Json::array();
  auto op = parse_list(in.is_object() ? Json::array({in}) : in, root, op_components_max);
  if (!op) return op;
  return compose({}, *op);
}

}  // namespace segue::ot
