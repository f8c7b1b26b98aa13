// What a message of the protocol says, read without trust in whoever sent it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "clients/reading.h"
#include "ot/ids.h"
#include "ot/json.h"

namespace segue::sim {

inline std::string text_at(const ot::Json& message, std::string_view key) {
  return client::string_or_empty(message.find(key));
}

inline std::optional<std::uint64_t> number_at(const ot::Json& message, std::string_view key) {
  return client::whole_number(message.find(key));
}

inline ot::DocId doc_of(const ot::Json& message) {
  return {text_at(message, "c"), text_at(message, "d")};
}

// Whether an "op" message is an op, and not the answer to one.
inline bool has_contents(const ot::Json& message) {
  return message.find("op") != nullptr || message.find("create") != nullptr ||
         message.find("del") != nullptr;
}

}  // namespace segue::sim
