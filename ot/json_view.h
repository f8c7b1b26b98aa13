// JsonView: a JSON value to be read, whether it is a Json or still a part of a JsonTape.
//
// What reads ops takes views, so that an op that just came as text need not become values first: it
// makes a Json of what it keeps. A view is two pointers, to be passed by value, and is good for as
// long as what it was made of stays as it is.
#pragma once

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>

#include "ot/assert.h"
#include "ot/byte_words.h"
#include "ot/json.h"
#include "ot/json_tape.h"
#include "ot/utf8.h"

namespace segue::ot {

class JsonView {
 public:
  class Elements;

  JsonView() = default;  // of nothing: what find() answers where there is no such member
  // NOLINTBEGIN(google-explicit-constructor): whatever can be viewed is passed as it is.
  JsonView(const Json& value) : json_(&value) {}
  JsonView(const JsonTape& tape) : JsonView(tape.root()) {}
  // NOLINTEND(google-explicit-constructor)
  explicit JsonView(const JsonToken& token) : token_(&token) {}

  explicit operator bool() const { return token_ != nullptr || json_ != nullptr; }

  // REQUIRES below: it is no view of nothing, and the kind fits.
  Json::Kind kind() const { return on_tape() ? token().kind : json().kind(); }
  bool is_null() const { return kind() == Json::Kind::null; }
  bool is_bool() const { return kind() == Json::Kind::boolean; }
  bool is_number() const { return kind() == Json::Kind::number; }
  bool is_string() const { return kind() == Json::Kind::string; }
  bool is_array() const { return kind() == Json::Kind::array; }
  bool is_object() const { return kind() == Json::Kind::object; }

  bool boolean() const { return on_tape() ? token().boolean : json().boolean(); }
  double number() const { return on_tape() ? token().number : json().number(); }

  // Of a string. Answers false for any other kind.
  bool is(std::string_view wtf8) const {
    if (!on_tape()) return json().is_string() && json().text() == wtf8;
    return token().kind == Json::Kind::string && byte_words::are_equal(token().string(), wtf8);
  }
  Text text() const { return on_tape() ? Text(token().string()) : json().text(); }
  bool has_lone_surrogate() const {
    return on_tape() ? ot::has_lone_surrogate(token().string())
                     : json().text().has_lone_surrogate();
  }
  std::size_t length(Unit unit) const;
  std::size_t bytes() const { return on_tape() ? token().size : json().text().bytes(); }
  // Its bytes; in `room` if they stand in pieces.
  std::string_view string(std::string& room) const;
  std::string str() const;

  // Number of elements or members.
  std::size_t size() const { return on_tape() ? token().size : json().size(); }
  Elements elements() const;
  // Calls visit(key, view) for each member, in order.
  template <class Visit>
  void for_each_member(Visit visit) const;
  // Answers nothing for any other kind than an object. O(members) on a tape.
  JsonView find(std::string_view key) const;

  Json value() const { return on_tape() ? make_json(token()) : json(); }

  // As operator== of Json.
  bool equals(const Json& other) const;

 private:
  friend class JsonPart;

  bool has_equal_elements(const Json& other) const;
  bool has_equal_members(const Json& other) const;
  bool on_tape() const { return token_ != nullptr; }
  const JsonToken& token() const { return *token_; }
  const Json& json() const { return *json_; }

  const JsonToken* token_ = nullptr;  // one of them
  const Json* json_ = nullptr;
};

// For loops: for (JsonView element : list.elements()).
class JsonView::Elements {
 public:
  class Iterator {
   public:
    using value_type = JsonView;
    using difference_type = std::ptrdiff_t;

    Iterator() = default;
    JsonView operator*() const { return list_ != nullptr ? (*list_)[index_] : JsonView(*token_); }
    Iterator& operator++() {
      if (token_ != nullptr) token_ = token_->next();
      ++index_;
      return *this;
    }
    Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator& other) const { return index_ == other.index_; }

   private:
    friend class Elements;
    Iterator(const JsonToken* token, const Json* list, std::size_t index)
        : token_(token), list_(list), index_(index) {}

    const JsonToken* token_ = nullptr;  // one of them
    const Json* list_ = nullptr;
    std::size_t index_ = 0;
  };

  explicit Elements(JsonView list) : list_(list) {}
  Iterator begin() const { return {list_.on_tape() ? list_.token_ + 1 : nullptr, list_.json_, 0}; }
  Iterator end() const { return {nullptr, nullptr, list_.size()}; }

 private:
  JsonView list_;
};

inline JsonView::Elements JsonView::elements() const {
  OT_ASSERT(is_array());
  return Elements(*this);
}

template <class Visit>
void JsonView::for_each_member(Visit visit) const {
  OT_ASSERT(is_object());
  if (!on_tape()) return json().for_each_member(visit);
  const JsonToken* key = &token() + 1;
  for (std::size_t i = 0; i < token().size; ++i, key = key[1].next()) {
    visit(key->string(), JsonView(key[1]));
  }
}

}  // namespace segue::ot
