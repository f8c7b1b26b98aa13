#include "ot/types/text_unicode.h"

#include <algorithm>
#include <string>

#include "ot/types/parse.h"

namespace segue::ot {
namespace {

using Component = TextUnicode::Component;
using Delete = TextUnicode::Delete;
using Insert = TextUnicode::Insert;
using Op = TextUnicode::Op;
using Skip = TextUnicode::Skip;

std::size_t length(const Text& text) { return text.length(Unit::code_point); }
std::size_t length(const Insert& insert) { return length(insert.text); }
std::size_t length(const Component& component) { return TextUnicode::component_length(component); }

template <class Kind>
bool is(const Component& component) {
  return std::holds_alternative<Kind>(component);
}

Text slice(const Text& text, std::size_t from, std::size_t count) {
  return Text(text.slice(from, count, Unit::code_point));
}
void append_text(Text& text, const Text& tail) {
  text.insert(length(text), tail, Unit::code_point);
}

Insert slice(const Insert& insert, std::size_t from, std::size_t count) {
  return Insert{slice(insert.text, from, count)};
}
Delete slice(const Delete& deletion, std::size_t from, std::size_t count) {
  if (!deletion.text) return Delete{count, std::nullopt};
  return Delete{count, slice(*deletion.text, from, count)};
}

// No text is that long, so that a sum of counts may stop there instead of wrapping around.
std::size_t sum(std::size_t a, std::size_t b) {
  return std::min(a + b, static_cast<std::size_t>(safe_integer_max));
}

void merge(Skip& last, const Skip& next) { last.count = sum(last.count, next.count); }
void merge(Insert& last, const Insert& next) { append_text(last.text, next.text); }
void merge(Delete& last, const Delete& next) {
  last.count = sum(last.count, next.count);
  if (last.text && next.text) {
    append_text(*last.text, *next.text);
  } else {
    last.text.reset();
  }
}

bool is_empty(const Insert& insert) { return insert.text.empty(); }
template <class Counted>
bool is_empty(const Counted& part) {
  return part.count == 0;
}

// As std::visit, which GCC makes an indirect call of.
template <class Visitor>
void dispatch(Visitor&& visitor, const Component& component) {
  if (const auto* skip = std::get_if<Skip>(&component)) return visitor(*skip);
  if (const auto* insert = std::get_if<Insert>(&component)) return visitor(*insert);
  visitor(std::get<Delete>(component));
}

// These two put something behind `op` in canonical form.
template <class Kind>
void append(Op& op, Kind part) {
  if (is_empty(part)) return;
  auto* last = op.empty() ? nullptr : std::get_if<Kind>(&op.back());
  if (last != nullptr) {
    merge(*last, part);
  } else {
    op.emplace_back(std::move(part));
  }
}

void append(Op& op, const Component& component) {
  dispatch([&](const auto& part) { append(op, part); }, component);
}

// Whether normalize() would change nothing.
bool is_normal(const Op& op) {
  for (std::size_t i = 0; i < op.size(); ++i) {
    if (length(op[i]) == 0 || (i > 0 && op[i].index() == op[i - 1].index())) return false;
  }
  return op.empty() || !is<Skip>(op.back());
}

// Hands out an op in pieces, however its components are cut. Past its end lies an endless skip.
class Reader {
 public:
  explicit Reader(const Op& op) : op_(op) { measure(); }

  bool at_end() const { return index_ == op_.size(); }
  template <class Kind>
  bool next_is() const {
    return at_end() ? std::is_same_v<Kind, Skip> : is<Kind>(op_[index_]);
  }
  // How much of what comes next there is, up to `count_max`.
  std::size_t left(std::size_t count_max) const {
    return at_end() ? count_max : std::min(count_max, left_);
  }
  // Puts so much of what comes next behind `out`. REQUIRES: count <= left(count).
  void copy_to(Op& out, std::size_t count) {
    if (next_is<Skip>()) {
      append(out, Skip{count});
    } else if (const auto* insert = std::get_if<Insert>(&op_[index_])) {
      append(out, is_whole(count) ? *insert : slice(*insert, offset_, count));
    } else {
      const auto& deletion = std::get<Delete>(op_[index_]);
      append(out, is_whole(count) ? deletion : slice(deletion, offset_, count));
    }
    pass(count);
  }
  // REQUIRES: !at_end(). What is left of the next component.
  void copy_to(Op& out) { copy_to(out, left_); }
  // Leaves out as much.
  void pass(std::size_t count) {
    if (at_end()) return;
    offset_ += count;
    left_ -= count;
    if (left_ > 0) return;
    ++index_;
    offset_ = 0;
    measure();
  }

 private:
  void measure() { left_ = at_end() ? 0 : length(op_[index_]); }
  bool is_whole(std::size_t count) const { return offset_ == 0 && count == left_; }

