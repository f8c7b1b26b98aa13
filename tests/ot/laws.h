// The algebra that every type must obey (ot/type.h), stated once for the law tests and the fuzzers.
//
// Transforming over a composed op is no law here: neither json0 nor text-unicode is closed under
// composition, and nothing in Segue relies on it.
#pragma once

#include <optional>
#include <string>

#include "ot/type.h"
#include "tests/support/notation.h"

namespace segue::test {

// Each law answers nothing where it holds; else the situation, in the notation of the tests, and
// what is wrong with it. REQUIRES: ops apply to the document they are for.
template <ot::Type T>
struct Laws {
  using Op = typename T::Op;
  using Broken = std::optional<std::string>;

  // Both ways around a pair of concurrent ops lead to the same document. `left` and `right` are the
  // sides to transform as; a test of the tests may give wrong ones.
  static Broken diamond(const ot::Json& doc, const Op& a, const Op& b,
                        ot::Side left = ot::Side::left, ot::Side right = ot::Side::right) {
    const auto situation = [&] {
      return on(doc) + " left " + shown(a) + " right " + shown(b) + ": ";
    };
    const auto new_a = transformed(a, b, left);
    const auto new_b = transformed(b, a, right);
    if (!new_a || !new_b) return situation() + (new_a ? new_b : new_a).error().detail;
    const auto left_way = after(after(doc, a), *new_b);
    const auto right_way = after(after(doc, b), *new_a);
    if (!left_way || !right_way) {
      return situation() + "transformed to " + shown(*new_a) + " and " + shown(*new_b) +
             ", of which one does not apply";
    }
    if (*left_way == *right_way || are_in_conflict(a, b, left, right)) return std::nullopt;
    return situation() + notation(*left_way) + " is not " + notation(*right_way);
  }

  // `b` applies after `a`.
  static Broken composition(const ot::Json& doc, const Op& a, const Op& b) {
    const auto both = T::compose(a, b);
    const auto parts = after(after(doc, a), b);
    const auto whole = both ? after(doc, *both) : std::nullopt;
    if (parts && whole && *parts == *whole) return std::nullopt;
    return on(doc) + " first " + shown(a) + " then " + shown(b) + ": composed it is " +
           (both ? shown(*both) : both.error().detail);
  }

  static Broken inversion(const ot::Json& doc, const Op& op) {
    const auto inverse = inverse_of(doc, op);
    const auto back = inverse ? after(after(doc, op), *inverse) : std::nullopt;
    if (back && *back == doc) return std::nullopt;
    return on(doc) + " with " + shown(op) + ": the inverse is " +
           (inverse ? shown(*inverse) : inverse.error().detail);
  }

  static Broken round_trip(const Op& op) {
    const auto parsed = T::parse(T::to_json(op));
    if (parsed && *parsed == op) return std::nullopt;
    return shown(op) + " comes back as " + (parsed ? shown(*parsed) : parsed.error().detail);
  }

  // The document after the op; nothing if it does not apply, or there is no document.
  static std::optional<ot::Json> after(std::optional<ot::Json> doc, const Op& op) {
    if (doc && !T::apply(*doc, op)) doc.reset();
    return doc;
  }

  static std::string shown(const Op& op) { return notation(T::to_json(op)); }

 private:
  // Where ops may be in conflict, as if that were resolved.
  static ot::Result<Op> transformed(const Op& op, const Op& other, ot::Side side) {
    if constexpr (requires { T::transform_no_conflict(op, other, side); }) {
      return T::transform_no_conflict(op, other, side);
    } else {
      return T::transform(op, other, side);
    }
  }

  // Then they nearly always converge, but the reference, whose answers these are, promises nothing.
  static bool are_in_conflict(const Op& a, const Op& b, ot::Side left, ot::Side right) {
    if constexpr (requires { T::transform_no_conflict(a, b, left); }) {
      return !T::transform(a, b, left) || !T::transform(b, a, right);
    } else {
      return false;
    }
  }

  static ot::Result<Op> inverse_of(const ot::Json& doc, const Op& op) {
    if constexpr (ot::InvertibleWithDoc<T>) {
      return T::invert_with_doc(op, doc);
    } else {
      return T::invert(op);
    }
  }

  static std::string on(const ot::Json& doc) { return std::string(T::name) + " " + notation(doc); }
};

}  // namespace segue::test
