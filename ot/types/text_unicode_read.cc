// How text-unicode ops are read and checked.
#include <string>
#include <string_view>

#include "ot/types/parse.h"
#include "ot/types/text_unicode.h"

namespace segue::ot {
namespace {

using Kind = TextPart::Kind;
using Op = TextUnicode::Op;

// The texts of components as one. That of the only one is shared, if it is long.
class Gathered {
 public:
  // `length` is in code points.
  void add(JsonView text, std::size_t length) {
    length_ += length;
    if (count_++ == 0) {
      first_ = text;
      return;
    }
    if (count_ == 2) bytes_ = first_.str();
    bytes_ += text.string(room_);
  }
  TextPool finish() {
    if (count_ == 0) return {};
    if (count_ > 1) return {bytes_, length_};
    if (!TextPool::holds(first_.bytes())) return TextPool(first_.text());
    return {first_.string(room_), length_};
  }

 private:
  std::size_t count_ = 0;
  std::size_t length_ = 0;
  JsonView first_;
  std::string bytes_;
  std::string room_;
};

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

// Does not take the text, where there is one.
Result<TextPart> read_part(JsonView in, JsonView d, std::size_t index) {
  if (d && in.size() != 1) {
    return fail_at(index, Errc::op_badly_formed, "a delete has the field d only");
  }
  const JsonView content = d ? d : in;
  if (content.is_string()) {
    if (content.has_lone_surrogate()) {
      return fail_at(index, Errc::op_badly_formed, "its text has a lone surrogate");
    }
    return TextPart(d ? Kind::erase_text : Kind::insert, content.length(Unit::code_point));
  }
  const auto count = safe_length(content);
  if (!count) {
    return fail_at(index, Errc::op_badly_formed, "it is neither skip, insert nor delete");
  }
  return TextPart(d ? Kind::erase : Kind::skip, *count);
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
  op.parts.reserve(in.size());
  Gathered inserted;
  Gathered deleted;
  std::size_t total = 0;
  for (const JsonView component : in.elements()) {
    const std::size_t index = op.parts.size();
    const JsonView d = component.is_object() ? component.find("d") : JsonView();
    const auto part = read_part(component, d, index);
    if (!part) return fail(part.error());
    total += part->count();
    if (total > TextPart::count_max) {
      return fail_at(index, Errc::op_badly_formed, "no text is that long");
    }
    op.parts.push_back(*part);
    if (part->inserts()) inserted.add(component, part->count());
    if (part->kind() == Kind::erase_text) deleted.add(d, part->count());
  }
  op.inserted = inserted.finish();
  op.deleted = deleted.finish();
  return op;
}

}  // namespace segue::ot
