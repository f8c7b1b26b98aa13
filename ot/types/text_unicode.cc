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

// For what was put together where some deletes say their text: with others in a row they must not.
Op finished(Op op) { return is_normal(op.parts) ? std::move(op) : TextUnicode::normalize(op); }

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
