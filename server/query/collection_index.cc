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
  for_each_candidate(query.query_, [&](Entry& entry) {
    if (matches(query, entry.snapshot)) {
      ++count;
      if (!query.query_.count) {
        found.push_back(&entry);
      }
    }
  });
  query.count_ = count;
  query.results_.fill(std::move(found));
}

void CollectionIndex::for_each_candidate(const Query& query,
                                         ot::FunctionRef<void(Entry&)> visit) const {
  const auto& selector = query.filter.selector();
  const auto field = selector ? fields_.find(selector->field) : fields_.end();
  if (field == fields_.end() || !field->second.is_selected_by) {
    for (const auto& [id, entry] : entries_) {
      visit(*entry);
    }
    return;
  }
  std::unordered_set<Entry*> candidates;  // One document may have two of the values, in a list.
  for (const std::string& value : selector->values) {
    const auto bucket = field->second.by_value.find(value);
    if (bucket != field->second.by_value.end()) {
      candidates.insert(bucket->second.entries.begin(), bucket->second.entries.end());
    }
  }
  for (Entry* entry : candidates) {
    visit(*entry);
  }
}

void CollectionIndex::put_into_buckets(Entry& entry, const std::string& field,
                                       Dependents& dependents) {
  for (const std::string& value : selector_keys(entry.snapshot.data.find(field))) {
    dependents.by_value[value].entries.insert(&entry);
  }
}

// The entry has changed already.
void CollectionIndex::change_buckets(Entry& entry, const ot::Snapshot& before) {
  for (auto& [field, dependents] : fields_) {
    const Json* old = before.data.find(field);
    if (!dependents.is_selected_by || same(old, entry.snapshot.data.find(field))) {
      continue;
    }
    for (const std::string& value : selector_keys(old)) {
      const auto bucket = dependents.by_value.find(value);
      if (bucket != dependents.by_value.end()) {
        bucket->second.entries.erase(&entry);
        if (bucket->second.entries.empty() && bucket->second.queries.empty()) {
          dependents.by_value.erase(bucket);
        }
      }
    }
    put_into_buckets(entry, field, dependents);
  }
}

LiveQuery& CollectionIndex::add(Query query) {
  auto owned = std::make_unique<LiveQuery>(std::move(query));
  LiveQuery& live = *owned;
  queries_.emplace(&live, std::move(owned));
  enlist(live);
  fill(live);
  for (Entry* entry : live.shown()) {
    entry->shown_in.push_back(&live);
  }
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
    Dependents& dependents = fields_[selector->field];
    if (!std::exchange(dependents.is_selected_by, true)) {
      for (const auto& [id, entry] : entries_) {
        put_into_buckets(*entry, selector->field, dependents);
      }
    }
    for (const std::string& value : selector->values) {
      dependents.by_value[value].queries.insert(&query);
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
      Bucket& bucket = dependents.by_value[value];
      bucket.queries.erase(&query);
      if (bucket.queries.empty() && bucket.entries.empty()) {
        dependents.by_value.erase(value);
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
    if (!dependents.is_selected_by) {
      continue;
    }
    for (const ot::Snapshot* state : {&before, &after}) {
      for (const std::string& value : selector_keys(state->data.find(field))) {
        if (const auto bucket = dependents.by_value.find(value);
            bucket != dependents.by_value.end()) {
          const auto& queries = bucket->second.queries;
          std::for_each(queries.begin(), queries.end(), add);
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
  const ot::Snapshot before = entry.snapshot;
  Applied applied{&entry, before.version, entry.shown_in, {}};
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
  change_buckets(entry, before);
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
