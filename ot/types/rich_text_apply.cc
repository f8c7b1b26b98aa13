// apply(): compose(), done in place on the document. Only what the op reaches is looked at: the way
// to its first change is a search in the tree, and behind its last one everything stays.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ot/json_list.h"
#include "ot/types/rich_text_attributes.h"
#include "ot/types/rich_text_parts.h"

namespace segue::ot {
namespace {

using rich_text::Delete;
using rich_text::Insert;
using rich_text::is;
using rich_text::is_plain_retain;
using rich_text::Op;
using rich_text::Reader;
using rich_text::Retain;
using Attributes = RichText::Attributes;

// Finds the first insert that does not lie within the first `left` units.
struct SeekUnit {
  std::size_t left;

  bool operator()(const JsonElementTraits::Summary& sum) { return !pass(sum.insert_length); }
  bool operator()(const Json& insert) { return !pass(*insert.insert_length()); }
  bool pass(std::size_t length) {
    if (length > left) return false;
    left -= length;
    return true;
  }
};

bool is_text(const Json& insert) { return insert.find("insert")->is_string(); }

Attributes attributes_of(const Json& insert) {
  const Json* attributes = insert.find("attributes");
  return attributes ? Attributes(*attributes) : std::nullopt;
}

// Null stands for no attributes.
bool are_equal(const Json* attributes, const Json* others) {
  if (attributes == nullptr || others == nullptr) return attributes == others;
  return attributes->printed_bytes() == others->printed_bytes() && *attributes == *others;
}

// Whether a text in a document and one that follows it become one.
bool joins(const Json& before, const Json& content, const Json* attributes) {
  return content.is_string() && is_text(before) && are_equal(before.find("attributes"), attributes);
}

// What of an insert decides whether it and a neighbour stay apart.
struct Outside {
  const Json* insert;
  const Json* attributes;  // null for none

  explicit Outside(const Json& of) : insert(&of), attributes(of.find("attributes")) {}
};

// Whether an insert that is kept stays as it is behind the one before it.
bool is_settled(const std::optional<Outside>& before, const Outside& next) {
  if (next.attributes != nullptr && next.attributes->size() == 0) return false;
  if (!before || !are_equal(before->attributes, next.attributes)) return true;
  return !is_text(*next.insert) || !is_text(*before->insert);
}

Json insert_of(Json content, const Attributes& attributes) {
  std::vector<std::pair<std::string, Json>> members;
  members.reserve(2);
  members.emplace_back("insert", std::move(content));
  if (attributes) members.emplace_back("attributes", *attributes);
  return Json::object(std::move(members));
}

// The document lies on both sides of a cursor: before it stands what is done, in its final form,
// behind it what is still to be composed. The cursor may be inside a text: then both parts have
// the same attributes, and would be put together again.
class Edit {
 public:
  // REQUIRES: `doc` is a list of inserts only, and `op` reaches no further.
  explicit Edit(Json& doc) : doc_(doc) {}

  void run(const Op& op) {
    Reader reader(op);
    skip_leading(reader);
    while (!reader.at_end() || !at_end()) {
      if (reader.next_is<Insert>()) {
        insert(std::get<Insert>(reader.take()));
        continue;
      }
      OT_ASSERT(!at_end());
      if (pass_unchanged(reader)) {
        if (!reader.at_end()) continue;
        join_next();
        return;
      }
      const std::size_t count = std::min(left(), reader.left());
      const auto change = reader.take(count);
      if (is<Delete>(change)) {
        remove(count);
        continue;
      }
      const bool stands_alone = keep(count, std::get<Retain>(change).attributes);
      if (!reader.at_end() || !stands_alone) continue;
      join_next();
      return;
    }
  }

 private:
  bool at_end() const { return index_ == doc_.size(); }
  const Json& current() const { return doc_[index_]; }
  std::size_t left() const { return *current().insert_length() - offset_; }

  void skip_leading(Reader& reader) {
    if (reader.at_end() || !is_plain_retain(reader.next())) return;
    const std::size_t count = reader.left();
    SeekUnit seek{count};
    index_ = doc_.elements().seek(seek);
    if (seek.left < count) reader.take(count - seek.left);
  }

