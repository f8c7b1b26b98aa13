// How text-unicode ops are read and checked.
#include <string>
#include <string_view>

#include "ot/types/parse.h"
#include "ot/types/text_unicode.h"

namespace segue::ot {
namespace {

using Kind = TextPart::Kind;
using Op = TextUnicode::Op;

// The texts of components as one. That of the only one is shared.
class Gathered {
 public:
  void add(const Text& text) {
    if (text_.empty() && bytes_.empty()) {
      text_ = text;
      return;
    }
    if (bytes_.empty()) bytes_ = text_.str();
    text.for_each_chunk([this](std::string_view chunk) { bytes_ += chunk; });
  }
  TextPool finish() const { return TextPool(bytes_.empty() ? text_ : Text(bytes_)); }

 private:
  Text text_;
  std::string bytes_;
};

Result<void> check_text(const Json& in, std::size_t index) {
  if (in.text().empty()) return fail_at(index, Errc::op_badly_formed, "there is no text in it");
  if (in.text().has_lone_surrogate()) {
    return fail_at(index, Errc::op_badly_formed, "its text has a lone surrogate");
  }
  return {};
}

Result<void> check_count(const Json& in, std::size_t index) {
  if (in.number() > 0) return {};
  return fail_at(index, Errc::op_badly_formed, "skips and deletes must be longer than 0");
}

Result<void> check_component(const Json& in, std::size_t index) {
  if (in.is_string()) return check_text(in, index);
  if (in.is_number()) return check_count(in, index);
  if (in.is_bool()) return {};
  const Json* d = in.find("d");
  if (d != nullptr && d->is_string()) return check_text(*d, index);
  if (d != nullptr && d->is_number()) return check_count(*d, index);
  return fail_at(index, Errc::op_badly_formed, "it is neither skip, insert nor delete");
}

// Does not take the text, where there is one.
Result<TextPart> read_part(const Json& in, const Json* d, std::size_t index) {
  if (d != nullptr && in.size() != 1) {
    return fail_at(index, Errc::op_badly_formed, "a delete has the field d only");
  }
  const Json& content = d ? *d : in;
  if (content.is_string()) {
    if (content.text().has_lone_surrogate()) {
      return fail_at(index, Errc::op_badly_formed, "its text has a lone surrogate");
    }
    return TextPart(d ? Kind::erase_text : Kind::insert, content.text().length(Unit::code_point));
  }
  const auto count = safe_length(content);
  if (!count) {
    return fail_at(index, Errc::op_badly_formed, "it is neither skip, insert nor delete");
  }
  return TextPart(d ? Kind::erase : Kind::skip, *count);
}

}  // namespace

Result<void> TextUnicode::check(const Json& in) {
  if (!in.is_array()) return fail(Errc::op_badly_formed, "a text-unicode op must be an array");
  const Json* before = nullptr;
  for (std::size_t index = 0; index < in.size(); ++index) {
    const Json& component = in[index];
    auto checked = check_component(component, index);
    if (!checked) return checked;
    if (before != nullptr && before->is_number() && component.is_number()) {
      return fail_at(index, Errc::op_badly_formed, "two skips in a row must be one");
    }
    before = &component;
  }
  if (before != nullptr && before->is_number()) {
    return fail_at(in.size() - 1, Errc::op_badly_formed, "an op must not end in a skip");
  }
  return {};
}

Result<Op> TextUnicode::read(const Json& in, std::size_t components_max) {
  if (!in.is_array()) return fail(Errc::op_badly_formed, "a text-unicode op must be an array");
  if (in.size() > components_max) return fail_too_many(components_max);
  Op op;
  op.parts.reserve(in.size());
  Gathered inserted;
  Gathered deleted;
  std::size_t total = 0;
  for (std::size_t index = 0; index < in.size(); ++index) {
    const Json& component = in[index];
    const Json* d = component.find("d");
    const auto part = read_part(component, d, index);
    if (!part) return fail(part.error());
    total += part->count();
    if (total > TextPart::count_max) {
      return fail_at(index, Errc::op_badly_formed, "no text is that long");
    }
    op.parts.push_back(*part);
    if (part->inserts()) inserted.add(component.text());
    if (part->kind() == Kind::erase_text) deleted.add(d->text());
  }
  op.inserted = inserted.finish();
  op.deleted = deleted.finish();
  return op;
}

}  // namespace segue::ot
