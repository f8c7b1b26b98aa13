// JsonPart: a JSON value that may still be tokens of a text: what came from a client stays so until
// it is known what it is.
//
// Immutable. Copies share the tape that it is a part of, and may be used from different threads.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>

#include "ot/assert.h"
#include "ot/json.h"
#include "ot/json_tape.h"
#include "ot/json_view.h"

namespace segue::ot {

class JsonPart {
 public:
  JsonPart() = default;  // null
  // NOLINTBEGIN(google-explicit-constructor): whatever holds a value, whole.
  JsonPart(Json value) : json_(std::move(value)) {}
  JsonPart(JsonTape tape)
      : tape_(std::make_shared<const JsonTape>(std::move(tape))), token_(&tape_->root()) {}
  // Good for as long as this is.
  operator JsonView() const { return view(); }
  // NOLINTEND(google-explicit-constructor)
  JsonView view() const { return token_ != nullptr ? JsonView(*token_) : JsonView(json_); }

  // REQUIRES: it is of a value in this one.
  JsonPart part(JsonView view) const {
    OT_ASSERT((token_ != nullptr) == (view.token_ != nullptr));
    JsonPart part(token_ != nullptr ? Json() : *view.json_);
    part.tape_ = tape_;
    part.token_ = view.token_;
    return part;
  }
  Json value() const { return view().value(); }

  // How long the text is that this is a part of; of a value, the text it prints to.
  std::size_t text_bytes() const {
    return token_ != nullptr ? tape_->text_bytes() : json_.printed_bytes();
  }

 private:
  std::shared_ptr<const JsonTape> tape_;
  const JsonToken* token_ = nullptr;  // in it; else it is the value
  Json json_;
};

}  // namespace segue::ot
