#include "server/http/json_patch.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "server/http/conditions.h"

namespace segue::server {

using ot::Json;

namespace {

constexpr std::size_t operations_max = 10'000;

using Path = std::vector<std::string>;
using Place = std::span<const std::string>;

tl::unexpected<Problem> malformed(std::string detail, std::string field) {
  return refuse({Fault::bad_json, std::move(detail), std::move(field)});
}
tl::unexpected<Problem> does_not_fit(std::string detail) {
  return refuse({Fault::patch_failed, std::move(detail)});
}

// A JSON Pointer (RFC 6901).
std::optional<Path> parse_pointer(const std::string& text) {
  Path path;
  if (!text.empty() && text.front() != '/') {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '/') {
      path.emplace_back();
    } else if (text[i] != '~') {
      path.back() += text[i];
    } else if (++i < text.size() && (text[i] == '0' || text[i] == '1')) {
      path.back() += text[i] == '0' ? '~' : '/';
    } else {
      return std::nullopt;
    }
  }
  return path;
}

// Where `token` stands in a list; `end` is what "-" means, and one past what is allowed.
std::optional<std::size_t> list_index(const std::string& token, std::size_t end) {
  if (token == "-") {
    return end;
  }
  const bool canonical = token == "0" || (!token.empty() && token.front() != '0');
  const auto index = canonical ? parse_integer(token) : std::nullopt;
  return index && *index <= end ? std::optional<std::size_t>(*index) : std::nullopt;
}

std::optional<std::size_t> element_index(const Json& list, const std::string& token) {
  const auto index = list_index(token, list.size());
  return index && *index < list.size() ? index : std::nullopt;
}

// Null if nothing is there.
const Json* find(const Json& doc, Place path) {
  const Json* at = &doc;
  for (const std::string& token : path) {
    if (at->is_array()) {
      const auto index = element_index(*at, token);
      at = index ? &(*at)[*index] : nullptr;
    } else {
      at = at->find(token);
    }
    if (at == nullptr) {
      return nullptr;
    }
  }
  return at;
}

using Edit = std::function<Answer<void>(Json& parent, const std::string& token)>;

// Runs `edit` on the container that the last token of `path` stands in.
Answer<void> edit_parent(Json& doc, Place path, const Edit& edit) {
  if (path.size() == 1) {
    return edit(doc, path.front());
  }
  const auto inside = [&](Json& child) { return edit_parent(child, path.subspan(1), edit); };
  if (doc.is_array()) {
    const auto index = element_index(doc, path.front());
    return index ? doc.edit(*index, inside) : does_not_fit("Its parent does not exist.");
  }
  return doc.find(path.front()) != nullptr ? doc.edit(path.front(), inside)
                                           : does_not_fit("Its parent does not exist.");
}

Answer<void> add_to(Json& parent, const std::string& token, const Json& value) {
  if (parent.is_object()) {
    parent.set(token, value);
    return {};
  }
  const auto index = parent.is_array() ? list_index(token, parent.size()) : std::nullopt;
  if (!index) {
    return does_not_fit("There is no such place to add to.");
  }
  parent.insert(*index, value);
  return {};
}

Answer<void> remove_from(Json& parent, const std::string& token) {
  if (parent.is_object() && parent.remove(token)) {
    return {};
  }
  const auto index = parent.is_array() ? element_index(parent, token) : std::nullopt;
  if (!index) {
    return does_not_fit("There is nothing to remove.");
  }
  parent.erase(*index);
  return {};
}

Answer<void> replace_in(Json& parent, const std::string& token, const Json& value) {
  if (parent.is_array()) {
    parent.replace(*element_index(parent, token), value);
  } else {
    parent.set(token, value);
  }
  return {};
}

Answer<void> add(Json& doc, Place path, const Json& value) {
  if (path.empty()) {
    doc = value;
    return {};
  }
  return edit_parent(doc, path, [&](Json& parent, const std::string& token) {
    return add_to(parent, token, value);
  });
}

Answer<void> remove(Json& doc, Place path) {
  if (path.empty()) {
    doc = Json();
    return {};
  }
  return edit_parent(doc, path, remove_from);
}

Answer<void> replace(Json& doc, Place path, const Json& value) {
  if (find(doc, path) == nullptr) {
    return does_not_fit("There is nothing to replace.");
  }
  if (path.empty()) {
    doc = value;
    return {};
  }
  return edit_parent(doc, path, [&](Json& parent, const std::string& token) {
    return replace_in(parent, token, value);
  });
}

struct Operation {
  std::string op;
  Path path;
  Path from;
  Json value;
};

bool needs_value(const std::string& op) { return op == "add" || op == "replace" || op == "test"; }
bool needs_from(const std::string& op) { return op == "move" || op == "copy"; }

Answer<Path> read_pointer(const Json& in, std::string_view key) {
  const Json* text = in.find(key);
  auto path = text != nullptr && text->is_string() ? parse_pointer(text->str()) : std::nullopt;
  if (!path) {
    return malformed("It must be a JSON Pointer.", std::string(key));
  }
  return std::move(*path);
}

Answer<Operation> read_operation(const Json& in) {
  const Json* op = in.find("op");
  Operation operation;
  operation.op = op != nullptr && op->is_string() ? op->str() : "";
  if (!needs_value(operation.op) && !needs_from(operation.op) && operation.op != "remove") {
    return malformed("It must be add, remove, replace, move, copy or test.", "op");
  }
  auto path = read_pointer(in, "path");
  if (!path) {
    return refuse(path.error());
  }
  operation.path = std::move(*path);
  if (needs_from(operation.op)) {
    auto from = read_pointer(in, "from");
    if (!from) {
      return refuse(from.error());
    }
    operation.from = std::move(*from);
  }
  const Json* value = in.find("value");
  if (needs_value(operation.op) && value == nullptr) {
    return malformed("It is missing.", "value");
  }
  operation.value = value != nullptr ? *value : Json();
  return operation;
}

Answer<void> take_over(Json& doc, const Operation& operation) {
  const Json* found = find(doc, operation.from);
  if (found == nullptr) {
    return does_not_fit("There is nothing at from.");
  }
  const Json value = *found;
  if (operation.op == "copy") {
    return add(doc, operation.path, value);
  }
  if (operation.path == operation.from) {
    return {};
  }
  const bool inside =
      operation.path.size() > operation.from.size() &&
      std::equal(operation.from.begin(), operation.from.end(), operation.path.begin());
  if (inside) {
    return does_not_fit("A value cannot be moved into itself.");
  }
  if (auto removed = remove(doc, operation.from); !removed) {
    return removed;
  }
  return add(doc, operation.path, value);
}

Answer<void> apply(Json& doc, const Operation& operation) {
  if (operation.op == "add") {
    return add(doc, operation.path, operation.value);
  }
  if (operation.op == "remove") {
    return remove(doc, operation.path);
  }
  if (operation.op == "replace") {
    return replace(doc, operation.path, operation.value);
  }
  if (operation.op == "test") {
    const Json* found = find(doc, operation.path);
    const bool equal = found != nullptr && *found == operation.value;
    return equal ? Answer<void>() : does_not_fit("The test fails.");
  }
  return take_over(doc, operation);
}

Problem at(std::size_t index, Problem problem) {
  problem.field = '/' + std::to_string(index) + (problem.field.empty() ? "" : '/' + problem.field);
  return problem;
}

}  // namespace

