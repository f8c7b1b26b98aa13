// What an OT type is, and how a strongly typed one is erased for code that serves them all.
//
// Laws, for a document d and ops a, b that apply to it (checked in tests/ot/laws_test.cc):
//   TP1      apply(apply(d, a), transform(b, a, right)) == apply(apply(d, b), transform(a, b,
//   left)) compose  apply(apply(d, a), c) == apply(d, compose(a, c)) invert   apply(apply(d, a),
//   invert(a)) == d parse    parse(to_json(a)) == a
#pragma once

#include <concepts>
#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "ot/json.h"
#include "ot/json_view.h"
#include "ot/result.h"
#include "ot/steps.h"

namespace segue::ot {

// Who goes first where two ops clash. The server transforms a submitted op as `left` against what
// was committed before it; clients transform what arrives as `right`.
enum class Side { left, right };

// A type is a struct of static functions over values. All of them are pure.
template <class T>
concept Type = requires(Json& doc, const typename T::Op& a, const typename T::Op& b, const Json& in,
                        const Json* data, std::size_t components_max) {
  { T::name } -> std::convertible_to<std::string_view>;
  { T::uri } -> std::convertible_to<std::string_view>;
  // The first snapshot from a create's data; null where the create had none.
  { T::create(data) } -> std::same_as<Result<Json>>;
  // Validates everything a client can get wrong without looking at a document; by default with
  // the bound on what a client may send. Whoever takes a JsonView is spared a tree of values.
  { T::parse(in) } -> std::same_as<Result<typename T::Op>>;
  { T::parse(in, components_max) } -> std::same_as<Result<typename T::Op>>;
  // Edits in place, O(op * log doc). On an error `doc` is unchanged.
  { T::apply(doc, a) } -> std::same_as<Result<void>>;
  // `a` as it must be to apply after `b`. Ops that look valid may still clash: an error.
  { T::transform(a, b, Side::left) } -> std::same_as<Result<typename T::Op>>;
  { T::compose(a, b) } -> std::same_as<Result<typename T::Op>>;
  { T::to_json(a) } -> std::same_as<Json>;
};

template <class T>
concept Invertible = Type<T> && requires(const typename T::Op& a) {
  { T::invert(a) } -> std::same_as<Result<typename T::Op>>;
};

// Takes an op back with the help of the document it was applied to.
template <class T>
concept InvertibleWithDoc = Type<T> && requires(const typename T::Op& a, const Json& doc) {
  { T::invert_with_doc(a, doc) } -> std::same_as<Result<typename T::Op>>;
};

// Knows where a person's place in a document (a cursor, a selection) is after an op; `own`: whether
// it is the op author's own place. Errors: the value is no such place.
template <class T>
concept WithPresence = requires(const T& type, const Json& place, const typename T::Op& op,
                                bool own) {
  { type.transform_presence(place, op, own) } -> std::same_as<Result<Json>>;
};

// Whether others may change what somebody has a lease of.
enum class Hold { advisory, exclusive };

// What an op does to the thing at a path, such as ["sources", 2, "name"].
struct Traced {
  Json path;             // where the thing is afterwards; null if it is gone
  bool changed = false;  // it, or something in it; or it is gone
};

// Knows the things in its documents by path. Elsewhere the only path is [], the whole document.
// Errors: op_badly_formed, op_not_applied, too_large where `path` is no path of the type.
template <class T>
concept WithPaths = requires(const T& type, const Json& path, const typename T::Op& op) {
  { type.hold_of(path) } -> std::same_as<Result<Hold>>;
  { type.trace(path, op) } -> std::same_as<Result<Traced>>;
};

// An op of some type, immutable and cheap to copy. Which type, its owner knows.
class AnyOp {
 public:
  AnyOp() = default;
  template <class Op>
  static AnyOp of(Op op) {
    return AnyOp(std::make_shared<const Op>(std::move(op)));
  }
  template <class Op>
  const Op& as() const {
    return *static_cast<const Op*>(op_.get());
  }
  explicit operator bool() const { return op_ != nullptr; }

 private:
  explicit AnyOp(std::shared_ptr<const void> op) : op_(std::move(op)) {}
  std::shared_ptr<const void> op_;
};

// A type, erased. REQUIRES everywhere: each op came from this very object.
class AnyType {
 public:
  AnyType(std::string type_name, std::string type_uri)
      : name(std::move(type_name)), uri(std::move(type_uri)) {}
  AnyType(const AnyType&) = delete;
  AnyType& operator=(const AnyType&) = delete;
  virtual ~AnyType() = default;

  const std::string name;
  const std::string uri;

