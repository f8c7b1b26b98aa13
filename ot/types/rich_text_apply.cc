// apply(): compose(), done in place on the document. Only what the op reaches is looked at: the way
// to its first change is a search in the tree, and behind its last one everything stays. A document
// that is short for so many changes is taken apart instead: ot/types/rich_text_place.h.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ot/json_list.h"
#include "ot/types/rich_text_attributes.h"
#include "ot/types/rich_text_parts.h"
#include "ot/types/rich_text_place.h"

namespace segue::ot {
namespace {

using rich_text::Delete;
using rich_text::Insert;
using rich_text::is;
using rich_text::is_plain_retain;
using rich_text::Op;
using rich_text::PlaceInList;
using rich_text::PlaceInPieces;
using rich_text::Reader;
using rich_text::Retain;
using rich_text::SeekUnit;
using Attributes = RichText::Attributes;

// A document of at most so many inserts for each component of an op is taken apart to be edited,
// but not for very few components: see ot/types/rich_text_place.h.
constexpr std::size_t inserts_per_component = 2;
constexpr std::size_t components_min = 8;

// The parts of an insert; valid until it is edited.
struct Insides {
  const Json* content = nullptr;     // null: not looked up
  const Json* attributes = nullptr;  // null for none

  Insides() = default;
  explicit Insides(const Json& insert) {
    insert.for_each_member([&](std::string_view key, const Json& value) {
      if (key == "insert") content = &value;
      if (key == "attributes") attributes = &value;
    });
  }
};

// Null stands for no attributes.
bool are_equal(const Json* attributes, const Json* others) {
  if (attributes == nullptr || others == nullptr) return attributes == others;
  return attributes->printed_bytes() == others->printed_bytes() && *attributes == *others;
}

// Whether a text in a document and one that follows it become one.
bool joins(const Insides& before, const Json& content, const Json* attributes) {
  return content.is_string() && before.content->is_string() &&
         are_equal(before.attributes, attributes);
}

Json insert_of(Json content, const Json* attributes) {
  std::vector<std::pair<std::string, Json>> members;
  members.reserve(2);
  members.emplace_back("insert", std::move(content));
  if (attributes != nullptr) members.emplace_back("attributes", *attributes);
  return Json::object(std::move(members));
}

// Cuts off what stands behind `position`, which lies inside the text, and returns it.
Text cut_off(Text& text, std::size_t position) {
  const std::size_t size = text.length(Unit::utf16) - position;
  const auto flat = text.flat();
  const auto place = flat ? find_byte(*flat, position, Unit::utf16) : ByteOffset{0, true};
  Text tail(place.is_inside ? text.slice(position, size, Unit::utf16) : flat->substr(place.byte));
  text.erase(position, size, Unit::utf16);
  return tail;
}

// The document lies on both sides of a cursor: before it stands what is done, in its final form,
// behind it what is still to be composed. The cursor may be inside a text: then both parts have
// the same attributes, and would be put together again.
template <class Place>
class Edit {
 public:
  // REQUIRES: `doc` is a list of inserts only, and `op` reaches no further.
  explicit Edit(Json& doc) : place_(doc) {}

  void run(const Op& op) {
    compose_with(op);
    place_.finish();
  }

 private:
  void compose_with(const Op& op) {
    Reader reader(op);
    skip_leading(reader);
    while (!reader.at_end() || !place_.at_end()) {
      if (reader.next_is<Insert>()) {
        insert(std::get<Insert>(reader.next()));
        reader.pass();
        continue;
      }
      OT_ASSERT(!place_.at_end());
      if (pass_unchanged(reader)) {
        if (!reader.at_end()) continue;
        join_next();
        return;
      }
      const std::size_t count = std::min(left(), reader.left());
      if (reader.next_is<Delete>()) {
        reader.pass(count);
        remove(count);
        continue;
      }
      const Retain* retain = reader.at_end() ? &endless_ : &std::get<Retain>(reader.next());
      const bool stands_alone = keep(count, retain->attributes);
      reader.pass(count);
      if (!reader.at_end() || !stands_alone) continue;
      join_next();
      return;
    }
  }