Answer<Json> apply_json_patch(Json doc, const Json& patch, std::size_t bytes_max) {
  if (!patch.is_array()) {
    return malformed("A JSON Patch is a list of operations.", "");
  }
  if (patch.size() > operations_max) {
    return refuse({Fault::too_large,
                   "A JSON Patch has at most " + std::to_string(operations_max) + " operations."});
  }
  for (std::size_t i = 0; i < patch.size(); ++i) {
    const auto operation = read_operation(patch[i]);
    if (!operation) {
      return refuse(at(i, operation.error()));
    }
    if (auto applied = apply(doc, *operation); !applied) {
      return refuse(at(i, applied.error()));
    }
    if (doc.printed_bytes() > bytes_max) {
      return refuse(at(i, {Fault::too_large, "The document would become too large."}));
    }
  }
  return doc;
}

Json apply_merge_patch(Json doc, const Json& patch) {
  if (!patch.is_object()) {
    return patch;
  }
  if (!doc.is_object()) {
    doc = Json::object();
  }
  patch.for_each_member([&](std::string_view key, const Json& value) {
    if (value.is_null()) {
      doc.remove(key);
      return;
    }
    const Json* old = doc.find(key);
    doc.set(key, apply_merge_patch(old != nullptr ? *old : Json(), value));
  });
  return doc;
}

}  // namespace segue::server
