// What a json0 op does to the thing at a path.
#include <algorithm>
#include <utility>
#include <vector>

#include "ot/types/json0.h"
#include "ot/types/json0_parts.h"

namespace segue::ot {
namespace {

using namespace json0_parts;

bool same(const PathElement& a, const PathElement& b) {
  const auto index = index_of(a);
  return index ? index == index_of(b) : a == b;
}

// How many elements the two begin with in common.
std::size_t shared_length(const Path& a, const Path& b) {
  const auto end = std::mismatch(a.begin(), a.end(), b.begin(), b.end(), same);
  return static_cast<std::size_t>(end.first - a.begin());
}

class Tracing {
 public:
  explicit Tracing(Path path) : path_(std::move(path)) {}

  // REQUIRES: !is_gone().
  void over(const Component& component) {
    const Path where = is_old_string_edit(component) ? parent_path(component.path) : component.path;
    const std::size_t shared = shared_length(where, path_);
    const auto* edit = as<ListEdit>(component);
    const auto* move = as<ListMove>(component);
    if (where.size() > path_.size()) {
      changed_ |= shared == path_.size();
    } else if (edit != nullptr || move != nullptr) {
      over_list(where, shared, edit, move);
    } else if (shared == where.size()) {
      // A key keeps its place whatever is put there; what was in the old value is gone.
      replace(where.size());
    }
  }

  bool is_gone() const { return gone_; }

  Traced result() const {
    if (gone_) return {Json(), true};
    std::vector<Json> elements;
    for (const PathElement& element : path_) {
      const auto* key = std::get_if<std::string>(&element);
      elements.push_back(key != nullptr ? Json(*key)
                                        : Json(static_cast<double>(std::get<Index>(element))));
    }
    return {Json::array(std::move(elements)), changed_};
  }

 private:
  // Something happens in the list that `where` leads into, which may be one on the way here.
  void over_list(const Path& where, std::size_t shared, const ListEdit* edit,
                 const ListMove* move) {
    const std::size_t last = where.size() - 1;
    const auto index = index_of(path_[last]);
    if (shared < last || !index) return;
    const Index at = std::get<Index>(where[last]);
    if (move != nullptr) {
      path_[last] = moved(*index, at, move->to);
    } else if (!edit->removed) {
      path_[last] = *index >= at ? *index + 1 : *index;
    } else if (*index == at) {
      edit->inserted ? replace(where.size()) : remove();
    } else if (!edit->inserted && *index > at) {
      path_[last] = *index - 1;
    }
  }

  static Index moved(Index index, Index from, Index to) {
    if (index == from) return to;
    const Index without = index > from ? index - 1 : index;
    return without >= to ? without + 1 : without;
  }

  // What stands at the first `depth` elements of the path has another value.
  void replace(std::size_t depth) {
    changed_ = true;
    gone_ = depth < path_.size();
  }

  void remove() {
    changed_ = true;
    gone_ = true;
  }

  Path path_;
  bool changed_ = false;
  bool gone_ = false;
};

}  // namespace

Result<Hold> Json0::hold_of(const Json& path) {
  auto parsed = parse_path(path);
  if (!parsed) return fail(std::move(parsed.error()));
  return Hold::advisory;
}

Result<Traced> Json0::trace(const Json& path, const Op& op) {
  auto parsed = parse_path(path);
  if (!parsed) return fail(std::move(parsed.error()));
  Tracing tracing(std::move(*parsed));
  for (const Component& component : op) {
    if (!tracing.is_gone()) tracing.over(component);
  }
  return tracing.result();
}

}  // namespace segue::ot
