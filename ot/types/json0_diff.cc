// diff(): what people did to a document, as far as two states of it tell.
#include <algorithm>
#include <span>
#include <unordered_map>

#include "ot/diff/myers.h"
#include "ot/diff/reorder.h"
#include "ot/diff/text_script.h"
#include "ot/json_text.h"
#include "ot/types/json0.h"

namespace segue::ot {
namespace {

using Index = Json0::Index;
using Op = Json0::Op;

// A shorter string is a name, which is set; a longer one is a text, which is edited.
constexpr std::size_t edited_length_min = 32;
constexpr std::size_t list_edits_max = 1000;

// Elements by their `id`, where each has one of its own.
using Ids = std::unordered_map<std::string, std::size_t>;

std::optional<Ids> ids_of(const Json& list) {
  Ids ids;
  bool has_ids = true;
  std::size_t index = 0;
  list.for_each_element([&](const Json& element) {
    const Json* id = has_ids ? element.find("id") : nullptr;
    has_ids = id != nullptr && (id->is_string() || id->is_number()) &&
              ids.emplace(json_text(*id), index++).second;
  });
  return has_ids ? std::optional(std::move(ids)) : std::nullopt;
}

std::string id_of(const Json& element) { return json_text(*element.find("id")); }

// Bytes that an op prints to, roughly.
std::size_t weight(std::span<const Json0::Component> components) {
  const Op op(components.begin(), components.end());
  return Json0::to_json(op).printed_bytes();
}

// Writes the op, one place of the document after another. Indexes are those of the moment.
class Differ {
 public:
  // What is at the path, and what is to be there.
  void diff(const Json& from, const Json& to) {
    if (from == to) return;
    if (from.is_object() && to.is_object()) {
      diff_objects(from, to);
    } else if (from.is_array() && to.is_array()) {
      diff_lists(from, to);
    } else if (!from.is_string() || !to.is_string() || !edit_text(from.text(), to.text())) {
      replace(from, to);
    }
  }

  Op take() { return std::move(op_); }

 private:
  void add(Json0::Instruction instruction) { op_.push_back({path_, std::move(instruction)}); }

  // `element` is an Index or a key.
  template <class Element, class Run>
  void at(Element element, Run&& run) {
    path_.emplace_back(std::move(element));
    std::forward<Run>(run)();
    path_.pop_back();
  }

  void insert(std::size_t index, const Json& value) {
    at(static_cast<Index>(index), [&] { add(Json0::ListEdit{std::nullopt, value}); });
  }
  void remove(std::size_t index, const Json& value) {
    at(static_cast<Index>(index), [&] { add(Json0::ListEdit{value, std::nullopt}); });
  }
  void replace(const Json& from, const Json& to) {
    if (!path_.empty() && std::holds_alternative<Index>(path_.back())) {
      add(Json0::ListEdit{from, to});
    } else {
      add(Json0::ObjectEdit{from, to});
    }
  }

  void diff_objects(const Json& from, const Json& to) {
    from.for_each_member([&](std::string_view key, const Json& value) {
      const Json* now = to.find(key);
      at(std::string(key), [&] {
        now != nullptr ? diff(value, *now) : add(Json0::ObjectEdit{value, std::nullopt});
      });
    });
    to.for_each_member([&](std::string_view key, const Json& value) {
      if (from.find(key) != nullptr) return;
      at(std::string(key), [&] { add(Json0::ObjectEdit{std::nullopt, value}); });
    });
  }

  // Whether it is a text that stays in good part.
  bool edit_text(const Text& from, const Text& to) {
    const std::size_t from_length = from.length(Unit::code_point);
    const std::size_t to_length = to.length(Unit::code_point);
    if (std::min(from_length, to_length) < edited_length_min) return false;
    const EditScript script = text_script(from, to);
    std::size_t kept = 0;
    for (const EditRun& run : script) kept += run.kind == EditKind::keep ? run.count : 0;
    if (2 * kept < std::max(from_length, to_length)) return false;
    add(Json0::TextEdit{text_edits(script, from, to)});
    return true;
  }

  static Text0::Op text_edits(const EditScript& script, const Text& from, const Text& to) {
    Text0::Op edits;
    std::size_t from_at = 0;
    std::size_t to_at = 0;
    std::size_t position = 0;  // in UTF-16 units, in the text as edited so far
    for (const EditRun& run : script) {
      if (run.kind == EditKind::erase) {
        const Text gone(from.slice(from_at, run.count, Unit::code_point));
        edits.emplace_back(Text0::Delete{position, gone});
        from_at += run.count;
        continue;
      }
      const Text passed(to.slice(to_at, run.count, Unit::code_point));
      if (run.kind == EditKind::insert) edits.emplace_back(Text0::Insert{position, passed});
      if (run.kind == EditKind::keep) from_at += run.count;
      to_at += run.count;
      position += passed.length(Unit::utf16);
    }
    return edits;
  }

