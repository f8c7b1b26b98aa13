#include <utility>

#include "ot/diff/text_script.h"
#include "ot/types/text_unicode.h"

namespace segue::ot {

TextUnicode::Op TextUnicode::diff(const Text& from, const Text& to) {
  Op op;
  std::size_t from_at = 0;
  std::size_t to_at = 0;
  for (const EditRun& run : text_script(from, to)) {
    switch (run.kind) {
      case EditKind::keep:
        op.skip(run.count);
        from_at += run.count;
        to_at += run.count;
        break;
      case EditKind::erase:
        op.erase(Text(from.slice(from_at, run.count, Unit::code_point)));
        from_at += run.count;
        break;
      case EditKind::insert:
        op.insert(Text(to.slice(to_at, run.count, Unit::code_point)));
        to_at += run.count;
        break;
    }
  }
  return trim(std::move(op));
}

Result<TextUnicode::Op> TextUnicode::diff(const Json& doc, const Json& target) {
  auto created = create(&target);
  if (!created) return fail(std::move(created.error()));
  return diff(doc.text(), created->text());
}

}  // namespace segue::ot
