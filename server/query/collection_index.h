// CollectionIndex: the documents of one collection as they are on disk, and the live queries over
// them, kept up to date change by change. spec/notes/queries.md tells how.
//
// Pure. Strand: its hub's. A change costs what the queries cost that speak of a field it changes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "ot/document.h"
#include "ot/function_ref.h"
#include "server/query/query.h"
#include "server/query/results.h"

namespace segue::query {

// A query somebody is told the changes of. Made and owned by a CollectionIndex.
class LiveQuery {
 public:
  explicit LiveQuery(Query query)
      : query_(std::move(query)), fields_(query_.fields()), results_(query_) {}
  LiveQuery(const LiveQuery&) = delete;
  LiveQuery& operator=(const LiveQuery&) = delete;
  ~LiveQuery() = default;

  const Query& query() const { return query_; }
  std::span<Entry* const> shown() const { return results_.shown(); }
  std::size_t count() const { return count_; }  // of all matches

 private:
  friend class CollectionIndex;
  Query query_;
  std::set<std::string> fields_;
  Results results_;         // of a query that only counts: empty
  std::size_t count_ = 0;   // only of one that counts
  std::uint64_t seen_ = 0;  // the last change that it was looked at for
};

class CollectionIndex {
 public:
  CollectionIndex() = default;
  CollectionIndex(const CollectionIndex&) = delete;
  CollectionIndex& operator=(const CollectionIndex&) = delete;
  ~CollectionIndex() = default;

  // How one query's results have changed.
  struct Update {
    LiveQuery* query;
    std::vector<Edit> edits;
    bool count_changed = false;
  };
  struct Applied {
    const Entry* entry = nullptr;      // null: it was known already
    ot::Version before;                // the version that was known
    std::vector<LiveQuery*> shown_in;  // before the change
    std::vector<Update> updates;
  };

  // The document has come to this version. Older news than what is known changes nothing.
  Applied apply(const std::string& id, ot::Snapshot snapshot);

  // Runs a query once.
  std::unique_ptr<LiveQuery> evaluate(Query query) const;
  // The same, and keeps it up to date until remove().
  LiveQuery& add(Query query);
  void remove(LiveQuery& query);

  const Entry* find(const std::string& id) const;
  std::size_t queries() const { return queries_.size(); }
  // Roughly, what the documents take.
  std::size_t bytes() const { return bytes_; }

 private:
  // A value of a field: who selects by it, and the documents that have it.
  struct Bucket {
    std::unordered_set<LiveQuery*> queries;
    std::unordered_set<Entry*> entries;
  };
  // The queries that depend on one top-level field.
  struct Dependents {
    bool is_selected_by = false;  // ever: then all documents are in buckets
    std::unordered_map<std::string, Bucket> by_value;
    std::unordered_set<LiveQuery*> others;
    std::size_t queries = 0;  // that depend on it, these and those found by another field
  };

  void fill(LiveQuery& query) const;
  // Every document that may match.
  void for_each_candidate(const Query& query, ot::FunctionRef<void(Entry&)> visit) const;
  void put_into_buckets(Entry& entry, const std::string& field, Dependents& dependents);
  void change_buckets(Entry& entry, const ot::Snapshot& before);
  void enlist(LiveQuery& query);
  void withdraw(LiveQuery& query);
  std::vector<LiveQuery*> candidates(const ot::Snapshot& before, const ot::Snapshot& after);
  bool depends(const LiveQuery& query, const std::set<std::string>& changed) const;
  static void note_shown(LiveQuery& query, const std::vector<Edit>& edits);
  void measure(const Entry& entry, const ot::Snapshot& before);

  std::unordered_map<std::string, std::unique_ptr<Entry>> entries_;
  std::unordered_map<const LiveQuery*, std::unique_ptr<LiveQuery>> queries_;
  std::map<std::string, Dependents> fields_;
  std::unordered_set<LiveQuery*> unconditional_;  // speak of no field
  std::uint64_t number_next_ = 0;
  std::uint64_t change_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace segue::query
