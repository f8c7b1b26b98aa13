// Json: a JSON value that copies in O(1) and edits in O(log n), however large it is.
//
// A copy-on-write tree with atomic reference counts. A copy shares everything; an edit copies the
// nodes on the path it changes, unless nobody else holds them. So a snapshot of a document is a
// copy of its root, and undoing a failed edit is keeping the old root. Distinct values may be used
// from different threads, also where they share nodes; one value belongs to one thread at a time.
//
// Lists are trees of elements, objects trees of members, with an index by key when large. Objects
// print in JavaScript's order: keys that are array indexes ("0", "17") ascending, then the rest as
// they were put in. Numbers are finite doubles. Strings are Text (ot/text.h). What a value prints
// to, and how deep it is, is summed up along with each edit.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "ot/assert.h"
#include "ot/cow.h"
#include "ot/cow_tree.h"
#include "ot/function_ref.h"
#include "ot/text.h"

namespace segue::ot {

class JsonKey;
class JsonKeySought;
class JsonObject;
struct JsonElementTraits;
struct JsonMember;

template <class T>
concept JsonInteger = std::integral<T> && !std::same_as<T, bool>;

// NOLINTNEXTLINE(cppcoreguidelines-special-member-functions): one assignment serves copy and move.
class Json {
 public:
  // Those that may share something come last.
  enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

  // NOLINTBEGIN(google-explicit-constructor): a null, a bool, a number, a string are JSON values.
  Json() noexcept : boolean_(false) {}  // null
  Json(std::nullptr_t) noexcept : Json() {}
  Json(std::same_as<bool> auto value) noexcept : kind_(Kind::boolean), boolean_(value) {}
  // REQUIRES: a double is finite.
  Json(double value);
  Json(JsonInteger auto value) : Json(static_cast<double>(value)) {}
  // REQUIRES: strings are well-formed WTF-8.
  Json(std::string_view wtf8) : Json(Text(wtf8)) {}
  Json(const char* wtf8) : Json(std::string_view(wtf8)) {}
  Json(const std::string& wtf8) : Json(std::string_view(wtf8)) {}
  // NOLINTEND(google-explicit-constructor)
  explicit Json(Text text) noexcept : kind_(Kind::string), text_(std::move(text)) {}
  static Json array(std::vector<Json> elements = {});
  // REQUIRES: keys differ.
  static Json object(std::vector<std::pair<std::string, Json>> members = {});

  Json(const Json& other) noexcept { copy(other); }
  Json(Json&& other) noexcept { take(other); }  // leaves null
  Json& operator=(Json other) noexcept {
    drop();
    take(other);
    return *this;
  }
  ~Json() { drop(); }

  Kind kind() const noexcept { return kind_; }
  bool is_null() const noexcept { return kind_ == Kind::null; }
  bool is_bool() const noexcept { return kind_ == Kind::boolean; }
  bool is_number() const noexcept { return kind_ == Kind::number; }
  bool is_string() const noexcept { return kind_ == Kind::string; }
  bool is_array() const noexcept { return kind_ == Kind::array; }
  bool is_object() const noexcept { return kind_ == Kind::object; }

  // REQUIRES: the kind fits.
  bool boolean() const;
  double number() const;
  const Text& text() const;
  std::string str() const { return text().str(); }

  // Number of elements or members. REQUIRES: array or object.
  std::size_t size() const;

  // Arrays. REQUIRES: is_array(), index in range (insert: <= size()).
  // elements() is for searching them by what ot/json_list.h sums up.
  const CowTree<JsonElementTraits>& elements() const;
  const Json& operator[](std::size_t index) const;
  void insert(std::size_t index, Json value);
  void push_back(Json value) { insert(size(), std::move(value)); }
  Json erase(std::size_t index);                // returns what stood there
  Json replace(std::size_t index, Json value);  // returns what stood there

  // Objects. find() also answers nullptr for any other kind. The pointer is valid until the next
  // edit of this value.
  const Json* find(std::string_view key) const;
  // A new key goes last, a known one keeps its place. REQUIRES: is_object().
  void set(std::string_view key, Json value);
  // Puts a new key; false, with nothing done, if it is known. REQUIRES: is_object().
  bool add(const JsonKey& key, Json&& value);
  std::optional<Json> remove(std::string_view key);
  // The same where it may have to be taken back: restore() puts the member where it stood.
  // REQUIRES: the members are those that extract() left.
  struct Extracted;
  std::optional<Extracted> extract(std::string_view key);
  std::optional<Extracted> extract(const JsonKey& key);
  void restore(std::string_view key, Extracted member);

  // Runs edit(Json& child) on the child in place, and returns what it returns, by value: see
  // JsonChild. REQUIRES: the child exists.
  template <class Edit>
  auto edit(std::size_t index, Edit&& edit);
  template <class Edit>
  auto edit(std::string_view key, Edit&& edit);
  // Runs edit(Text&) on a string in place. REQUIRES: is_string().
  template <class Edit>
  decltype(auto) edit_text(Edit&& edit) {
    return std::forward<Edit>(edit)(own_text());
  }

