#include "ot/types/text_unicode.h"

#include <algorithm>
#include <string>
#include <vector>

#include "ot/types/text_edit.h"

namespace segue::ot {
namespace {

using Kind = TextPart::Kind;
using Op = TextUnicode::Op;

std::size_t length(const Text& text) { return text.length(Unit::code_point); }

// Whether normalize() would change nothing.
bool is_normal(const TextParts& parts) {
  const TextPart* before = nullptr;
  for (const TextPart& part : parts) {
    if (part.count() == 0) return false;
    if (before != nullptr && part.kind() == before->kind()) return false;
    if (before != nullptr && part.erases() && before->erases()) return false;
    before = &part;
  }
  return before == nullptr || before->kind() != Kind::skip;
}

// For what was put together where some deletes say their text: with others in a row they must not.
Op finished(Op op) { return is_normal(op.parts) ? std::move(op) : TextUnicode::normalize(op); }

// What becomes of texts where there are none.
struct NoText {
  void keep(std::size_t /*count*/) {}
  void drop(std::size_t /*count*/) {}
  void add(std::size_t /*count*/) {}
  void pass(std::size_t /*count*/) {}
};

// `deleted` is told what becomes of what the deletes of `op` say.
template <class Deleted>
TextPartsWriter transform_over(const TextParts& other, TextPartsReader op, Side side,
                               TextPartsWriter out, Deleted& deleted) {
  for (const TextPart over : other) {
    op.make_endless();
    if (over.inserts()) {
      // Only the part that comes next decides a tie, not an insert behind a delete.
      if (side == Side::left && op.next().inserts()) {
        out.append(op.next());
        op.pass(op.next().count());
      }
      out.append({Kind::skip, over.count()});
      continue;
    }
    const bool is_kept = !over.erases();
    for (std::size_t left = over.count(); left > 0;) {
      const TextPart next = op.next();
      const std::size_t covered = next.inserts() ? 0 : std::min(next.count(), left);
      const std::size_t count = next.inserts() ? next.count() : covered;
      out.append({next.kind(), is_kept || next.inserts() ? count : 0});
      if (next.kind() == Kind::erase_text) is_kept ? deleted.keep(count) : deleted.drop(count);
      op.pass(count);
      left -= covered;
    }
  }
  out.append(op);
  return out;
}

template <class Deleted>
TextParts transform_parts(const TextParts& op, const TextParts& other, Side side,
                          Deleted& deleted) {
  auto parts = TextParts::written(op.size() + other.size(), [&](TextPartsWriter out) {
    return transform_over(other, TextPartsReader(op), side, out, deleted);
  });
  parts.trim();
  return parts;
}

// What becomes of what two ops delete.
class DeletedTexts {
 public:
  explicit DeletedTexts(std::size_t steps) : first_(steps), second_(steps) {}

  void keep(std::size_t count) { first_.keep(count); }  // of what the first one deletes
  void add(std::size_t count) {                         // of what the second one deletes
    first_.add(count);
    second_.keep(count);
  }
  void pass(std::size_t count) { second_.drop(count); }
  TextPool apply(const TextPool& first, const TextPool& second) const {
    return first_.apply(first, second_.apply(second, {}));
  }

 private:
  TextEdit first_;
  TextEdit second_;
};

// Lays a second op over a first one. `inserted` and `deleted` are told what becomes of the texts
// of both.
template <class Inserted, class Deleted>
class ComposeOver {
 public:
  ComposeOver(TextPartsReader first, TextPartsWriter out, Inserted& inserted, Deleted& deleted)
      : first_(first), out_(out), inserted_(inserted), deleted_(deleted) {}

  void operator()(TextPart second) {
    first_.make_endless();
    if (second.kind() == Kind::skip) {
      skip(second.count());
    } else if (second.inserts()) {
      out_.append(second);
      inserted_.add(second.count());
    } else {
      erase(second);
    }
  }
  TextPartsWriter finish() {
    out_.append(first_);
    return out_;
  }

