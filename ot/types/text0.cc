#include "ot/types/text0.h"

#include <algorithm>
#include <string>

#include "ot/types/parse.h"

namespace segue::ot {
namespace {

using Insert = Text0::Insert;
using Delete = Text0::Delete;

std::size_t length(const Text& text) { return text.length(Unit::utf16); }

Text slice(const Text& text, std::size_t from, std::size_t to) {
  return Text(text.slice(from, to - from, Unit::utf16));
}

// `text` less what stands from `from` to `to`. O(log), where slices would copy.
Text without(Text text, std::size_t from, std::size_t to) {
  text.erase(from, to - from, Unit::utf16);
  return text;
}

// Where `position` is after `other`. An insert at it moves it if `sticks_right`.
std::size_t moved(std::size_t position, const Insert& other, bool sticks_right) {
  const bool before = other.position < position || (other.position == position && sticks_right);
  return before ? position + length(other.text) : position;
}

std::size_t moved(std::size_t position, const Delete& other, bool /*sticks_right*/) {
  if (position <= other.position) return position;
  return position - std::min(length(other.text), position - other.position);
}

// One function per pair of kinds: what the first becomes after the second.
struct TransformPair {
  Text0::Op& out;
  Side side;

  template <class Other>
  Result<void> operator()(const Insert& insert, const Other& other) const {
    Text0::append(out, Insert{moved(insert.position, other, side == Side::right), insert.text});
    return {};
  }

  // Text inserted inside the deleted range survives between two deletes.
  Result<void> operator()(const Delete& deletion, const Insert& other) const {
    const std::size_t end = length(deletion.text);
    const std::size_t head =
        deletion.position < other.position ? std::min(other.position - deletion.position, end) : 0;
    Text0::append(out, Delete{deletion.position, without(deletion.text, head, end)});
    Text0::append(out,
                  Delete{deletion.position + length(other.text), without(deletion.text, 0, head)});
    return {};
  }

  Result<void> operator()(const Delete& deletion, const Delete& other) const {
    const std::size_t begin = deletion.position;
    const std::size_t end = begin + length(deletion.text);
    const std::size_t other_end = other.position + length(other.text);
    if (begin >= other_end || end <= other.position) {
      Text0::append(out, Delete{moved(begin, other, false), deletion.text});
      return {};
    }
    const std::size_t common_begin = std::max(begin, other.position);
    const std::size_t common_end = std::min(end, other_end);
    if (slice(deletion.text, common_begin - begin, common_end - begin) !=
        slice(other.text, common_begin - other.position, common_end - other.position)) {
      return fail(Errc::op_not_applied, "two deletes of the same place name different text");
    }
    Text rest = without(deletion.text, common_begin - begin, common_end - begin);
    Text0::append(out, Delete{moved(begin, other, false), std::move(rest)});
    return {};
  }
};

struct Rules {
  using Component = Text0::Component;