  const Json& next() const { return place_.next(); }
  std::size_t left() const { return *next().insert_length() - offset_; }
  // REQUIRES below: there is one.
  const Insides& inside_next() {
    if (inside_next_.content == nullptr) inside_next_ = Insides(next());
    return inside_next_;
  }
  const Insides& inside_before() {
    if (inside_before_.content == nullptr) inside_before_ = Insides(place_.before());
    return inside_before_;
  }

  void skip_leading(Reader& reader) {
    if (reader.at_end() || !is_plain_retain(reader.next())) return;
    const std::size_t count = reader.left();
    SeekUnit seek{count};
    place_.step_from_begin(seek);
    if (seek.left < count) reader.pass(count - seek.left);
  }

  // Goes over what a plain retain keeps whole and as it is: the same as keep() for each insert.
  // False if there is none.
  bool pass_unchanged(Reader& reader) {
    if (offset_ > 0 || reader.at_end() || !is_plain_retain(reader.next())) return false;
    const std::size_t count = reader.left();
    std::size_t left = count;
    place_.step_while([&](const Json& insert) {
      const std::size_t length = *insert.insert_length();
      if (length == 0 || length > left) return false;
      const Insides inside(insert);
      if (inside.attributes != nullptr && inside.attributes->size() == 0) return false;
      const bool has_before = !place_.at_begin();
      if (has_before && joins(inside_before(), *inside.content, inside.attributes)) return false;
      left -= length;
      inside_before_ = inside;
      inside_next_ = {};
      return true;
    });
    if (left < count) reader.pass(count - left);
    return left < count;
  }

  void insert(const Insert& piece) {
    const Json* attributes = piece.attributes ? &*piece.attributes : nullptr;
    if (offset_ > 0) {
      if (joins(inside_next(), piece.content, attributes)) {
        const Text& more = piece.content.text();
        edit_next_text([&](Text& text) { text.insert(offset_, more, Unit::utf16); });
        offset_ += more.length(Unit::utf16);
        return;
      }
      split();
    } else if (!place_.at_begin() && joins(inside_before(), piece.content, attributes)) {
      append_to_last(piece.content.text());
      return;
    }
    inside_before_ = {};
    place_.put_before(insert_of(piece.content, attributes));
  }

  void append_to_last(const Text& more) {
    place_.edit_before([&](Json& insert) {
      edit_text(insert, inside_before_,
                [&](Text& text) { text.insert(text.length(Unit::utf16), more, Unit::utf16); });
    });
  }

  void remove(std::size_t count) {
    if (offset_ == 0 && count == left()) {
      take_next();
      return;
    }
    edit_next_text([&](Text& text) { text.erase(offset_, count, Unit::utf16); });
    advance(0);
  }

  // Whether what is kept now stands by itself: it is not a part of the text before it.
  bool keep(std::size_t count, const Attributes& formatting) {
    const Json* attributes = formatting ? nullptr : inside_next().attributes;
    const bool is_plain = !formatting && (attributes == nullptr || attributes->size() > 0);
    return is_plain ? keep_as_it_is(count) : reformat(count, formatting);
  }

  bool keep_as_it_is(std::size_t count) {
    if (offset_ == 0 && joins_last()) return join_last(count) == 0;
    const bool stands_alone = offset_ == 0;
    advance(count);
    return stands_alone;
  }

  bool reformat(std::size_t count, const Attributes& formatting) {
    const Json* attributes = inside_next().attributes;
    const Attributes before = attributes != nullptr ? Attributes(*attributes) : std::nullopt;
    Attributes after = compose(before, formatting, rich_text::Nulls::remove);
    const bool stays = after == before;
    if (offset_ > 0 && stays) {
      advance(count);
      return false;
    }
    if (offset_ > 0) split();
    if (!stays) {
      if (count < left()) split_behind(count);
      format(std::move(after));
    }
    if (joins_last()) return join_last(count) == 0;
    advance(count);
    return true;
  }