 private:
  void skip(std::size_t left) {
    while (left > 0) {
      const TextPart next = first_.next();
      const std::size_t covered = next.erases() ? 0 : std::min(next.count(), left);
      const std::size_t count = next.erases() ? next.count() : covered;
      out_.append({next.kind(), count});
      inserted_.keep(next.inserts() ? count : 0);
      if (next.kind() == Kind::erase_text) deleted_.keep(count);
      first_.pass(count);
      left -= covered;
    }
  }

  void erase(TextPart second) {
    for (std::size_t left = second.count(); left > 0;) {
      const TextPart next = first_.next();
      const std::size_t covered = next.erases() ? 0 : std::min(next.count(), left);
      const std::size_t count = next.erases() ? next.count() : covered;
      out_.append({next.erases() ? next.kind() : second.kind(), next.inserts() ? 0 : count});
      if (next.inserts()) inserted_.drop(count);
      if (next.kind() == Kind::erase_text) deleted_.keep(count);
      if (second.kind() == Kind::erase_text) {
        next.inserts() ? deleted_.pass(covered) : deleted_.add(covered);
      }
      first_.pass(count);
      left -= covered;
    }
  }

  TextPartsReader first_;
  TextPartsWriter out_;
  Inserted& inserted_;
  Deleted& deleted_;
};

template <class Inserted, class Deleted>
TextParts compose_parts(const TextParts& first, const TextParts& second, Inserted& inserted,
                        Deleted& deleted) {
  auto parts = TextParts::written(first.size() + second.size(), [&](TextPartsWriter out) {
    ComposeOver composed(TextPartsReader(first), out, inserted, deleted);
    for (const TextPart part : second) composed(part);
    return composed.finish();
  });
  parts.trim();
  return parts;
}

// Whether every skip of `parts` stays inside a text of this length.
bool fits(const TextParts& parts, std::size_t text_length) {
  std::size_t position = 0;
  for (const TextPart part : parts) {
    if (part.inserts()) {
      text_length += part.count();
      position += part.count();
    } else if (part.erases()) {
      text_length -= std::min(part.count(), text_length - position);
    } else {
      if (part.count() > text_length - position) return false;
      position += part.count();
    }
  }
  return true;
}

// An insert that is all of them is shared.
Json shown(const TextPool& all, TextPieces& pieces, std::size_t count) {
  return count == all.length() ? Json(all.text()) : Json(Text(pieces.next(count)));
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
  auto op = read(in, components_max);
  if (op && is_normal(op->parts)) return op;  // check() would find nothing
  auto checked = check(in);
  if (!checked) return fail(std::move(checked.error()));
  if (op) *op = normalize(*op);
  return op;
}

Json TextUnicode::to_json(const Op& op) {
  TextPieces inserted(op.inserted);
  TextPieces deleted(op.deleted);
  std::vector<Json> components;
  components.reserve(op.parts.size());
  for (const TextPart part : op.parts) {
    switch (part.kind()) {
      case Kind::skip:
        components.emplace_back(part.count());
        break;
      case Kind::insert:
        components.push_back(shown(op.inserted, inserted, part.count()));
        break;
      case Kind::erase:
        components.push_back(Json::object({{"d", part.count()}}));
        break;
      case Kind::erase_text:
        components.push_back(Json::object({{"d", shown(op.deleted, deleted, part.count())}}));
        break;
    }
  }
  return Json::array(std::move(components));
}

Result<void> TextUnicode::apply(Json& doc, const Op& op) {
  if (!doc.is_string()) return fail(Errc::op_not_applied, "text-unicode edits strings only");
  if (auto fitting = check_fits(op, doc.text()); !fitting) return fitting;
  doc.edit_text([&](Text& text) { edit_text(text, op.parts.span(), op.inserted); });
  return {};
}

Result<void> TextUnicode::check_fits(const Op& op, const Text& text) {
  if (fits(op.parts, length(text))) return {};
  return fail(Errc::op_not_applied, "the op skips past the end of the text");
}

Result<Op> TextUnicode::transform(const Op& op, const Op& other, Side side) {
  if (op.deleted.empty()) {
    NoText deleted;
    return Op{transform_parts(op.parts, other.parts, side, deleted), op.inserted, {}};
  }
  TextEdit deleted(op.parts.size() + other.parts.size());
  auto parts = transform_parts(op.parts, other.parts, side, deleted);
  return finished({std::move(parts), op.inserted, deleted.apply(op.deleted, {})});
}

Result<Op> TextUnicode::compose(const Op& first, const Op& second) {
  const std::size_t steps = first.parts.size() + second.parts.size();
  TextEdit inserted(steps);
  if (first.deleted.empty() && second.deleted.empty()) {
    NoText deleted;
    auto parts = compose_parts(first.parts, second.parts, inserted, deleted);
    return Op{std::move(parts), inserted.apply(first.inserted, second.inserted), {}};
  }
  DeletedTexts deleted(steps);
  auto parts = compose_parts(first.parts, second.parts, inserted, deleted);
  return finished({std::move(parts), inserted.apply(first.inserted, second.inserted),
                   deleted.apply(first.deleted, second.deleted)});
}

Op TextUnicode::normalize(const Op& op) {
  TextPieces inserted(op.inserted);
  TextPieces deleted(op.deleted);
  Op normal;
  for (const TextPart part : op.parts) {
    switch (part.kind()) {
      case Kind::skip:
        normal.skip(part.count());
        break;
      case Kind::insert:
        normal.insert(Text(inserted.next(part.count())));
        break;
      case Kind::erase:
        normal.erase(part.count());
        break;
      case Kind::erase_text:
        normal.erase(Text(deleted.next(part.count())));
        break;
    }
  }
  return trim(std::move(normal));
}

Op TextUnicode::trim(Op op) {
  op.parts.trim();
  return op;
}

Result<Op> TextUnicode::invert(const Op& op) {
  if (!is_invertible(op)) {
    return fail(Errc::op_badly_formed, "a delete must say its text to be inverted");
  }
  Op inverse{{}, op.deleted, op.inserted};
  inverse.parts.reserve(op.parts.size());
  for (const TextPart part : op.parts) {
    const Kind undo = part.inserts() ? Kind::erase_text : part.erases() ? Kind::insert : Kind::skip;
    inverse.parts.append({undo, part.count()});
  }
  return trim(std::move(inverse));
}

bool TextUnicode::is_invertible(const Op& op) {
  return std::none_of(op.parts.begin(), op.parts.end(),
                      [](TextPart part) { return part.kind() == Kind::erase; });
}

Op TextUnicode::make_invertible(const Op& op, const Json& doc) {
  const Text& text = doc.text();
  const std::size_t end = length(text);
  TextPieces deleted(op.deleted);
  Op invertible{{}, op.inserted, {}};
  std::size_t position = 0;  // in the document before the op
  for (const TextPart part : op.parts) {
    const std::size_t from = std::min(position, end);
    if (part.kind() == Kind::erase) {
      const std::size_t count = std::min(part.count(), end - from);
      invertible.erase(Text(text.slice(from, count, Unit::code_point)));
    } else if (part.kind() == Kind::erase_text) {
      invertible.erase(Text(deleted.next(part.count())));
    } else {
      invertible.parts.append(part);
    }
    if (!part.inserts()) position += part.count();
  }
  return trim(std::move(invertible));
}

Op TextUnicode::undo_of(const Op& op, const Text& text) {
  Op undo;
  undo.parts.reserve(op.parts.size());
  std::size_t position = 0;  // in the text before the op
  for (const TextPart part : op.parts) {
    if (part.inserts()) {
      undo.erase(part.count());
      continue;
    }
    const std::size_t count = std::min(part.count(), length(text) - position);
    if (part.erases()) {
      undo.insert(Text(text.slice(position, count, Unit::code_point)));
    } else {
      undo.skip(count);
    }
    position += count;
  }
  return undo;
}

Op TextUnicode::strip_invertible(const Op& op) {
  Op stripped{{}, op.inserted, {}};
  for (const TextPart part : op.parts) {
    stripped.parts.append(part.erases() ? TextPart(Kind::erase, part.count()) : part);
  }
  return trim(std::move(stripped));
}

std::size_t TextUnicode::transform_position(std::size_t position, const Op& op) {
  std::size_t at = 0;
  for (const TextPart part : op.parts) {
    if (at >= position) break;
    if (part.erases()) {
      position -= std::min(part.count(), position - at);
    } else {
      at += part.count();
      if (part.inserts()) position += part.count();
    }
  }
  return position;
}

}  // namespace segue::ot
