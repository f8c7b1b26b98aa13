#include "server/query/collection_index.h"

#include <algorithm>
#include <utility>

#include "ot/assert.h"

namespace segue::query {

using ot::Json;

namespace {

bool matches(const LiveQuery& query, const ot::Snapshot& snapshot) {
  return snapshot.type != nullptr && query.query().filter.matches(snapshot.data);
}

bool same(const Json* a, const Json* b) {
  return a == b || (a != nullptr && b != nullptr && *a == *b);
}

// As long as trees of small members take.
std::size_t bytes_of(const ot::Snapshot& snapshot) {
  constexpr std::size_t bytes_per_printed_byte = 4;
  return snapshot.type == nullptr ? 0 : bytes_per_printed_byte * snapshot.data.printed_bytes();
}

}  // namespace

// ---- queries

std::unique_ptr<LiveQuery> CollectionIndex::evaluate(Query query) const {
  auto live = std::make_unique<LiveQuery>(std::move(query));
  fill(*live);
  return live;
}

void CollectionIndex::fill(LiveQuery& query) const {
  std::vector<Entry*> found;
  std::size_t count = 0;
  for (const auto& [id, entry] : entries_) {
    if (matches(query, entry->snapshot)) {
      ++count;
      if (!query.query_.count) {
        found.push_back(entry.get());
      }
    }
  }
  query.count_ = count;
  query.results_.fill(std::move(found));
}

LiveQuery& CollectionIndex::add(Query query) {
  auto owned = evaluate(std::move(query));
  LiveQuery& live = *owned;
  queries_.emplace(&live, std::move(owned));
  for (Entry* entry : live.shown()) {
    entry->shown_in.push_back(&live);
  }
  enlist(live);
  return live;
}

void CollectionIndex::remove(LiveQuery& query) {
  for (Entry* entry : query.shown()) {
    std::erase(entry->shown_in, &query);
  }
  withdraw(query);
  queries_.erase(&query);
}

// Where it selects by a field's value it is found by that alone: nothing else can concern it.
void CollectionIndex::enlist(LiveQuery& query) {
  if (query.fields_.empty()) {
    unconditional_.insert(&query);
  }
  const auto& selector = query.query_.filter.selector();
  if (selector) {
    for (const std::string& value : selector->values) {
      fields_[selector->field].by_value[value].insert(&query);
    }
  }
  for (const std::string& field : query.fields_) {
    Dependents& dependents = fields_[field];
    ++dependents.queries;
    if (!selector) {
      dependents.others.insert(&query);
    }
  }
}

void CollectionIndex::withdraw(LiveQuery& query) {
  unconditional_.erase(&query);
  if (const auto& selector = query.query_.filter.selector()) {
    Dependents& dependents = fields_[selector->field];
    for (const std::string& value : selector->values) {
      const auto queries = dependents.by_value.find(value);
      if (queries != dependents.by_value.end() && queries->second.erase(&query) > 0 &&
          queries->second.empty()) {
        dependents.by_value.erase(queries);
      }
    }
  }
  for (const std::string& field : query.fields_) {
    const auto dependents = fields_.find(field);
    dependents->second.others.erase(&query);
    if (--dependents->second.queries == 0) {
      fields_.erase(dependents);
    }
  }
}

const Entry* CollectionIndex::find(const std::string& id) const {
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : found->second.get();
}

// ---- changes

// Those that may match before or after, and depend on what differs.
std::vector<LiveQuery*> CollectionIndex::candidates(const ot::Snapshot& before,
                                                    const ot::Snapshot& after) {
  std::vector<LiveQuery*> found;
  const bool comes_or_goes = (before.type == nullptr) != (after.type == nullptr);
  std::set<std::string> changed;
  for (const auto& [field, dependents] : fields_) {
    if (!same(before.data.find(field), after.data.find(field))) {
      changed.insert(field);
    }
  }
  if (changed.empty() && !comes_or_goes) {
    return found;
  }
  ++change_;
  const auto add = [&](LiveQuery* query) {
    if (query->seen_ != change_ && (comes_or_goes || depends(*query, changed))) {
      query->seen_ = change_;
      found.push_back(query);
    }
  };
  for (const auto& [field, dependents] : fields_) {
    if (comes_or_goes || changed.contains(field)) {
      std::for_each(dependents.others.begin(), dependents.others.end(), add);
    }
    if (dependents.by_value.empty()) {
      continue;
    }
    for (const ot::Snapshot* state : {&before, &after}) {
      for (const std::string& value : selector_keys(state->data.find(field))) {
        if (const auto queries = dependents.by_value.find(value);
            queries != dependents.by_value.end()) {
          std::for_each(queries->second.begin(), queries->second.end(), add);
        }
      }
    }
  }
  if (comes_or_goes) {
    std::for_each(unconditional_.begin(), unconditional_.end(), add);
  }
  return found;
}

bool CollectionIndex::depends(const LiveQuery& query, const std::set<std::string>& changed) const {
  return std::any_of(changed.begin(), changed.end(),
                     [&](const std::string& field) { return query.fields_.contains(field); });
}

auto CollectionIndex::apply(const std::string& id, ot::Snapshot snapshot) -> Applied {
  std::unique_ptr<Entry>& slot = entries_[id];
  if (slot == nullptr) {
    slot = std::make_unique<Entry>();
    slot->id = id;
    slot->number = number_next_++;
    bytes_ += sizeof(Entry) + id.size();
  } else if (snapshot.version <= slot->snapshot.version) {
    return {};
  }
  Entry& entry = *slot;
  Applied applied{&entry, entry.shown_in, {}};
  const ot::Snapshot before = entry.snapshot;
  struct Looked {
    LiveQuery* query;
    bool was;
    bool is;
    std::vector<Edit> removal;
  };
  std::vector<Looked> looked;
  for (LiveQuery* query : candidates(before, snapshot)) {
    Looked one{query, matches(*query, before), matches(*query, snapshot), {}};
    if (one.was && !query->query_.count) {
      if (query->results_.must_fill_before_remove()) {
        fill(*query);
      }
      one.removal = query->results_.remove(entry);
    }
    looked.push_back(std::move(one));
  }
  entry.snapshot = std::move(snapshot);
  measure(entry, before);
  for (Looked& one : looked) {
    Update update{one.query, {}, one.was != one.is};
    if (one.query->query_.count) {
      one.query->count_ += one.is ? 1 : 0;
      one.query->count_ -= one.was ? 1 : 0;
    } else {
      auto insertion = one.is ? one.query->results_.insert(entry) : std::vector<Edit>();
      update.edits = joined(std::move(one.removal), std::move(insertion));
      update.count_changed = false;
      note_shown(*one.query, update.edits);
    }
    if (!update.edits.empty() || update.count_changed) {
      applied.updates.push_back(std::move(update));
    }
  }
  return applied;
}

void CollectionIndex::note_shown(LiveQuery& query, const std::vector<Edit>& edits) {
  for (const Edit& edit : edits) {
    if (edit.kind == Edit::Kind::remove) {
      std::erase(edit.entry->shown_in, &query);
    } else if (edit.kind == Edit::Kind::insert) {
      edit.entry->shown_in.push_back(&query);
    }
  }
}

void CollectionIndex::measure(const Entry& entry, const ot::Snapshot& before) {
  bytes_ -= bytes_of(before);
  bytes_ += bytes_of(entry.snapshot);
}

}  // namespace segue::query