  // REQUIRES: stays within the next insert.
  void advance(std::size_t count) {
    offset_ += count;
    if (left() == 0) step();
  }

  void step() {
    place_.step();
    offset_ = 0;
    inside_before_ = std::exchange(inside_next_, {});
  }

  // The part behind the cursor becomes an insert of its own.
  void split() {
    split_behind(0);
    step();
  }

  void split_behind(std::size_t count) {
    Json tail;
    const std::size_t from = offset_ + count;
    edit_next_text([&](Text& text) { tail = Json(cut_off(text, from)); });
    place_.put_behind_next(insert_of(std::move(tail), inside_next().attributes));
  }

  void format(Attributes attributes) {
    inside_next_ = {};
    place_.edit_next([&](Json& insert) {
      if (attributes) {
        insert.set("attributes", std::move(*attributes));
      } else {
        insert.remove("attributes");
      }
    });
  }

  Json take_next() {
    inside_next_ = {};
    return place_.take_next();
  }

  // REQUIRES below: the cursor is inside no text.
  bool joins_last() {
    if (place_.at_begin() || place_.at_end()) return false;
    const Insides& inside = inside_next();
    return joins(inside_before(), *inside.content, inside.attributes);
  }

  // Puts the next text behind the one before it and the cursor `count` into it. Returns where in
  // the whole it begins.
  std::size_t join_last(std::size_t count) {
    const Json tail = take_next();
    const std::size_t begin = *place_.before().insert_length();
    append_to_last(tail.find("insert")->text());
    place_.step_back();
    inside_next_ = std::exchange(inside_before_, {});
    offset_ = begin;
    advance(count);
    return begin;
  }

  // What comes behind the op stays as it is cut, but for the first of it.
  void join_next() {
    if (offset_ == 0 && joins_last()) join_last(0);
  }

  template <class Change>
  void edit_next_text(Change change) {
    place_.edit_next([&](Json& insert) { edit_text(insert, inside_next_, change); });
  }
  template <class Change>
  static void edit_text(Json& insert, Insides& inside, Change change) {
    insert.edit("insert", [&](Json& content) {
      content.edit_text(change);
      if (&content != inside.content) inside = {};  // The edit was one of a copy.
    });
  }

  const Retain endless_{Reader::all, std::nullopt};  // lies behind the op
  Place place_;
  std::size_t offset_ = 0;  // 0, or inside the next text
  Insides inside_before_;
  Insides inside_next_;
};

bool is_dense(const Op& op, const Json& doc) {
  return doc.size() + components_min <= inserts_per_component * op.size();
}

// How far into a document `op` reaches at most.
std::size_t reach(const Op& op) {
  std::size_t units = 0;
  for (const auto& component : op) {
    if (!is<Insert>(component)) units += rich_text::length(component);
  }
  return units;
}

}  // namespace

Result<void> RichText::apply(Json& doc, const Op& op) {
  if (!doc.is_array()) return fail(Errc::op_not_applied, "rich-text edits lists of inserts only");
  const auto sum = doc.elements().summary();
  if (sum.others == 0 && reach(op) <= sum.insert_length) {
    if (is_dense(op, doc)) {
      Edit<PlaceInPieces>(doc).run(op);
    } else {
      Edit<PlaceInList>(doc).run(op);
    }
    return {};
  }
  // Past the end the reference does not edit a text any more, it composes two ops.
  const auto ops = parse(doc, SIZE_MAX);
  if (!ops) return fail(Errc::op_not_applied, ops.error().detail);
  auto composed = compose(*ops, op);
  if (!composed) return fail(std::move(composed.error()));
  doc = to_json(*composed);
  return {};
}

}  // namespace segue::ot
