#include "server/http/blame.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "ot/json_text.h"
#include "server/rebuild.h"

namespace segue::server {

using ot::Json;

namespace {

// A member of the document, or an element of the list in it.
struct Part {
  std::string key;
  std::optional<std::string> id;

  // NOLINTNEXTLINE(modernize-use-nullptr): the tool trips over a defaulted <=>.
  auto operator<=>(const Part&) const = default;
};

std::optional<std::string> id_of(const Json& element) {
  const Json* id = element.find("id");
  return id != nullptr && id->is_string() ? std::optional(id->str()) : std::nullopt;
}

using Parts = std::map<Part, Json>;

Parts parts_of(const Json& doc) {
  Parts parts;
  if (!doc.is_object()) {
    return parts;
  }
  doc.for_each_member([&](std::string_view key, const Json& value) {
    parts.emplace(Part{std::string(key), std::nullopt}, value);
    if (!value.is_array()) {
      return;
    }
    value.for_each_element([&](const Json& element) {
      if (auto id = id_of(element)) {
        parts.emplace(Part{std::string(key), std::move(id)}, element);
      }
    });
  });
  return parts;
}

// Which op last changed each part, as ops go by.
class Blame {
 public:
  // Nothing is known of what is in `doc`.
  explicit Blame(const Json& doc) : parts_(parts_of(doc)) {}

  void pass(const oplog::Entry& entry, const Json& doc) {
    Parts after = parts_of(doc);
    std::erase_if(changed_, [&](const auto& part) { return !after.contains(part.first); });
    for (const auto& [part, value] : after) {
      const auto before = parts_.find(part);
      if (before == parts_.end() || before->second != value) {
        changed_.insert_or_assign(part, by(entry));
      }
    }
    parts_ = std::move(after);
  }

  std::string text(const ot::Snapshot& now, ot::Version since) const {
    std::string out = "{\"version\":" + std::to_string(now.version.value) +
                      ",\"since\":" + std::to_string(since.value) + ",\"members\":[";
    for (const auto& [part, by] : changed_) {
      if (now.data.find(part.key) == nullptr) {
        continue;  // A projection leaves it out.
      }
      out += out.back() == '[' ? "{\"path\":" : ",{\"path\":";
      out += path(part, now.data);
      if (part.id) {
        out += ",\"id\":";
        ot::print_json_string(*part.id, out);
      }
      out += by + '}';
    }
    return out + "]}\n";
  }

 private:
  static std::string by(const oplog::Entry& entry) {
    std::string out = ",\"v\":" + std::to_string(entry.version.value) + ",\"src\":";
    ot::print_json_string(entry.src.value, out);
    out += ",\"seq\":" + std::to_string(entry.seq.value);
    out += ",\"time_ms\":" + std::to_string(entry.time_ms) + ",\"author\":";
    ot::print_json_string(entry.author, out);
    return out;
  }

  static std::string path(const Part& part, const Json& doc) {
    std::string out = "[";
    ot::print_json_string(part.key, out);
    if (part.id) {
      const Json& list = *doc.find(part.key);
      std::size_t index = 0;
      while (id_of(list[index]) != part.id) {
        ++index;
      }
      out += ',' + std::to_string(index);
    }
    return out + ']';
  }

  Parts parts_;
  std::map<Part, std::string> changed_;
};

// How many ops are looked at: fewer of a document of many parts.
std::uint64_t ops_max(const Json& doc) {
  constexpr std::size_t parts_looked_at_max = 4'000'000;
  return std::clamp<std::size_t>(parts_looked_at_max / (parts_of(doc).size() + 1), 100, 10'000);
}

}  // namespace

Answer<std::string> blame(const oplog::OpLog& log, const ot::DocId& doc, const ot::Snapshot& now,
                          ot::TypeLookup types, const ot::DocumentLimits& limits) {
  if (!now.data.is_object()) {
    return refuse({Fault::no_blame, "Blame is told of the members of an object."});
  }
  const std::uint64_t looked_at = std::min(now.version.value, ops_max(now.data));
  const ot::Version since{now.version.value - looked_at};
  auto rebuilt = rebuild(log, doc, since, limits, types);
  if (!rebuilt) {
    return refuse(problem_of(rebuilt.error()));
  }
  ot::Document& document = rebuilt->document;
  Blame blame(document.snapshot().data);
  const auto passed =
      for_each_entry(log, doc, document.version(), now.version, [&](oplog::Entry entry) {
        auto replayed = document.replay(committed_op(entry));
        if (replayed) {
          blame.pass(entry, document.snapshot().data);
        }
        return replayed;
      });
  if (!passed) {
    return refuse(problem_of(passed.error()));
  }
  return blame.text(now, since);
}

}  // namespace segue::server
