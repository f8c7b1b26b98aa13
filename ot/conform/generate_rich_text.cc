#include <algorithm>
#include <array>

#include "ot/conform/generate.h"
#include "ot/conform/generate_parts.h"

namespace segue::conform {
namespace {

using ot::Json;
using ot::RichText;
using Insert = RichText::Insert;
using Op = RichText::Op;

// The builder's form, without a retain at the end.
Op canonical(const Op& op) { return *RichText::compose({}, op); }

Json doc_of(const Op& inserts) { return RichText::to_json(canonical(inserts)); }

std::size_t length_of(const Json& doc) {
  std::size_t length = 0;
  doc.for_each_element([&](const Json& insert) { length += *insert.insert_length(); });
  return length;
}

Json bold(const Json& value) { return Json::object({{"bold", value}}); }

Json embedded() { return Json::object({{"image", "i"}}); }

// Ways to go over the `left` units that follow `so_far`.
void collect_ops(std::size_t left, bool may_insert, const Op& so_far, std::vector<Op>& all) {
  if (left == 0) all.push_back(canonical(so_far));
  const auto with = [&](RichText::Component next) {
    Op op = so_far;
    op.push_back(std::move(next));
    return op;
  };
  if (may_insert) {
    collect_ops(left, false, with(Insert{Json("x"), {}}), all);
    collect_ops(left, false, with(Insert{Json("x"), bold(true)}), all);
  }
  if (left == 0) return;
  collect_ops(left - 1, may_insert, with(RichText::Retain{1, {}}), all);
  collect_ops(left - 1, may_insert, with(RichText::Retain{1, bold(true)}), all);
  collect_ops(left - 1, may_insert, with(RichText::Delete{1}), all);
}

}  // namespace

RichText::Attributes Generator<RichText>::attributes() {
  if (random_.below(2) == 0) return std::nullopt;
  const std::array<Json, 3> values = {Json(true), Json("red"), Json::object({{"a", 1}})};
  return Json::object({{random_.below(2) == 0 ? "bold" : "color",  //
                        values.at(random_.below(values.size()))}});
}

RichText::Component Generator<RichText>::insert() {
  if (random_.below(5) == 0) return Insert{embedded(), attributes()};
  std::string text;
  for (std::size_t left = 1 + random_.below(3); left > 0; --left) {
    text += letters.at(random_.below(letters.size()));
  }
  return Insert{Json(text), attributes()};
}

Json Generator<RichText>::doc() {
  Op inserts;
  const std::size_t most = is_long(random_) ? long_size : 4;
  for (std::size_t left = random_.below(most + 1); left > 0; --left) inserts.push_back(insert());
  return doc_of(inserts);
}

Op Generator<RichText>::op(const Json& doc) {
  Op op;
  for (std::size_t left = length_of(doc);;) {
    if (random_.below(3) == 0) op.push_back(insert());
    if (left == 0 || random_.below(8) == 0) return canonical(op);
    const std::size_t count = 1 + random_.below(left);
    const std::size_t kind = random_.below(4);
    if (kind == 0) {
      op.emplace_back(RichText::Delete{count});
    } else {
      auto formatting = kind == 1 ? attributes() : std::nullopt;
      if (formatting && random_.below(3) == 0) formatting->set("bold", Json());
      op.push_back(RichText::Retain{count, std::move(formatting)});
    }
    left -= count;
  }
}

std::vector<Json> Generator<RichText>::tiny_docs() {
  return {doc_of({}),
          doc_of({Insert{Json("a"), {}}}),
          doc_of({Insert{Json("ab"), {}}}),
          doc_of({Insert{Json("a"), {}}, Insert{Json("b"), bold(true)}}),
          doc_of({Insert{embedded(), {}}, Insert{Json("a"), {}}}),
          doc_of({Insert{Json(letters[3]), {}}})};
}

std::vector<Json> Generator<RichText>::all_docs(std::size_t parts) {
  std::vector<Op> all{Op{}};
  for (; parts > 0; --parts) {
    std::vector<Op> longer;
    for (const Op& op : all) {
      for (const Insert& insert :
           {Insert{Json("a"), {}}, Insert{Json("b"), bold(true)}, Insert{embedded(), {}}}) {
        longer.push_back(op);
        longer.back().push_back(insert);
      }
    }
    all = std::move(longer);
  }
  std::vector<Json> docs;
  docs.reserve(all.size());
  for (const Op& op : all) docs.push_back(doc_of(op));
  return docs;
}

std::vector<Op> Generator<RichText>::tiny_ops(const Json& doc) {
  std::vector<Op> all;
  collect_ops(length_of(doc), true, {}, all);
  return all;
}

std::vector<Op> Generator<RichText>::cuts(const Json& doc) {
  std::vector<Op> ops;
  for (const auto& [from, count] : spans_of(length_of(doc))) {
    Op op;
    if (from > 0) op.push_back(RichText::Retain{from, {}});
    op.emplace_back(RichText::Delete{count});
    ops.push_back(std::move(op));
  }
  return ops;
}

}  // namespace segue::conform
