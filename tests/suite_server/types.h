// The OT types that ShareDB's own tests bring along, as they are there: small, and good for nothing
// but those tests.
#pragma once

#include <string>
#include <string_view>

#include "ot/type.h"

namespace segue::suite {

// A number; an op is a number to add.
struct NumberType {
  static constexpr std::string_view name = "number-type";
  static constexpr std::string_view uri = "http://sharejs.org/types/number-type";
  using Op = double;

  static ot::Result<ot::Json> create(const ot::Json* data);
  static ot::Result<Op> parse(const ot::Json& in, std::size_t components_max = 1);
  static ot::Result<void> apply(ot::Json& doc, Op op);
  static ot::Result<Op> transform(Op op, Op /*other*/, ot::Side /*side*/) { return op; }
  static ot::Result<Op> compose(Op first, Op second) { return first + second; }
  static ot::Json to_json(Op op) { return {op}; }
};

// A list; an op inserts one element. Its client keeps the list in a form of its own.
struct LinkedList {
  struct Op {
    std::size_t index = 0;
    ot::Json value;
  };

  static ot::Result<ot::Json> create(const ot::Json* data);
  static ot::Result<Op> parse(const ot::Json& in, std::size_t components_max = 1);
  static ot::Result<void> apply(ot::Json& doc, const Op& op);
  static ot::Result<Op> transform(const Op& op, const Op& other, ot::Side side);
  static ot::Result<Op> compose(const Op& first, const Op& second);
  static ot::Json to_json(const Op& op);
};
struct DeserializedType : LinkedList {
  static constexpr std::string_view name = "test-deserialized-type";
  static constexpr std::string_view uri = "http://sharejs.org/types/test-deserialized-type";
};
struct DeserializedType2 : LinkedList {
  static constexpr std::string_view name = "test-deserialized-type2";
  static constexpr std::string_view uri = "http://sharejs.org/types/test-deserialized-type2";
};

// A text in which cursors have places. Its ops cannot be transformed.
struct PresenceTestType {
  static constexpr std::string_view name = "presence-test-type";
  static constexpr std::string_view uri = "http://sharejs.org/types/presence-test-type";
  struct Op {
    std::size_t index = 0;
    std::string value;    // inserted; if empty,
    std::size_t del = 0;  // so many are deleted
  };

  static ot::Result<ot::Json> create(const ot::Json* data);
  static ot::Result<Op> parse(const ot::Json& in, std::size_t components_max = 1);
  static ot::Result<void> apply(ot::Json& doc, const Op& op);
  static ot::Result<Op> transform(const Op& op, const Op& other, ot::Side side);
  static ot::Result<Op> compose(const Op& first, const Op& second);
  static ot::Json to_json(const Op& op);
  static ot::Result<ot::Json> transform_presence(const ot::Json& place, const Op& op, bool own);
};

// These and the built-in ones.
const ot::AnyType* find_type(std::string_view name_or_uri);

}  // namespace segue::suite