  const Op& op_;
  std::size_t index_ = 0;
  std::size_t offset_ = 0;  // into the next component
  std::size_t left_ = 0;    // of the next component
};

// Transforms an op over the components of another one, in order.
class TransformOver {
 public:
  TransformOver(const Op& op, const Op& other, Side side) : reader_(op), side_(side) {
    out_.reserve(op.size() + other.size() + 1);
  }

  void operator()(const Skip& other) {
    for (std::size_t left = other.count; left > 0;) {
      if (reader_.next_is<Insert>()) {
        reader_.copy_to(out_);
        continue;
      }
      const std::size_t count = reader_.left(left);
      reader_.copy_to(out_, count);
      left -= count;
    }
  }

  // Only the component that comes next decides a tie, not an insert behind a delete.
  void operator()(const Insert& other) {
    const bool goes_first = side_ == Side::left && reader_.next_is<Insert>();
    if (goes_first) reader_.copy_to(out_);
    append(out_, Skip{length(other)});
  }

  void operator()(const Delete& other) {
    for (std::size_t left = other.count; left > 0;) {
      if (reader_.next_is<Insert>()) {
        reader_.copy_to(out_);
        continue;
      }
      const std::size_t count = reader_.left(left);
      reader_.pass(count);
      left -= count;
    }
  }

  Op finish() {
    while (!reader_.at_end()) reader_.copy_to(out_);
    return TextUnicode::trim(std::move(out_));
  }

 private:
  Reader reader_;
  Side side_;
  Op out_;
};

// Lays the components of a second op over a first one, in order.
class ComposeOver {
 public:
  ComposeOver(const Op& first, const Op& second) : reader_(first) {
    out_.reserve(first.size() + second.size() + 1);
  }

  void operator()(const Skip& second) {
    for (std::size_t left = second.count; left > 0;) {
      if (reader_.next_is<Delete>()) {
        reader_.copy_to(out_);
        continue;
      }
      const std::size_t count = reader_.left(left);
      reader_.copy_to(out_, count);
      left -= count;
    }
  }

  void operator()(const Insert& second) { append(out_, second); }

  void operator()(const Delete& second) {
    for (std::size_t done = 0; done < second.count;) {
      if (reader_.next_is<Delete>()) {
        reader_.copy_to(out_);
        continue;
      }
      const std::size_t count = reader_.left(second.count - done);
      if (reader_.next_is<Skip>()) append(out_, slice(second, done, count));
      reader_.pass(count);
      done += count;
    }
  }

  Op finish() {
    while (!reader_.at_end()) reader_.copy_to(out_);
    return TextUnicode::trim(std::move(out_));
  }

