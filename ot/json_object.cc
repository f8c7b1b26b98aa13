#include "ot/json_object.h"

#include <charconv>
#include <limits>
#include <utility>
#include <vector>

#include "ot/assert.h"

namespace segue::ot {
namespace {

// An index is made above the one size and dropped below the other.
constexpr std::size_t without_index_max = 16;
static_assert(without_index_max <= cow_tree::node_max);
constexpr std::size_t with_index_min = 8;

// What JavaScript puts first: canonical integers from 0 to 2^32 - 2.
std::optional<std::uint32_t> as_array_index(std::string_view key) {
  if (key.empty() || key.size() > 10) return std::nullopt;
  if (key[0] < '0' || key[0] > '9' || (key[0] == '0' && key.size() > 1)) return std::nullopt;
  std::uint32_t index = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), index);
  if (error != std::errc{} || end != key.data() + key.size()) return std::nullopt;
  if (index == std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  return index;
}

struct SeekKey {
  std::string_view key;
  bool operator()(const JsonIndexTraits::Summary& sum) const { return key <= sum.key_last.view(); }
  bool operator()(const JsonIndexEntry& entry) const { return key <= entry.key.view(); }
};

struct SeekOrder {
  std::uint64_t order;
  bool operator()(const JsonMemberTraits::Summary& sum) const { return order <= sum.order_last; }
  bool operator()(const JsonMember& member) const { return order <= member.order; }
};

}  // namespace

// What is left to do once all members are there.
void JsonObject::complete(bool is_sorted) {
  if (!is_sorted) sort();
  if (size() > without_index_max) build_index();
  OT_VERIFY(is_sound());
}

void JsonObject::sort() {
  std::vector<JsonMember> members;
  members.reserve(size());
  members_.for_each([&](const JsonMember& member) { members.push_back(member); });
  std::ranges::sort(members, {}, &JsonMember::order);
  members_ = CowTree<JsonMemberTraits>::build(std::span(members));
}

std::uint64_t JsonObject::give_order(std::string_view key) {
  const auto index = as_array_index(key);
  return index ? *index : order_next_++;
}

void JsonObject::build_index() {
  std::vector<JsonIndexEntry> entries;
  entries.reserve(size());
  members_.for_each([&](const JsonMember& member) {
    entries.push_back({member.key, member.order});
  });
  const auto key = [](const JsonIndexEntry& entry) { return entry.key.view(); };
  std::ranges::sort(entries, {}, key);
  OT_ASSERT(std::ranges::adjacent_find(entries, {}, key) == entries.end());
  index_ = CowTree<JsonIndexTraits>::build(std::span(entries));
}

// Members that need no index stand in one leaf.
std::span<const JsonMember> JsonObject::few() const {
  return members_.empty() ? std::span<const JsonMember>() : members_.run(0);
}

std::size_t JsonObject::place(const JsonKeySought& key) const {
  return has_index() ? place_among_many(key) : place_among_few(key);
}

std::size_t JsonObject::place_among_few(const JsonKeySought& key) const {
  const auto members = few();
  std::size_t at = 0;
  while (at < members.size() && !key.is(members[at].key)) ++at;
  return at;
}

std::size_t JsonObject::place_among_many(const JsonKeySought& key) const {
  const std::size_t at = index_.seek(SeekKey{key.view()});
  if (at == index_.size() || !key.is(index_.at(at).key)) return size();
  return members_.seek(SeekOrder{index_.at(at).order});
}

const Json* JsonObject::find(const JsonKeySought& key) const {
  const std::size_t at = place(key);
  return at == size() ? nullptr : &members_.at(at).value;
}

void JsonObject::set(std::string_view key, Json value) {
  const std::size_t at = place(JsonKeySought(key));
  if (at < size()) {
    members_.edit(at, [&](JsonMember& member) { member.value = std::move(value); });
    return;
  }
  add_new({JsonKey(key), std::move(value), give_order(key)});
}

bool JsonObject::add(const JsonKey& key, Json&& value) {
  if (place(JsonKeySought(key)) < size()) return false;
  add_new({key, std::move(value), give_order(key.view())});
  return true;
}

void JsonObject::add_new(JsonMember member) {
  if (has_index()) {
    index_.insert(index_.seek(SeekKey{member.key.view()}),
                  JsonIndexEntry{member.key, member.order});
  }
  const bool goes_last = members_.empty() || members_.summary().order_last < member.order;
  const std::size_t at = goes_last ? size() : members_.seek(SeekOrder{member.order});
  members_.insert(at, std::move(member));
  if (!has_index() && size() > without_index_max) build_index();
}

std::optional<Json::Extracted> JsonObject::extract(const JsonKeySought& key) {
  const std::size_t at = place(key);
  if (at == size()) return std::nullopt;
  if (has_index()) index_.erase(index_.seek(SeekKey{key.view()}));
  JsonMember member = members_.erase(at);
  if (size() < with_index_min) index_ = {};
  return Json::Extracted{std::move(member.value), member.order};
}

void JsonObject::restore(std::string_view key, Json::Extracted member) {
  OT_ASSERT(place(JsonKeySought(key)) == size());
  add_new({JsonKey(key), std::move(member.value), member.order});
}

bool JsonObject::operator==(const JsonObject& other) const {
  if (size() != other.size()) return false;
  for (std::size_t i = 0; i < size();) {
    const auto mine = members_.run(i);
    const auto theirs = other.members_.run(i);
    const bool is_shared = mine.data() == theirs.data();
    for (std::size_t j = 0; j < mine.size() && !is_shared; ++j) {
      const std::string_view key = mine[j].key.view();
      // Mostly the keys are in the same order and need no search.
      const bool is_aligned = j < theirs.size() && theirs[j].key == key;
      const Json* value = is_aligned ? &theirs[j].value : other.find(JsonKeySought(key));
      if (value == nullptr || !(mine[j].value == *value)) return false;
    }
    i += mine.size();
  }
  return true;
}

bool JsonObject::is_sound() const {
  if (!members_.is_sound() || !index_.is_sound()) return false;
  if (has_index() ? index_.size() != size() : size() > without_index_max) return false;
  for (std::size_t i = 0; i < size(); ++i) {
    if (i > 0 && members_.at(i - 1).order >= members_.at(i).order) return false;
    if (place(JsonKeySought(members_.at(i).key)) != i) return false;
  }
  return true;
}

}  // namespace segue::ot