  void diff_lists(const Json& from, const Json& to) {
    const auto from_ids = ids_of(from);
    const auto to_ids = ids_of(to);
    if (from_ids && to_ids) {
      diff_entities(from, *from_ids, to, *to_ids);
    } else {
      diff_values(from, to);
    }
  }

  // Removes, from the last; moves, as few as possible; inserts; then what changed in those that
  // stayed.
  void diff_entities(const Json& from, const Ids& from_ids, const Json& to, const Ids& to_ids) {
    std::vector<std::size_t> order;
    for (std::size_t i = from.size(); i > 0; --i) {
      const auto found = to_ids.find(id_of(from[i - 1]));
      if (found == to_ids.end()) {
        remove(i - 1, from[i - 1]);
      } else {
        order.push_back(found->second);
      }
    }
    std::reverse(order.begin(), order.end());
    for (const ListMove& move : reorder(order)) {
      at(static_cast<Index>(move.from), [&] { add(Json0::ListMove{static_cast<Index>(move.to)}); });
    }
    for (std::size_t i = 0; i < to.size(); ++i) {
      if (!from_ids.contains(id_of(to[i]))) insert(i, to[i]);
    }
    for (std::size_t i = 0; i < to.size(); ++i) {
      const auto found = from_ids.find(id_of(to[i]));
      if (found == from_ids.end()) continue;
      at(static_cast<Index>(i), [&] { diff(from[found->second], to[i]); });
    }
  }

  // By value: a shortest script of removes and inserts. One of each at one place is a change.
  void diff_values(const Json& from, const Json& to) {
    const EditScript script = list_script(from, to);
    std::size_t from_at = 0;
    std::size_t to_at = 0;
    for (std::size_t run = 0; run < script.size(); ++run) {
      const std::size_t count = script[run].count;
      if (script[run].kind == EditKind::keep) {
        from_at += count;
        to_at += count;
      } else if (script[run].kind == EditKind::insert) {
        for (std::size_t i = 0; i < count; ++i, ++to_at) insert(to_at, to[to_at]);
      } else {
        const bool is_change = run + 1 < script.size() && script[run + 1].kind == EditKind::insert;
        const std::size_t changed = is_change ? std::min(count, script[run + 1].count) : 0;
        for (std::size_t i = 0; i < changed; ++i) change(from[from_at++], to, to_at++);
        for (std::size_t i = changed; i < count; ++i) remove(to_at, from[from_at++]);
        for (std::size_t i = changed; is_change && i < script[run + 1].count; ++i, ++to_at) {
          insert(to_at, to[to_at]);
        }
        if (is_change) ++run;
      }
    }
  }

  // The element is replaced unless it is shorter to say what changed within it.
  void change(const Json& from, const Json& to, std::size_t index) {
    const std::size_t begin = op_.size();
    at(static_cast<Index>(index), [&] {
      diff(from, to[index]);
      Op whole = {{path_, Json0::ListEdit{from, to[index]}}};
      if (weight(std::span(op_).subspan(begin)) <= weight(whole)) return;
      op_.erase(op_.begin() + static_cast<std::ptrdiff_t>(begin), op_.end());
      op_.push_back(std::move(whole.front()));
    });
  }

  static EditScript list_script(const Json& from, const Json& to) {
    std::unordered_map<std::string, std::uint32_t> numbers;
    const auto numbered = [&](const Json& list) {
      std::vector<std::uint32_t> numbers_of;
      numbers_of.reserve(list.size());
      list.for_each_element([&](const Json& element) {
        const auto next = static_cast<std::uint32_t>(numbers.size());
        numbers_of.push_back(numbers.emplace(json_text(element), next).first->second);
      });
      return numbers_of;
    };
    const auto old_numbers = numbered(from);
    const auto new_numbers = numbered(to);
    return edit_script<std::uint32_t>(old_numbers, new_numbers, list_edits_max);
  }

  Json0::Path path_;
  Op op_;
};

}  // namespace

Op Json0::diff(const Json& doc, const Json& target) {
  Differ differ;
  differ.diff(doc, target);
  Op op = differ.take();
  // Too long a path or op, or a key that no path may hold: rather all at once than not at all.
  if (!parse(to_json(op))) return {{{}, ObjectEdit{doc, target}}};
  return op;
}

}  // namespace segue::ot