  virtual Result<Json> create(const Json* data) const = 0;
  virtual Result<AnyOp> parse(JsonView in) const = 0;
  // As parse, for what was committed: transforming may have left it with more components than an
  // op may be sent with.
  virtual Result<AnyOp> parse_committed(JsonView in) const = 0;
  virtual Result<void> apply(Json& doc, const AnyOp& op) const = 0;
  // Takes from `steps` what it costs, where that can be more than the ops are long. Errors: those
  // of the type; too_costly.
  virtual Result<AnyOp> transform(const AnyOp& op, const AnyOp& other, Side side,
                                  Steps& steps) const = 0;
  Result<AnyOp> transform(const AnyOp& op, const AnyOp& other, Side side) const {
    Steps steps;
    return transform(op, other, side, steps);
  }
  virtual Result<AnyOp> compose(const AnyOp& first, const AnyOp& second) const = 0;
  virtual Result<AnyOp> invert(const AnyOp& op) const = 0;
  virtual Json to_json(const AnyOp& op) const = 0;
  virtual bool has_presence() const = 0;
  virtual Result<Json> transform_presence(const Json& place, const AnyOp& op, bool own) const = 0;
  // What a lease of the thing at `path` means, and what an op does to it: see WithPaths.
  virtual Result<Hold> hold_of(const Json& path) const = 0;
  virtual Result<Traced> trace(const Json& path, const AnyOp& op) const = 0;
  // An op that takes `doc` to `target` and may be sent. Errors: unsupported; what the type finds in
  // `target`; too_large where the op would be.
  virtual Result<AnyOp> diff(const Json& doc, const Json& target) const = 0;
  // What transform() does to `op`, one finding for each of its components; `doc` is the document
  // before both ops. Errors: unsupported; those of transform().
  virtual Result<Json> explain(const AnyOp& op, const AnyOp& other, Side side,
                               const Json& doc) const = 0;
};

// T as an AnyType. T is a Type, or has the same functions as members: then `type` is what they are
// called on, such as a type that was read from a file.
template <class T>
class ErasedType final : public AnyType {
 public:
  using Op = typename T::Op;

  explicit ErasedType(T type)
      : AnyType(std::string(type.name), std::string(type.uri)), type_(std::move(type)) {}

  const T& type() const { return type_; }

  Result<Json> create(const Json* data) const override { return type_.create(data); }
  Result<AnyOp> parse(JsonView in) const override {
    if constexpr (requires { type_.parse(in); }) {
      return wrap(type_.parse(in));
    } else {
      return wrap(type_.parse(in.value()));
    }
  }
  Result<AnyOp> parse_committed(JsonView in) const override {
    constexpr auto any = std::numeric_limits<std::size_t>::max();
    if constexpr (requires { type_.parse_committed(in); }) {
      return wrap(type_.parse_committed(in));
    } else if constexpr (requires { type_.parse(in, any); }) {
      return wrap(type_.parse(in, any));
    } else {
      return wrap(type_.parse(in.value(), any));
    }
  }
  Result<void> apply(Json& doc, const AnyOp& op) const override {
    return type_.apply(doc, op.as<Op>());
  }
  using AnyType::transform;
  Result<AnyOp> transform(const AnyOp& op, const AnyOp& other, Side side,
                          Steps& steps) const override {
    if constexpr (requires { type_.transform(op.as<Op>(), other.as<Op>(), side, steps); }) {
      return wrap(type_.transform(op.as<Op>(), other.as<Op>(), side, steps));
    } else {
      return wrap(type_.transform(op.as<Op>(), other.as<Op>(), side));
    }
  }
  Result<AnyOp> compose(const AnyOp& first, const AnyOp& second) const override {
    return wrap(type_.compose(first.as<Op>(), second.as<Op>()));
  }
  Result<AnyOp> invert(const AnyOp& op) const override {
    if constexpr (requires { type_.invert(op.as<Op>()); }) {
      return wrap(type_.invert(op.as<Op>()));
    } else {
      return fail(Errc::unsupported, name + " ops cannot be inverted");
    }
  }
  Json to_json(const AnyOp& op) const override { return type_.to_json(op.as<Op>()); }
  bool has_presence() const override { return WithPresence<T>; }
  Result<Json> transform_presence(const Json& place, const AnyOp& op, bool own) const override {
    if constexpr (WithPresence<T>) {
      return type_.transform_presence(place, op.as<Op>(), own);
    } else {
      return fail(Errc::type_without_presence, name + " has no presence");
    }
  }
  Result<Hold> hold_of(const Json& path) const override {
    if constexpr (WithPaths<T>) {
      return type_.hold_of(path);
    } else if (path.is_array() && path.size() == 0) {
      return Hold::advisory;
    } else {
      return fail(Errc::op_badly_formed, name + " documents have no path but []");
    }
  }
  Result<Traced> trace(const Json& path, const AnyOp& op) const override {
    if constexpr (WithPaths<T>) {
      return type_.trace(path, op.as<Op>());
    } else {
      const Json written = to_json(op);
      return Traced{path, !written.is_array() || written.size() > 0};
    }
  }
  Result<AnyOp> diff(const Json& doc, const Json& target) const override {
    if constexpr (requires { type_.diff(doc, target); }) {
      return wrap(type_.diff(doc, target));
    } else {
      return fail(Errc::unsupported, name + " has no diff");
    }
  }
  Result<Json> explain(const AnyOp& op, const AnyOp& other, Side side,
                       const Json& doc) const override {
    if constexpr (requires { type_.explain(op.as<Op>(), other.as<Op>(), side, doc); }) {
      return type_.explain(op.as<Op>(), other.as<Op>(), side, doc);
    } else {
      return fail(Errc::unsupported, name + " ops are not explained");
    }
  }

 private:
  static Result<AnyOp> wrap(Result<Op> op) {
    if (!op) return fail(std::move(op.error()));
    return AnyOp::of(std::move(*op));
  }

  T type_;
};

// The one AnyType of T.
template <Type T>
const AnyType& erase() {
  static const ErasedType<T> type{T()};
  return type;
}

}  // namespace segue::ot
