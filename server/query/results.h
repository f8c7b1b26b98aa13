// Results: the documents one query is for, in its order, and which of them lie between skip and
// limit. With a limit only the first are kept.
//
// Pure. Strand: its index's. Entries belong to the index. Invariant: `first_` is sorted by the
// entries' present data, and holds the first matches of the collection, or all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ot/document.h"
#include "server/query/query.h"

namespace segue::query {

class LiveQuery;

// A document of the collection.
struct Entry {
  std::string id;
  std::uint64_t number = 0;  // of documents, as they came to be known
  ot::Snapshot snapshot;
  std::vector<LiveQuery*> shown_in;  // the queries of which it is a result

  bool exists() const { return snapshot.type != nullptr; }
};

// How a client's list changes; `index` is where at that moment.
struct Edit {
  enum class Kind { insert, remove, move };
  Kind kind;
  std::size_t index = 0;
  Entry* entry = nullptr;
  std::size_t to = 0;  // of a move, when it has been taken out

  bool operator==(const Edit&) const = default;
};

class Results {
 public:
  // `query` outlives it.
  explicit Results(const Query& query) : query_(query) {}

  // Starts anew from all matches of the collection, in any order.
  void fill(std::vector<Entry*> matches);
  // What the client is to see.
  std::span<Entry* const> shown() const;
  std::size_t kept() const { return first_.size(); }

  // There are too few left to tell what comes in when one is removed: fill() first.
  bool must_fill_before_remove() const;
  // `entry` no longer matches, or will be found elsewhere: call before its data changes.
  std::vector<Edit> remove(const Entry& entry);
  // `entry` matches now. Its data has changed already.
  std::vector<Edit> insert(Entry& entry);

 private:
  bool less(const Entry& a, const Entry& b) const;
  std::size_t place(const Entry& entry) const;
  std::size_t end() const;  // of what is shown
  void trim();

  const Query& query_;
  std::vector<Entry*> first_;
  bool is_all_ = true;
};

// The edits of a removal and those of the insertion that followed, without what the two undo.
std::vector<Edit> joined(std::vector<Edit> removal, std::vector<Edit> insertion);

}  // namespace segue::query
