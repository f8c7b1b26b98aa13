#include "server/query/reply.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "ot/json_text.h"
#include "ot/reply.h"

namespace segue::query {

namespace {

ot::Snapshot seen(const Entry& entry, const ot::Projection* projection) {
  if (projection == nullptr) {
    return entry.snapshot;
  }
  auto projected = projection->project(entry.snapshot);
  return projected ? std::move(*projected) : ot::Snapshot{entry.snapshot.version, nullptr, {}};
}

// {v, data, type?, d}
void append_document(const Entry& entry, const ot::Projection* projection, std::string& out) {
  out += ot::snapshot_text(seen(entry, projection));
  out.back() = ',';
  out += "\"d\":";
  ot::print_json_string(entry.id, out);
  out += '}';
}

std::string list_of(std::span<const Entry* const> entries, const ot::Projection* projection) {
  std::string out;
  for (const Entry* entry : entries) {
    out += out.empty() ? '[' : ',';
    append_document(*entry, projection, out);
  }
  return out.empty() ? "[]" : out + ']';
}

std::string extra_of(const LiveQuery& live) {
  return live.query().count ? ",\"extra\":" + std::to_string(live.count()) : "";
}

// A plain reply, open for more.
std::string head(ot::JsonView request) {
  std::string out = ot::plain_reply(request);
  out.pop_back();
  return out;
}

std::string update_head(double number) {
  return R"({"a":"q","id":)" + ot::json_text(ot::Json(number));
}

void append_edit(const Edit& edit, std::string& out) {
  if (edit.kind == Edit::Kind::remove) {
    out += R"({"type":"remove","index":)" + std::to_string(edit.index) + R"(,"howMany":1})";
  } else {
    out += R"({"type":"move","from":)" + std::to_string(edit.index) + R"(,"to":)" +
           std::to_string(edit.to) + R"(,"howMany":1})";
  }
}

bool follows(const Edit& edit, const Edit& previous) {
  return edit.kind == Edit::Kind::insert && previous.kind == Edit::Kind::insert &&
         edit.index == previous.index + 1;
}

}  // namespace

std::string results_reply(ot::JsonView request, const LiveQuery& live,
                          const ot::Projection* projection) {
  const auto shown = live.shown();
  const std::vector<const Entry*> entries(shown.begin(), shown.end());
  return head(request) + ",\"data\":" + list_of(entries, projection) + extra_of(live) + '}';
}

std::string resumed_reply(ot::JsonView request, const LiveQuery& live,
                          std::span<const Entry* const> missing, const ot::Projection* projection) {
  std::string out = head(request);
  for (const Entry* entry : missing) {
    out += entry == missing.front() ? ",\"data\":{" : ",";
    ot::print_json_string(entry->id, out);
    out += ':' + ot::snapshot_text(seen(*entry, projection));
  }
  out += missing.empty() ? "" : "}";
  return out + extra_of(live) + '}';
}

std::string diff_message(double number, std::span<const Edit> edits,
                         const ot::Projection* projection) {
  std::string out = update_head(number) + ",\"diff\":[";
  for (std::size_t i = 0; i < edits.size();) {
    out += i == 0 ? "" : ",";
    if (edits[i].kind != Edit::Kind::insert) {
      append_edit(edits[i++], out);
      continue;
    }
    std::vector<const Entry*> values{edits[i].entry};
    const std::size_t first = edits[i].index;
    for (++i; i < edits.size() && follows(edits[i], edits[i - 1]); ++i) {
      values.push_back(edits[i].entry);
    }
    out += R"({"type":"insert","index":)" + std::to_string(first) + R"(,"values":)" +
           list_of(values, projection) + '}';
  }
  return out + "]}";
}

std::string count_message(double number, std::size_t count) {
  return update_head(number) + ",\"extra\":" + std::to_string(count) + '}';
}

std::string failed_message(double number, const ot::Error& error) {
  return update_head(number) + ",\"error\":" + ot::error_text(error) + '}';
}

std::vector<Edit> difference(const std::vector<ot::QuerySubscribe::Known>& known,
                             std::span<Entry* const> shown) {
  std::unordered_map<std::string_view, Entry*> wanted;
  for (Entry* entry : shown) {
    wanted.emplace(entry->id, entry);
  }
  std::vector<Edit> edits;
  std::vector<Entry*> list;  // what the client has, as the edits go
  std::unordered_set<Entry*> had;
  for (const auto& one : known) {
    const auto found = wanted.find(one.id);
    if (found == wanted.end() || !had.insert(found->second).second) {
      edits.push_back({Edit::Kind::remove, list.size()});
    } else {
      list.push_back(found->second);
    }
  }
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const auto here = list.begin() + static_cast<std::ptrdiff_t>(i);
    if (i < list.size() && *here == shown[i]) {
      continue;
    }
    if (!had.contains(shown[i])) {
      edits.push_back({Edit::Kind::insert, i, shown[i]});
      list.insert(here, shown[i]);
      continue;
    }
    const auto there = std::find(here, list.end(), shown[i]);
    edits.push_back(
        {Edit::Kind::move, static_cast<std::size_t>(there - list.begin()), shown[i], i});
    std::rotate(here, there, there + 1);
  }
  return edits;
}

}  // namespace segue::query
