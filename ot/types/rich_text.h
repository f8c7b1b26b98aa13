// rich-text: text with formatting and embedded objects, as the editor Quill has it.
//
// An op is a list of components: insert a text or an object, retain some, delete some; inserts and
// retains may have attributes. A document is an op of inserts only. Lengths are UTF-16 units, an
// embedded object is 1 long. spec/types/rich-text.md has the rules. Results are those of the npm
// package rich-text with quill-delta 4, down to how they are cut into components.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "ot/json.h"
#include "ot/result.h"
#include "ot/type.h"
#include "ot/types/parse.h"

namespace segue::ot {

struct RichText {
  static constexpr std::string_view name = "rich-text";
  static constexpr std::string_view uri = "http://sharejs.org/types/rich-text/v1";

  // An object. An empty one is not the same as none.
  using Attributes = std::optional<Json>;

  struct Insert {
    Json content;  // a string, or the object to embed: at times a number
    Attributes attributes;
    bool operator==(const Insert&) const = default;
  };
  struct Retain {
    std::size_t count = 0;
    Attributes attributes;
    bool operator==(const Retain&) const = default;
  };
  struct Delete {
    std::size_t count = 0;
    bool operator==(const Delete&) const = default;
  };
  using Component = std::variant<Insert, Retain, Delete>;
  using Op = std::vector<Component>;

  // Data is read as an op is. Errors: those of parse().
  static Result<Json> create(const Json* data);
  // Takes a list of components, or {"ops": list}. Errors: op_badly_formed; too_large (components).
  static Result<Op> parse(JsonView in, std::size_t components_max = op_components_max);
  static Json to_json(const Op& op);
  // Past the end, retains and deletes stay in the document as they are, as in the reference.
  // Errors: op_not_applied where `doc` is no list of components.
  static Result<void> apply(Json& doc, const Op& op);
  // Of two inserts at one place the *right* one comes first, and its attributes win, unlike in the
  // other types: so it is in the reference.
  static Result<Op> transform(const Op& op, const Op& other, Side side);
  static Result<Op> compose(const Op& first, const Op& second);
  // Takes `op` back. `doc` is the document before it. Errors: op_not_applied, as apply().
  static Result<Op> invert_with_doc(const Op& op, const Json& doc);
  // An op that makes `target` of `doc`. Small, if not the smallest. Errors: op_not_applied where
  // one of them is no document.
  static Result<Op> diff(const Json& doc, const Json& target);

  // Where a cursor is after `op`. An insert at the cursor moves it if it is its owner's.
  enum class Author { self, other };
  static std::size_t transform_cursor(std::size_t position, const Op& op, Author author);
  // The same for both ends of {"index", "length"}; null stays null. Errors: op_badly_formed.
  static Result<Json> transform_presence(const Json& range, const Op& op, Author author);
  static Result<Json> transform_presence(const Json& range, const Op& op, bool own) {
    return transform_presence(range, op, own ? Author::self : Author::other);
  }
};

}  // namespace segue::ot