  static Result<void> append(Text0::Op& op, Component component) {
    Text0::append(op, std::move(component));
    return {};
  }
  static Result<void> transform_component(Text0::Op& out, const Component& component,
                                          const Component& other, Side side, Steps& /*steps*/) {
    return std::visit(TransformPair{out, side}, component, other);
  }
};

bool may_merge(const Insert& last, const Insert& next) {
  return last.position <= next.position && next.position <= last.position + length(last.text);
}

bool may_merge(const Delete& last, const Delete& next) {
  return next.position <= last.position && last.position <= next.position + length(next.text);
}

Insert merged(Insert last, const Insert& next) {
  last.text.insert(next.position - last.position, next.text, Unit::utf16);
  return last;
}

Delete merged(const Delete& last, Delete next) {
  next.text.insert(last.position - next.position, last.text, Unit::utf16);
  return next;
}

template <class Kind>
void append_as(Text0::Op& op, Kind component) {
  if (component.text.empty()) return;
  if (!op.empty()) {
    if (auto* last = std::get_if<Kind>(&op.back());
        last != nullptr && may_merge(*last, component)) {
      *last = merged(std::move(*last), std::move(component));
      return;
    }
  }
  op.push_back(std::move(component));
}

Result<void> apply_component(Text& text, const Insert& insert, std::size_t /*index*/) {
  text.insert(std::min(insert.position, length(text)), insert.text, Unit::utf16);
  return {};
}

Result<void> apply_component(Text& text, const Delete& deletion, std::size_t index) {
  const std::size_t size = length(text);
  const std::size_t from = std::min(deletion.position, size);
  const std::size_t count = length(deletion.text);
  if (count > size - from || !(deletion.text == text.slice(from, count, Unit::utf16))) {
    return fail_at(index, Errc::op_not_applied, "the text to delete does not stand there");
  }
  text.erase(from, count, Unit::utf16);
  return {};
}

// Puts the component behind `op`.
Result<void> parse_component(JsonView in, JsonView default_position, Text0::Op& op) {
  const auto malformed = [&](std::string_view rule) {
    return fail_at(op.size(), Errc::op_badly_formed, rule);
  };
  if (!in.is_object()) return malformed("a text0 component is an object");
  JsonView p;
  JsonView i;
  JsonView d;
  in.for_each_member([&](std::string_view name, JsonView value) {
    if (name == "p") p = value;
    if (name == "i") i = value;
    if (name == "d") d = value;
  });
  const std::size_t known = (p ? 1U : 0U) + (i ? 1U : 0U) + (d ? 1U : 0U);
  if (in.size() != known) return malformed("a text0 component has fields p, i and d only");
  if (!p) p = default_position;
  const auto position = p ? safe_length(p) : std::nullopt;
  if (!position) return malformed("p must be a whole number from 0");
  if (static_cast<bool>(i) == static_cast<bool>(d))
    return malformed("exactly one of i and d is wanted");
  const JsonView content = i ? i : d;
  if (!content.is_string()) return malformed("the text must be a string");
  if (i) {
    op.emplace_back(Insert{*position, content.text()});
  } else {
    op.emplace_back(Delete{*position, content.text()});
  }
  return {};
}

Result<Text0::Op> parse_list(JsonView in, JsonView default_position, std::size_t components_max) {
  if (!in.is_array()) return fail(Errc::op_badly_formed, "a text0 op must be an array");
  if (in.size() > components_max) return fail_too_many(components_max);
  Text0::Op op;
  op.reserve(in.size());
  for (const JsonView element : in.elements()) {
    auto parsed = parse_component(element, default_position, op);
    if (!parsed) return fail(std::move(parsed.error()));
  }
  return op;
}

}  // namespace

Result<Json> Text0::create(const Json* data) {
  if (data == nullptr || data->is_null()) return Json("");
  if (!data->is_string()) return fail(Errc::op_badly_formed, "the initial data must be a string");
  return *data;
}

Result<Text0::Op> Text0::parse(JsonView in, std::size_t components_max) {
  return parse_list(in, {}, components_max);
}

Json Text0::to_json(const Op& op) {
  std::vector<Json> components;
  for (const Component& component : op) {
    const bool inserts = std::holds_alternative<Insert>(component);
    components.push_back(std::visit(
        [&](const auto& edit) {
          return Json::object({{"p", edit.position}, {inserts ? "i" : "d", Json(edit.text)}});
        },
        component));
  }
  return Json::array(std::move(components));
}

Result<void> Text0::apply(Json& doc, const Op& op) {
  if (!doc.is_string()) return fail(Errc::op_not_applied, "text0 edits strings only");
  return doc.edit_text([&](Text& text) { return apply(text, op); });
}

Result<void> Text0::apply(Text& text, const Op& op) {
  // A single component checks before it edits; a later one can fail after the first has edited.
  const Text before = op.size() > 1 ? text : Text();
  for (std::size_t index = 0; index < op.size(); ++index) {
    auto done =
        std::visit([&](const auto& edit) { return apply_component(text, edit, index); }, op[index]);
    if (!done) {
      if (index > 0) text = before;
      return done;
    }
  }
  return {};
}

Result<Text0::Op> Text0::transform(const Op& op, const Op& other, Side side, Steps& steps) {
  return ListTransform<Rules>::one(op, other, side, steps);
}

Result<Text0::Op> Text0::transform(const Op& op, const Op& other, Side side) {
  Steps steps;
  return transform(op, other, side, steps);
}

Result<std::pair<Text0::Op, Text0::Op>> Text0::transform_both(const Op& left, const Op& right) {
  Steps steps;
  return ListTransform<Rules>::both(left, right, steps);
}

Result<Text0::Op> Text0::compose(const Op& first, const Op& second) {
  Op composed = first;
  for (const Component& component : second) append(composed, component);
  return composed;
}

Result<Text0::Op> Text0::invert(const Op& op) {
  struct Inverse {
    Component operator()(const Insert& insert) const {
      return Delete{insert.position, insert.text};
    }
    Component operator()(const Delete& deletion) const {
      return Insert{deletion.position, deletion.text};
    }
  };
  Op inverse;
  std::for_each(op.rbegin(), op.rend(), [&](const Component& component) {
    inverse.push_back(std::visit(Inverse{}, component));
  });
  return inverse;
}

Result<Text0::Op> Text0::normalize(const Json& in) {
  const Json start(0);
  const bool bare = in.find("p") != nullptr || in.find("i") != nullptr;
  auto op = parse_list(bare ? Json::array({in}) : in, start, op_components_max);
  if (!op) return op;
  return compose({}, *op);
}

std::size_t Text0::transform_cursor(std::size_t position, const Op& op, Side side) {
  for (const Component& component : op) {
    position = std::visit(
        [&](const auto& other) { return moved(position, other, side == Side::right); }, component);
  }
  return position;
}

void Text0::append(Op& op, Component component) {
  std::visit([&](auto& edit) { append_as(op, std::move(edit)); }, component);
}

}  // namespace segue::ot