  // Goes over what a plain retain keeps whole and as it is: the same as keep() for each insert, but
  // without a look-up and copies. False if there is none.
  bool pass_unchanged(Reader& reader) {
    if (offset_ > 0 || reader.at_end() || !is_plain_retain(reader.next())) return false;
    const std::size_t count = reader.left();
    std::size_t left = count;
    std::optional<Outside> before;
    if (index_ > 0) before = Outside(doc_[index_ - 1]);
    for (bool goes_on = true; goes_on && !at_end();) {
      for (const Json& insert : doc_.elements().run(index_)) {
        const std::size_t length = *insert.insert_length();
        goes_on = length > 0 && length <= left;
        if (!goes_on) break;
        const Outside outside(insert);
        goes_on = is_settled(before, outside);
        if (!goes_on) break;
        left -= length;
        ++index_;
        before = outside;
      }
    }
    if (left < count) reader.take(count - left);
    return left < count;
  }

  void insert(const Insert& piece) {
    const std::size_t host = offset_ > 0 ? index_ : index_ - 1;
    const Json* attributes = piece.attributes ? &*piece.attributes : nullptr;
    if (host < doc_.size() && joins(doc_[host], piece.content, attributes)) {
      const std::size_t position = offset_ > 0 ? offset_ : *doc_[host].insert_length();
      const Text& more = piece.content.text();
      edit_text(host, [&](Text& text) { text.insert(position, more, Unit::utf16); });
      if (offset_ > 0) offset_ += more.length(Unit::utf16);
      return;
    }
    if (offset_ > 0) split();
    doc_.insert(index_++, insert_of(piece.content, piece.attributes));
  }

  void remove(std::size_t count) {
    if (offset_ == 0 && count == left()) {
      doc_.erase(index_);
      return;
    }
    edit_text(index_, [&](Text& text) { text.erase(offset_, count, Unit::utf16); });
    advance(0);
  }

  // Whether what is kept now stands by itself: it is not a part of the text before it.
  bool keep(std::size_t count, const Attributes& formatting) {
    const Json* attributes = formatting ? nullptr : current().find("attributes");
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
    const Attributes before = attributes_of(current());
    const Attributes after = compose(before, formatting, rich_text::Nulls::remove);
    const bool stays = after == before;
    if (offset_ > 0 && stays) {
      advance(count);
      return false;
    }
    if (offset_ > 0) split();
    if (!stays) {
      if (count < left()) split_behind(count);
      format(after);
    }
    if (joins_last()) return join_last(count) == 0;
    advance(count);
    return true;
  }

  // REQUIRES: stays within the current insert.
  void advance(std::size_t count) {
    offset_ += count;
    if (left() > 0) return;
    ++index_;
    offset_ = 0;
  }

  // The part behind the cursor becomes an insert of its own.
  void split() {
    split_behind(0);
    ++index_;
    offset_ = 0;
  }

  void split_behind(std::size_t count) {
    const std::size_t from = offset_ + count;
    const std::size_t size = left() - count;
    const Attributes attributes = attributes_of(current());
    std::string tail = current().find("insert")->text().slice(from, size, Unit::utf16);
    edit_text(index_, [&](Text& text) { text.erase(from, size, Unit::utf16); });
    doc_.insert(index_ + 1, insert_of(Json(tail), attributes));
  }

  void format(const Attributes& attributes) {
    doc_.edit(index_, [&](Json& insert) {
      if (attributes) {
        insert.set("attributes", *attributes);
      } else {
        insert.remove("attributes");
      }
    });
  }

  // REQUIRES below: the cursor is inside no text.
  bool joins_last() const {
    if (index_ == 0 || at_end()) return false;
    return joins(doc_[index_ - 1], *current().find("insert"), current().find("attributes"));
  }

  // Puts the current text behind the one before it and the cursor `count` into it. Returns where in
  // the whole it begins.
  std::size_t join_last(std::size_t count) {
    const Json next = doc_.erase(index_--);
    const std::size_t begin = *current().insert_length();
    const Text& tail = next.find("insert")->text();
    edit_text(index_, [&](Text& text) { text.insert(begin, tail, Unit::utf16); });
    offset_ = begin;
    advance(count);
    return begin;
  }

  // What comes behind the op stays as it is cut, but for the first of it.
  void join_next() {
    if (offset_ == 0 && joins_last()) join_last(0);
  }

  template <class Change>
  void edit_text(std::size_t index, Change change) {
    doc_.edit(index, [&](Json& insert) {
      insert.edit("insert", [&](Json& content) { content.edit_text(change); });
    });
  }

  Json& doc_;
  std::size_t index_ = 0;
  std::size_t offset_ = 0;  // 0, or inside the text at index_
};

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
    Edit(doc).run(op);
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