  // Calls visit for each element or member, in order. REQUIRES: the kind fits.
  void for_each_element(FunctionRef<void(const Json&)> visit) const;
  void for_each_member(FunctionRef<void(std::string_view, const Json&)> visit) const;

  // Bytes of this value as JSON.stringify prints it, in UTF-8. O(1).
  std::size_t printed_bytes() const {
    return is_number() ? number_printed_ : is_string() ? text_.printed_bytes() : printed_other();
  }
  // 0 for a scalar, else 1 + the deepest child. O(1).
  std::size_t depth() const { return is_array() || is_object() ? depth_below() + 1 : 0; }
  // Of an object with a member `insert`: how long that is in a rich-text document. That of a text
  // is its length in UTF-16 units, that of anything else 1. O(1).
  std::optional<std::size_t> insert_length() const;

  // Deep. Order of keys does not count; 0 equals -0. Shared parts are equal without a look.
  friend bool operator==(const Json& a, const Json& b);

 private:
  friend class JsonBuilder;  // json_tape.cc
  friend class JsonChild;
  friend class JsonObject;
  friend struct JsonElementTraits;
  friend struct JsonMemberTraits;
  using List = CowTree<JsonElementTraits>;
  static constexpr std::size_t no_insert = SIZE_MAX;
  // printed_bytes(), depth() and insert_length(), or no_insert.
  struct Weight {
    std::size_t printed = 0;
    std::size_t depth = 0;
    std::size_t insert_length = no_insert;
    bool operator==(const Weight&) const = default;
  };

  explicit Json(List list) noexcept : kind_(Kind::array), list_(std::move(list)) {}
  explicit Json(Cow<JsonObject> object) noexcept
      : kind_(Kind::object), object_(std::move(object)) {}

  Weight weight() const;  // inline in json_object.h
  std::size_t printed_other() const;
  std::size_t depth_below() const;
  void copy(const Json& other) noexcept;
  void take(Json& other) noexcept;
  void drop() noexcept;
  void drop_shared() noexcept;
  List& own_list();
  JsonObject& own_object();
  Text& own_text();
  Kind kind_ = Kind::null;
  std::uint8_t number_printed_ = 0;  // bytes of a number
  union {
    bool boolean_;
    double number_;
    Text text_;
    List list_;
    Cow<JsonObject> object_;
  };
};

// Words and pointers.
template <>
inline constexpr bool moves_as_bytes<Json> = true;

struct Json::Extracted {
  Json value;
  std::uint64_t order = 0;
};

inline void Json::copy(const Json& other) noexcept {
  kind_ = other.kind_;
  number_printed_ = other.number_printed_;
  switch (kind_) {
    case Kind::null:
      break;
    case Kind::boolean:
      boolean_ = other.boolean_;
      break;
    case Kind::number:
      number_ = other.number_;
      break;
    case Kind::string:
      std::construct_at(&text_, other.text_);
      break;
    case Kind::array:
      std::construct_at(&list_, other.list_);
      break;
    case Kind::object:
      std::construct_at(&object_, other.object_);
      break;
  }
}

inline void Json::take(Json& other) noexcept {
  std::memcpy(static_cast<void*>(this), static_cast<const void*>(&other), sizeof *this);
  other.kind_ = Kind::null;
}

inline void Json::drop() noexcept {
  if (kind_ >= Kind::string) drop_shared();
}

// The child of a value while it is edited in place. At the end sizes and depths of the parent are
// right again; until then nobody else uses the parent.
class JsonChild {
 public:
  JsonChild() = default;
  // Empty if there is no such child.
  JsonChild(Json& parent, std::size_t index);
  JsonChild(Json& parent, std::string_view key);
  JsonChild(Json& parent, const JsonKey& key);
  JsonChild(const JsonChild&) = delete;
  JsonChild(JsonChild&& other) noexcept
      : parent_(other.parent_),
        child_(std::exchange(other.child_, nullptr)),
        member_(other.member_),
        place_(other.place_),
        before_(other.before_) {}
  JsonChild& operator=(const JsonChild&) = delete;
  JsonChild& operator=(JsonChild&&) = delete;
  ~JsonChild() {
    if (child_ != nullptr) update_parent();
  }

  explicit operator bool() const { return child_ != nullptr; }
  // REQUIRES: not empty.
  Json& operator*() const {
    OT_ASSERT(child_ != nullptr);
    return *child_;
  }

 private:
  JsonChild(Json& parent, const JsonKeySought& key);
  void update_parent() const;

  Json* parent_ = nullptr;
  Json* child_ = nullptr;
  const JsonMember* member_ = nullptr;  // that the child is the value of, if any
  std::size_t place_ = 0;               // in the tree of elements or of members
  Json::Weight before_;
};

template <class Edit>
auto Json::edit(std::size_t index, Edit&& edit) {
  static_assert(!std::is_reference_v<std::invoke_result_t<Edit&, Json&>>);
  const JsonChild child(*this, index);
  return edit(*child);
}

template <class Edit>
auto Json::edit(std::string_view key, Edit&& edit) {
  static_assert(!std::is_reference_v<std::invoke_result_t<Edit&, Json&>>);
  const JsonChild child(*this, key);
  return edit(*child);
}

}  // namespace segue::ot
