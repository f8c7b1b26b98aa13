// Documents and ops per type, for the law tests and for comparing implementations: random ones, all
// of a few tiny documents, and all documents of so many parts.
//
// Names, letters and numbers are few, so that edits collide. A type without a Generator does not
// compile into the law tests.
#pragma once

#include <string>
#include <vector>

#include "ot/conform/random.h"
#include "ot/json.h"
#include "ot/types/json0.h"
#include "ot/types/json1.h"
#include "ot/types/rich_text.h"
#include "ot/types/text0.h"
#include "ot/types/text_unicode.h"

namespace segue::conform {

// One concurrent situation: a document and ops on it. Each has what Text0's has; cuts() are ops
// that take something out of a document, the largest parts first.
template <class T>
class Generator;

template <>
class Generator<ot::Text0> {
 public:
  explicit Generator(Random& random) : random_(random) {}

  ot::Json doc();
  // An op that applies to `doc`. Deletes name the text that is there.
  ot::Text0::Op op(const ot::Json& doc);

  static std::vector<ot::Json> tiny_docs();
  // All of so many letters.
  static std::vector<ot::Json> all_docs(std::size_t parts);
  // All ops of one component.
  static std::vector<ot::Text0::Op> tiny_ops(const ot::Json& doc);
  static std::vector<ot::Text0::Op> cuts(const ot::Json& doc);

 private:
  Random& random_;
};

// The reference diverges where si and sd meet t: "text0", so a situation has one kind of them.
// Numbers are whole, since adding fractions depends on their order.
template <>
class Generator<ot::Json0> {
 public:
  explicit Generator(Random& random) : random_(random), old_strings_(random.below(2) == 0) {}

  ot::Json doc();
  // An op that applies to `doc`. What it removes is what is there.
  ot::Json0::Op op(const ot::Json& doc);

  static std::vector<ot::Json> tiny_docs();
  // All of so many values: numbers, strings and containers.
  static std::vector<ot::Json> all_docs(std::size_t parts);
  // All ops of one component.
  static std::vector<ot::Json0::Op> tiny_ops(const ot::Json& doc);
  static std::vector<ot::Json0::Op> cuts(const ot::Json& doc);

 private:
  ot::Json value(std::size_t depth);
  ot::Json0::Component component(const ot::Json& doc);

  Random& random_;
  bool old_strings_;
};

// The root is a container or, once it was removed, null. Numbers are whole.
template <>
class Generator<ot::Json1> {
 public:
  explicit Generator(Random& random) : random_(random) {}

  ot::Json doc();
  // An op that applies to `doc`.
  ot::Json1::Op op(const ot::Json& doc);

  static std::vector<ot::Json> tiny_docs();
  // All of so many values: numbers, strings and containers.
  static std::vector<ot::Json> all_docs(std::size_t parts);
  // All ops that insert, remove, replace, move or edit one thing.
  static std::vector<ot::Json1::Op> tiny_ops(const ot::Json& doc);
  static std::vector<ot::Json1::Op> cuts(const ot::Json& doc);

 private:
  ot::Json value(std::size_t depth);
  ot::Json1::Op part(const ot::Json& doc);

  Random& random_;
};

// In the form that the reference's builder gives documents and ops. In others one document may be
// cut in several ways, and the laws hold for what is seen of it only.
template <>
class Generator<ot::RichText> {
 public:
  explicit Generator(Random& random) : random_(random) {}

  ot::Json doc();
  // An op on `doc` that does not reach past its end.
  ot::RichText::Op op(const ot::Json& doc);

  static std::vector<ot::Json> tiny_docs();
  // All of so many letters, plain or bold, and embeds.
  static std::vector<ot::Json> all_docs(std::size_t parts);
  // All ops with at most one insert that keep, format or delete each unit.
  static std::vector<ot::RichText::Op> tiny_ops(const ot::Json& doc);
  static std::vector<ot::RichText::Op> cuts(const ot::Json& doc);

 private:
  ot::RichText::Attributes attributes();
  ot::RichText::Component insert();

  Random& random_;
};

template <>
class Generator<ot::TextUnicode> {
 public:
  explicit Generator(Random& random) : random_(random) {}

  ot::Json doc();
  // A valid op on `doc`, invertible: each delete says its text.
  ot::TextUnicode::Op op(const ot::Json& doc);

  static std::vector<ot::Json> tiny_docs();
  // All of so many letters.
  static std::vector<ot::Json> all_docs(std::size_t parts);
  // All ops in canonical form with at most two inserts.
  static std::vector<ot::TextUnicode::Op> tiny_ops(const ot::Json& doc);
  static std::vector<ot::TextUnicode::Op> cuts(const ot::Json& doc);

 private:
  Random& random_;
};

}  // namespace segue::conform
