// JsonObject: the members of a large or small JSON object. Private to Json and its parser.
//
// Members stand in a tree in JavaScript's order: each has a number to be ordered by, which for an
// array index ("0", "17") is that index and for other keys counts up from 2^32. Few members are
// searched from the left; many have a second tree, sorted by key, that knows their numbers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "ot/cow.h"
#include "ot/cow_tree.h"
#include "ot/json.h"
#include "ot/json_key.h"
#include "ot/json_list.h"

namespace segue::ot {

struct JsonMember {
  JsonKey key;
  Json value;
  std::uint64_t order = 0;
};

template <>
inline constexpr bool moves_as_bytes<JsonMember> = true;

struct JsonMemberTraits {
  using Element = JsonMember;
  struct Summary {
    std::size_t printed = 0;  // with the colons, without commas
    std::size_t depth = 0;
    std::uint64_t order_last = 0;
    std::size_t insert_length = Json::no_insert;  // of `insert`: see Json::insert_length()
    void add(const Summary& next) {
      printed += next.printed;
      depth = std::max(depth, next.depth);
      order_last = next.order_last;
      insert_length = std::min(insert_length, next.insert_length);
    }
    bool replace(const Summary& before, const Summary& after) {
      if (before.depth == depth && after.depth < depth) return false;
      const bool was_insert = before.insert_length != Json::no_insert;  // No other member is.
      insert_length =
          was_insert ? after.insert_length : std::min(insert_length, after.insert_length);
      printed += after.printed - before.printed;
      depth = std::max(depth, after.depth);
      return true;
    }
    void end_with(const JsonMember& last) { order_last = last.order; }
    void end_with(const Summary& last) { order_last = last.order_last; }
  };
  static Summary summary(const JsonMember& member) { return summary(member, weight(member)); }
  // Of a member that weighs or weighed so much.
  static Summary summary(const JsonMember& member, const Json::Weight& weight) {
    return {member.key.printed_bytes() + 1 + weight.printed, weight.depth, member.order,
            weight.insert_length};
  }
  // That of the value, but the length is that of the object it is in.
  static Json::Weight weight(const JsonMember& member) {
    Json::Weight weight = member.value.weight();
    weight.insert_length = Json::no_insert;
    if (member.key.is_insert()) {
      const bool is_text = member.value.is_string();
      weight.insert_length = is_text ? member.value.text().length(Unit::utf16) : 1;
    }
    return weight;
  }
};

struct JsonIndexEntry {
  JsonKey key;
  std::uint64_t order = 0;
};

struct JsonIndexTraits {
  using Element = JsonIndexEntry;
  struct Summary {
    JsonKey key_last;
    void add(const Summary& next) { key_last = next.key_last; }
    static bool replace(const Summary& /*before*/, const Summary& /*after*/) { return true; }
    void end_with(const JsonIndexEntry& last) { key_last = last.key; }
    void end_with(const Summary& last) { key_last = last.key_last; }
  };
  static Summary summary(const JsonIndexEntry& entry) { return {entry.key}; }
};

class JsonObject final : public RefCounted {
 public:
  JsonObject() = default;
  // Of what next() answers, `count` times; it leaves the order to this. REQUIRES: keys differ.
  template <class Next>
  static Cow<JsonObject> generate(std::size_t count, Next&& next);

  std::size_t size() const { return members_.size(); }
  const Json* find(const JsonKeySought& key) const;
  void set(std::string_view key, Json value);
  bool add(const JsonKey& key, Json&& value);  // false if there is one
  std::optional<Json::Extracted> extract(const JsonKeySought& key);
  void restore(std::string_view key, Json::Extracted member);
  std::size_t place(const JsonKeySought& key) const;  // size() if there is none
  // As in a CowTree. REQUIRES: place < size().
  JsonMember& open(std::size_t place) { return members_.open(place); }
  void close(std::size_t place, const JsonMemberTraits::Summary& before,
             const JsonMemberTraits::Summary& after) {
    members_.close(place, before, after);
  }
  template <class Change>
  void close(std::size_t place, const Change& change) {
    members_.close(place, change);
  }

  const CowTree<JsonMemberTraits>& members() const { return members_; }
  std::size_t printed_bytes() const;
  bool operator==(const JsonObject& other) const;

  // For tests.
  bool is_sound() const;

 private:
  bool has_index() const { return !index_.empty(); }
  std::span<const JsonMember> few() const;  // REQUIRES: !has_index()
  std::size_t place_among_few(const JsonKeySought& key) const;
  std::size_t place_among_many(const JsonKeySought& key) const;
  std::uint64_t give_order(std::string_view key);
  void add_new(JsonMember member);  // REQUIRES: the key is new
  void complete(bool is_sorted);
  void sort();
  void build_index();

  CowTree<JsonMemberTraits> members_;
  CowTree<JsonIndexTraits> index_;  // empty while there are few members
  std::uint64_t order_next_ = std::uint64_t{1} << 32;
};

template <class Next>
Cow<JsonObject> JsonObject::generate(std::size_t count, Next&& next) {
  auto* object = new JsonObject();
  Cow<JsonObject> result = Cow<JsonObject>::adopt(object);
  bool is_sorted = true;
  std::uint64_t order_last = 0;
  object->members_ = CowTree<JsonMemberTraits>::generate(count, [&] {
    JsonMember member = next();
    member.order = object->give_order(member.key.view());
    is_sorted = is_sorted && order_last <= member.order;
    order_last = member.order;
    return member;
  });
  object->complete(is_sorted);
  return result;
}

inline std::size_t JsonObject::printed_bytes() const {
  const std::size_t commas = members_.empty() ? 0 : size() - 1;
  return members_.summary().printed + commas + 2;
}

inline Json::Weight Json::weight() const {
  switch (kind_) {
    case Kind::number:
      return {number_printed_};
    case Kind::string:
      return {text_.printed_bytes()};
    case Kind::array: {
      const auto sum = list_.summary();
      const std::size_t commas = list_.empty() ? 0 : list_.size() - 1;
      return {sum.printed + commas + 2, sum.depth + 1};
    }
    case Kind::object: {
      const auto sum = object_->members().summary();
      return {object_->printed_bytes(), sum.depth + 1, sum.insert_length};
    }
    case Kind::boolean:
      return {boolean_ ? std::size_t{4} : std::size_t{5}};
    default:
      return {4};  // null
  }
}

}  // namespace segue::ot
