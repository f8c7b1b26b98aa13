// How text-unicode ops are read and checked.
#include <algorithm>

#include "ot/types/parse.h"
#include "ot/types/text_unicode.h"

namespace segue::ot {
namespace {

using Component = TextUnicode::Component;
using Delete = TextUnicode::Delete;
using Insert = TextUnicode::Insert;
using Op = TextUnicode::Op;
using Skip = TextUnicode::Skip;

Result<void> check_text(JsonView in, std::size_t index) {
  if (in.bytes() == 0) return fail_at(index, Errc::op_badly_formed, "there is no text in it");
  if (in.has_lone_surrogate()) {
    return fail_at(index, Errc::op_badly_formed, "its text has a lone surrogate");
  }
  return {};
}

Result<void> check_count(JsonView in, std::size_t index) {
  if (in.number() > 0) return {};
  return fail_at(index, Errc::op_badly_formed, "skips and deletes must be longer than 0");
}

Result<void> check_component(JsonView in, std::size_t index) {
  if (in.is_string()) return check_text(in, index);
  if (in.is_number()) return check_count(in, index);
  if (in.is_bool()) return {};
  const JsonView d = in.find("d");
  if (d && d.is_string()) return check_text(d, index);
  if (d && d.is_number()) return check_count(d, index);
  return fail_at(index, Errc::op_badly_formed, "it is neither skip, insert nor delete");
}

Result<Component> read_component(JsonView in, std::size_t index) {
  const JsonView d = in.find("d");
  if (d && in.size() != 1) {
    return fail_at(index, Errc::op_badly_formed, "a delete has the field d only");
  }
  const JsonView content = d ? d : in;
  if (content.is_string()) {
    Text text = content.text();
    if (text.has_lone_surrogate()) {
      return fail_at(index, Errc::op_badly_formed, "its text has a lone surrogate");
    }
    if (!d) return Insert{std::move(text)};
    const std::size_t count = text.length(Unit::code_point);
    return Delete{count, std::move(text)};
  }
  const auto count = safe_length(content);
  if (!count) {
    return fail_at(index, Errc::op_badly_formed, "it is neither skip, insert nor delete");
  }
  if (d) return Delete{*count, std::nullopt};
  return Skip{*count};
}

}  // namespace

Result<void> TextUnicode::check(JsonView in) {
  if (!in.is_array()) return fail(Errc::op_badly_formed, "a text-unicode op must be an array");
  bool after_skip = false;
  std::size_t index = 0;
  for (const JsonView component : in.elements()) {
    auto checked = check_component(component, index);
    if (!checked) return checked;
    if (after_skip && component.is_number()) {
      return fail_at(index, Errc::op_badly_formed, "two skips in a row must be one");
    }
    after_skip = component.is_number();
    ++index;
  }
  if (after_skip) {
    return fail_at(index - 1, Errc::op_badly_formed, "an op must not end in a skip");
  }
  return {};
}

Result<Op> TextUnicode::read(JsonView in, std::size_t components_max) {
  if (!in.is_array()) return fail(Errc::op_badly_formed, "a text-unicode op must be an array");
  if (in.size() > components_max) return fail_too_many(components_max);
  Op op;
  op.reserve(in.size());
  std::size_t total = 0;
  for (const JsonView element : in.elements()) {
    const std::size_t index = op.size();
    auto component = read_component(element, index);
    if (!component) return fail(std::move(component.error()));
    total += component_length(*component);
    if (total > static_cast<std::size_t>(safe_integer_max)) {
      return fail_at(index, Errc::op_badly_formed, "no text is that long");
    }
    op.push_back(std::move(*component));
  }
  return op;
}

}  // namespace segue::ot