 private:
  Reader reader_;
  Op out_;
};

// Whether every skip of `op` stays inside a text of this length.
bool fits(const Op& op, std::size_t text_length) {
  std::size_t position = 0;
  for (const Component& component : op) {
    const std::size_t count = length(component);
    if (is<Skip>(component)) {
      if (count > text_length - position) return false;
      position += count;
    } else if (is<Insert>(component)) {
      text_length += count;
      position += count;
    } else {
      text_length -= std::min(count, text_length - position);
    }
  }
  return true;
}

void edit(Text& text, const Op& op) {
  std::size_t position = 0;
  for (const Component& component : op) {
    const std::size_t count = length(component);
    if (is<Delete>(component)) {
      text.erase(position, std::min(count, length(text) - position), Unit::code_point);
      continue;
    }
    if (const auto* insert = std::get_if<Insert>(&component)) {
      text.insert(position, insert->text, Unit::code_point);
    }
    position += count;
  }
}

// A text of less than this many bytes for each component is written anew, which then costs less
// than finding each place.
constexpr std::size_t bytes_per_component = 128;

// What edit() makes of a short text, in one pass over it.
std::string edited(const std::string& text, const Op& op) {
  std::string out;
  out.reserve(text.size() + bytes_per_component);
  std::string_view rest = text;
  const auto take = [&](std::size_t count) {
    const std::size_t bytes = find_byte(rest, count, Unit::code_point).byte;
    const std::string_view taken = rest.substr(0, bytes);
    rest.remove_prefix(bytes);
    return taken;
  };
  for (const Component& component : op) {
    if (const auto* skip = std::get_if<Skip>(&component)) {
      out += take(skip->count);
    } else if (const auto* insert = std::get_if<Insert>(&component)) {
      insert->text.for_each_chunk([&](std::string_view chunk) { out += chunk; });
    } else {
      take(std::get<Delete>(component).count);
    }
  }
  return out.append(rest);
}

}  // namespace

Result<Json> TextUnicode::create(const Json* data) {
  if (data == nullptr) return Json("");
  if (!data->is_string()) return fail(Errc::op_badly_formed, "the initial data must be a string");
  if (data->text().has_lone_surrogate()) {
    return fail(Errc::bad_string, "the initial data has a lone surrogate");
  }
  return *data;
}

Result<Op> TextUnicode::parse(JsonView in, std::size_t components_max) {
  auto checked = check(in);
  if (!checked) return fail(std::move(checked.error()));
  auto op = read(in, components_max);
  if (op && !is_normal(*op)) *op = normalize(*op);
  return op;
}

Json TextUnicode::to_json(const Op& op) {
  struct ToJson {
    Json operator()(const Skip& skip) const { return skip.count; }
    Json operator()(const Insert& insert) const { return Json(insert.text); }
    Json operator()(const Delete& deletion) const {
      const Json d = deletion.text ? Json(*deletion.text) : Json(deletion.count);
      return Json::object({{"d", d}});
    }
  };
  std::vector<Json> components;
  for (const Component& component : op) components.push_back(std::visit(ToJson{}, component));
  return Json::array(std::move(components));
}

Result<void> TextUnicode::apply(Json& doc, const Op& op) {
  if (!doc.is_string()) return fail(Errc::op_not_applied, "text-unicode edits strings only");
  if (auto fitting = check_fits(op, doc.text()); !fitting) return fitting;
  const bool is_short = doc.text().bytes() < bytes_per_component * op.size();
  if (is_short && op.size() > 2) {
    doc = Json(Text(edited(doc.str(), op)));
  } else {
    doc.edit_text([&](Text& text) { edit(text, op); });
  }
  return {};
}

Result<void> TextUnicode::check_fits(const Op& op, const Text& text) {
  if (fits(op, length(text))) return {};
  return fail(Errc::op_not_applied, "the op skips past the end of the text");
}

Result<Op> TextUnicode::transform(const Op& op, const Op& other, Side side) {
  TransformOver transformed(op, other, side);
  for (const Component& component : other) dispatch(transformed, component);
  return transformed.finish();
}

Result<Op> TextUnicode::compose(const Op& first, const Op& second) {
  ComposeOver composed(first, second);
  for (const Component& component : second) dispatch(composed, component);
  return composed.finish();
}

Op TextUnicode::normalize(const Op& op) {
  Op normal;
  for (const Component& component : op) append(normal, component);
  return trim(std::move(normal));
}

Op TextUnicode::trim(Op op) {
  if (!op.empty() && is<Skip>(op.back())) op.pop_back();
  return op;
}

Result<Op> TextUnicode::invert(const Op& op) {
  if (!is_invertible(op)) {
    return fail(Errc::op_badly_formed, "a delete must say its text to be inverted");
  }
  struct Inverse {
    Component operator()(const Skip& skip) const { return skip; }
    Component operator()(const Insert& insert) const {
      return Delete{length(insert.text), insert.text};
    }
    Component operator()(const Delete& deletion) const { return Insert{*deletion.text}; }
  };
  Op inverse;
  for (const Component& component : op) append(inverse, std::visit(Inverse{}, component));
  return trim(std::move(inverse));
}

bool TextUnicode::is_invertible(const Op& op) {
  return std::all_of(op.begin(), op.end(), [](const Component& component) {
    const auto* deletion = std::get_if<Delete>(&component);
    return deletion == nullptr || deletion->text;
  });
}

Op TextUnicode::make_invertible(const Op& op, const Json& doc) {
  const Text& text = doc.text();
  const std::size_t end = length(text);
  Op invertible;
  std::size_t position = 0;  // in the document before the op
  for (const Component& component : op) {
    const auto* deletion = std::get_if<Delete>(&component);
    if (deletion != nullptr && !deletion->text) {
      const std::size_t from = std::min(position, end);
      const std::size_t count = std::min(deletion->count, end - from);
      append(invertible, Delete{count, slice(text, from, count)});
    } else {
      append(invertible, component);
    }
    if (!is<Insert>(component)) position += length(component);
  }
  return trim(std::move(invertible));
}

Op TextUnicode::undo_of(const Op& op, const Text& text) {
  Op undo;
  undo.reserve(op.size());
  std::size_t position = 0;  // in the text before the op
  for (const Component& component : op) {
    if (const auto* insert = std::get_if<Insert>(&component)) {
      append(undo, Delete{length(*insert), std::nullopt});
    } else if (is<Skip>(component)) {
      append(undo, component);
      position += length(component);
    } else {
      const std::size_t count = std::min(length(component), length(text) - position);
      append(undo, Insert{slice(text, position, count)});
      position += count;
    }
  }
  return undo;
}

Op TextUnicode::strip_invertible(const Op& op) {
  Op stripped;
  for (const Component& component : op) {
    const bool deletes = is<Delete>(component);
    append(stripped, deletes ? Component(Delete{length(component), std::nullopt}) : component);
  }
  return trim(std::move(stripped));
}

std::size_t TextUnicode::transform_position(std::size_t position, const Op& op) {
  std::size_t at = 0;
  for (const Component& component : op) {
    if (at >= position) break;
    const std::size_t count = length(component);
    if (is<Delete>(component)) {
      position -= std::min(count, position - at);
    } else {
      at += count;
      if (is<Insert>(component)) position += count;
    }
  }
  return position;
}

}  // namespace segue::ot
