// compose() of text-unicode: the parts of the second op are laid over those of the first.
#include <algorithm>
#include <utility>

#include "ot/types/text_edit.h"
#include "ot/types/text_unicode.h"

namespace segue::ot {
namespace {

using Kind = TextPart::Kind;
using Op = TextUnicode::Op;

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
      const std::size_t covered = next.erases() ? 0 : next.count();
      if (covered > left) return skip_within(next, left);
      out_.append(next);
      inserted_.keep(next.inserts() ? covered : 0);
      if (next.kind() == Kind::erase_text) deleted_.keep(next.count());
      first_.pass_all();
      left -= covered;
    }
  }
  void skip_within(TextPart next, std::size_t count) {
    out_.append({next.kind(), count});
    inserted_.keep(next.inserts() ? count : 0);
    first_.pass_within(count);
    first_.make_endless();
  }

  void erase(TextPart second) {
    for (std::size_t left = second.count(); left > 0;) {
      const TextPart next = first_.next();
      if (next.erases()) {
        out_.append(next);
        if (next.kind() == Kind::erase_text) deleted_.keep(next.count());
        first_.pass_all();
        continue;
      }
      const std::size_t count = std::min(next.count(), left);
      erase_within(next, second.kind(), count);
      first_.pass(count);
      first_.make_endless();
      left -= count;
    }
  }
  void erase_within(TextPart next, Kind kind, std::size_t count) {
    if (next.inserts()) {
      inserted_.drop(count);
      if (kind == Kind::erase_text) deleted_.pass(count);
    } else {
      out_.append({kind, count});
      if (kind == Kind::erase_text) deleted_.add(count);
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

// A composed op, but for what it says to delete.
template <class Deleted>
Op compose_inserted(const Op& first, const Op& second, Deleted& deleted) {
  const std::size_t steps = first.parts.size() + second.parts.size();
  if (first.inserted.empty()) {
    NoText inserted;
    auto parts = compose_parts(first.parts, second.parts, inserted, deleted);
    return Op{std::move(parts), second.inserted, {}};
  }
  if (ShortTextEdit::fits(first.inserted, steps) && ShortTextEdit::fits(second.inserted, steps)) {
    ShortTextEdit inserted(first.inserted, second.inserted);
    auto parts = compose_parts(first.parts, second.parts, inserted, deleted);
    return Op{std::move(parts), inserted.finish(), {}};
  }
  TextEdit inserted(steps);
  auto parts = compose_parts(first.parts, second.parts, inserted, deleted);
  return Op{std::move(parts), inserted.apply(first.inserted, second.inserted), {}};
}

}  // namespace

Result<Op> TextUnicode::compose(const Op& first, const Op& second) {
  if (first.deleted.empty() && second.deleted.empty()) {
    NoText deleted;
    return compose_inserted(first, second, deleted);
  }
  DeletedTexts deleted(first.parts.size() + second.parts.size());
  Op composed = compose_inserted(first, second, deleted);
  composed.deleted = deleted.apply(first.deleted, second.deleted);
  return is_normal(composed.parts) ? std::move(composed) : normalize(composed);
}

}  // namespace segue::ot
