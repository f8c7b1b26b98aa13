#include "ot/types/rich_text.h"

#include <algorithm>
#include <string>
#include <utility>

#include "ot/types/rich_text_attributes.h"
#include "ot/types/rich_text_parts.h"

namespace segue::ot {
namespace {

using rich_text::chop;
using rich_text::Component;
using rich_text::Delete;
using rich_text::Insert;
using rich_text::is;
using rich_text::is_plain_retain;
using rich_text::length;
using rich_text::Op;
using rich_text::push;
using rich_text::Reader;
using rich_text::Retain;
using Attributes = RichText::Attributes;

Result<void> read_insert(JsonView content, Attributes attributes, Op& op) {
  const bool is_number = content.is_number() && content.number() != 0;
  if (!content.is_string() && !content.is_object() && !is_number) {
    return fail_at(op.size(), Errc::op_badly_formed,
                   "what it inserts is neither a text nor an object");
  }
  op.emplace_back(Insert{content.value(), std::move(attributes)});
  return {};
}

// The fields of a component, where they are there.
struct Fields {
  JsonView insert;
  JsonView retain;
  JsonView deletion;
  JsonView attributes;
};

Fields read_fields(JsonView in) {
  Fields fields;
  if (!in.is_object()) return fields;
  in.for_each_member([&](std::string_view name, JsonView value) {
    if (name == "insert") fields.insert = value;
    if (name == "retain") fields.retain = value;
    if (name == "delete") fields.deletion = value;
    if (name == "attributes") fields.attributes = value;
  });
  return fields;
}

// Puts the component behind `op`.
Result<void> read_component(JsonView in, Op& op) {
  const auto malformed = [&](std::string_view rule) {
    return fail_at(op.size(), Errc::op_badly_formed, rule);
  };
  const auto [insert, retain, deletion, attributes] = read_fields(in);
  const auto kinds = (insert ? 1 : 0) + (retain ? 1 : 0) + (deletion ? 1 : 0);
  if (kinds != 1) return malformed("it is not one of insert, retain and delete");
  if (in.size() != (attributes ? 2 : 1) || (deletion && attributes)) {
    return malformed("it has a field that it cannot have");
  }
  if (attributes && !attributes.is_object()) return malformed("its attributes are not an object");
  Attributes kept = attributes ? Attributes(attributes.value()) : std::nullopt;
  if (insert) return read_insert(insert, std::move(kept), op);
  const auto count = safe_length(retain ? retain : deletion);
  if (!count || *count == 0) return malformed("a length is a whole number above 0");
  if (retain) {
    op.emplace_back(Retain{*count, std::move(kept)});
  } else {
    op.emplace_back(Delete{*count});
  }
  return {};
}

Json with_attributes(std::string_view kind, Json value, const Attributes& attributes) {
  Json component = Json::object({{std::string(kind), std::move(value)}});
  if (attributes) component.set("attributes", *attributes);
  return component;
}

// As the reference's builders do it: what is 0 long is left out, and attributes that are empty.
void push_retain(Op& op, std::size_t count, Attributes attributes = {}) {
  if (count == 0) return;
  if (attributes && attributes->size() == 0) attributes.reset();
  push(op, Retain{count, std::move(attributes)});
}

// `below` with what `above` does to its attributes.
Component formatted(Component below, const Retain& above) {
  if (auto* insert = std::get_if<Insert>(&below)) {
    insert->attributes = compose(insert->attributes, above.attributes, rich_text::Nulls::remove);
  } else if (auto* retain = std::get_if<Retain>(&below)) {
    retain->attributes = compose(retain->attributes, above.attributes, rich_text::Nulls::keep);
  }
  return below;
}

// Takes what a plain retain at the front of `second` covers, as far as these are whole inserts.
Op take_leading(Reader& first, Reader& second) {
  Op taken;
  if (second.at_end() || !is_plain_retain(second.next())) return taken;
  const std::size_t count = second.left();
  std::size_t left = count;
  while (first.next_is<Insert>() && first.left() <= left) {
    left -= first.left();
    taken.push_back(first.take());
  }
  if (left < count) second.take(count - left);
  return taken;
}

// A cursor of a client, or the end of a selection.
Result<std::size_t> position_in(const Json& range, std::string_view field) {
  const Json* value = range.find(field);
  const auto position = value ? safe_length(*value) : std::nullopt;
  if (!position) {
    return fail(Errc::op_badly_formed, "a range needs a whole number as its " + std::string(field));
  }
  return *position;
}

Op inverse_of(const Retain& retain, const Component& base) {
  const auto* insert = std::get_if<Insert>(&base);
  const auto* kept = std::get_if<Retain>(&base);
  const Attributes none;
  const Attributes& attributes = insert ? insert->attributes : kept ? kept->attributes : none;
  Op op;
  push_retain(op, length(base), rich_text::inverse(retain.attributes, attributes));
  return op;
}

}  // namespace

Result<Json> RichText::create(const Json* data) {
  if (data == nullptr) return Json::array();
  const auto op = parse(*data, SIZE_MAX);
  if (!op) return fail(op.error());
  return to_json(*op);
}

Result<Op> RichText::parse(JsonView in, std::size_t components_max) {
  const JsonView ops = in.find("ops");
  const JsonView list = ops ? ops : in;
  if (!list.is_array()) {
    return fail(Errc::op_badly_formed, "rich text is a list of components, or an object with ops");
  }
  if (list.size() > components_max) return fail_too_many(components_max);
  Op op;
  op.reserve(list.size());
  std::size_t total = 0;
  for (const JsonView element : list.elements()) {
    auto read = read_component(element, op);
    if (!read) return fail(std::move(read.error()));
    total += length(op.back());
    if (total > static_cast<std::size_t>(safe_integer_max)) {
      return fail_at(op.size() - 1, Errc::op_badly_formed, "no text is that long");
    }
  }
  return op;
}

Json RichText::to_json(const Op& op) {
  struct ToJson {
    Json operator()(const Insert& insert) const {
      return with_attributes("insert", insert.content, insert.attributes);
    }
    Json operator()(const Retain& retain) const {
      return with_attributes("retain", retain.count, retain.attributes);
    }
    Json operator()(const Delete& deletion) const {
      return Json::object({{"delete", deletion.count}});
    }
  };
  std::vector<Json> components;
  components.reserve(op.size());
  for (const Component& component : op) components.push_back(std::visit(ToJson{}, component));
  return Json::array(std::move(components));
}

Result<Op> RichText::compose(const Op& first, const Op& second) {
  Reader below(first);
  Reader above(second);
  Op out = take_leading(below, above);
  while (!below.at_end() || !above.at_end()) {
    if (above.next_is<Insert>()) {
      push(out, above.take());
      continue;
    }
    if (below.next_is<Delete>()) {
      push(out, below.take());
      continue;
    }
    const std::size_t count = std::min(below.left(), above.left());
    Component kept = below.take(count);
    const Component change = above.take(count);
    if (is<Delete>(change)) {
      if (is<Retain>(kept)) push(out, change);
      continue;
    }
    kept = formatted(std::move(kept), std::get<Retain>(change));
    push(out, kept);
    if (!above.at_end() || out.back() != kept) continue;
    // From here on everything stays as it is cut.
    const Op rest = below.rest();
    if (rest.empty()) break;
    push(out, rest.front());
    out.insert(out.end(), rest.begin() + 1, rest.end());
    break;
  }
  chop(out);
  return out;
}

Result<Op> RichText::transform(const Op& op, const Op& other, Side side) {
  const bool other_first = side == Side::left;
  Reader ours(op);
  Reader theirs(other);
  Op out;
  while (!ours.at_end() || !theirs.at_end()) {
    if (theirs.next_is<Insert>() && (other_first || !ours.next_is<Insert>())) {
      push_retain(out, length(theirs.take()));
      continue;
    }
    if (ours.next_is<Insert>()) {
      push(out, ours.take());
      continue;
    }
    const std::size_t count = std::min(ours.left(), theirs.left());
    const Component our_part = ours.take(count);
    const Component their_part = theirs.take(count);
    if (is<Delete>(their_part)) continue;
    if (is<Delete>(our_part)) {
      push(out, our_part);
      continue;
    }
    const Attributes& attributes = std::get<Retain>(our_part).attributes;
    const Attributes& their_attributes = std::get<Retain>(their_part).attributes;
    push_retain(out, count,
                other_first ? rich_text::without(attributes, their_attributes) : attributes);
  }
  chop(out);
  return out;
}

Result<Op> RichText::invert_with_doc(const Op& op, const Json& doc) {
  const auto base_op = parse(doc, SIZE_MAX);
  if (!base_op) return fail(Errc::op_not_applied, base_op.error().detail);
  Reader base(*base_op);
  Op inverse;
  for (const Component& component : op) {
    if (is<Insert>(component)) {
      if (length(component) > 0) push(inverse, Delete{length(component)});
      continue;
    }
    if (is_plain_retain(component)) push(inverse, component);
    for (std::size_t left = length(component); left > 0 && !base.at_end();) {
      const Component old = base.take(left);
      left -= length(old);
      if (is<Delete>(component)) {
        push(inverse, old);
      } else if (!is_plain_retain(component)) {
        for (const Component& part : inverse_of(std::get<Retain>(component), old)) {
          push(inverse, part);
        }
      }
    }
  }
  chop(inverse);
  return inverse;
}

std::size_t RichText::transform_cursor(std::size_t position, const Op& op, Author author) {
  std::size_t at = 0;
  for (const Component& component : op) {
    if (at > position) break;
    const std::size_t count = length(component);
    if (is<Delete>(component)) {
      position -= std::min(count, position - at);
      continue;
    }
    const bool moves = at < position || author == Author::self;
    if (is<Insert>(component) && moves) position += count;
    at += count;
  }
  return position;
}

Result<Json> RichText::transform_presence(const Json& range, const Op& op, Author author) {
  if (range.is_null()) return Json();
  const auto index = position_in(range, "index");
  if (!index) return fail(index.error());
  const auto count = position_in(range, "length");
  if (!count) return fail(count.error());
  const std::size_t begin = transform_cursor(*index, op, author);
  const std::size_t end = transform_cursor(*index + *count, op, author);
  Json moved = range;
  moved.set("index", begin);
  moved.set("length", end - begin);
  return moved;
}

}  // namespace segue::ot
