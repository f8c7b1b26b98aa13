// Json: a JSON value that copies in O(1) and edits in O(log n), however large it is.
//
// A copy-on-write tree with atomic reference counts. A copy shares everything; an edit copies the
// nodes on the path it changes, unless nobody else holds them. So a snapshot of a document is a
// copy of its root, and undoing a failed edit is keeping the old root. Distinct values may be used
// from different threads, also where they share nodes; one value belongs to one thread at a time.
//
// Lists are chunked trees. Objects are small vectors or, when large, trees with an index by key;
// they print in JavaScript's order: keys that are array indexes ("0", "17") ascending, then the
// rest as they were put in. Numbers are finite doubles. Strings are Text (ot/text.h).
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ot/text.h"

namespace segue::ot {

class Json {
 public:
  enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

  Json() noexcept = default;  // null
  Json(std::nullptr_t) noexcept {}
  Json(std::same_as<bool> auto value) noexcept;
  // REQUIRES: a double is finite.
  Json(double value) noexcept;
  Json(std::integral auto value) noexcept : Json(static_cast<double>(value)) {}
  Json(std::string_view wtf8);
  Json(const char* wtf8) : Json(std::string_view(wtf8)) {}
  Json(const std::string& wtf8) : Json(std::string_view(wtf8)) {}
  explicit Json(Text text);
  static Json array(std::vector<Json> elements = {});
  // REQUIRES: keys differ.
  static Json object(std::vector<std::pair<std::string, Json>> members = {});

  Kind kind() const noexcept;
  bool is_null() const noexcept { return kind() == Kind::null; }
  bool is_bool() const noexcept { return kind() == Kind::boolean; }
  bool is_number() const noexcept { return kind() == Kind::number; }
  bool is_string() const noexcept { return kind() == Kind::string; }
  bool is_array() const noexcept { return kind() == Kind::array; }
  bool is_object() const noexcept { return kind() == Kind::object; }

  // REQUIRES: the kind fits.
  bool boolean() const;
  double number() const;
  const Text& text() const;
  std::string str() const { return text().str(); }

  // Number of elements or members. REQUIRES: array or object.
  std::size_t size() const;

  // Arrays. REQUIRES: is_array(), index in range (insert: <= size()).
  const Json& operator[](std::size_t index) const;
  void insert(std::size_t index, Json value);
  void push_back(Json value) { insert(size(), std::move(value)); }
  Json erase(std::size_t index);                  // returns what stood there
  Json replace(std::size_t index, Json value);    // returns what stood there

  // Objects. find() also answers nullptr for any other kind. The pointer is valid until the next
  // edit of this value.
  const Json* find(std::string_view key) const;
  // A new key goes last, a known one keeps its place. REQUIRES: is_object().
  void set(std::string_view key, Json value);
  std::optional<Json> remove(std::string_view key);

  // Runs edit(Json& child) on the child in place, and returns what it returns. Sizes and depths of
  // this value are right again afterwards. REQUIRES: the child exists.
  template <class Edit>
  decltype(auto) edit(std::size_t index, Edit&& edit);
  template <class Edit>
  decltype(auto) edit(std::string_view key, Edit&& edit);
  // Runs edit(Text&) on a string in place. REQUIRES: is_string().
  template <class Edit>
  decltype(auto) edit_text(Edit&& edit);

  // Calls visit(const Json&) for each element, visit(std::string_view, const Json&) for each
  // member, in order. REQUIRES: the kind fits.
  template <class Visit>
  void for_each_element(Visit&& visit) const;
  template <class Visit>
  void for_each_member(Visit&& visit) const;

  // Bytes of this value as JSON.stringify prints it, in UTF-8. O(1).
  std::size_t printed_bytes() const;
  // 0 for a scalar, else 1 + the deepest child. O(1).
  std::size_t depth() const;

  // Deep. Order of keys does not count; 0 equals -0. Shared parts are equal without a look.
  friend bool operator==(const Json& a, const Json& b);
};

}  // namespace segue::ot
