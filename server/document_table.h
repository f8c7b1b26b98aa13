// DocumentTable: the documents one worker has in memory, and which of them to let go when they take
// too much of it.
//
// Strand: the worker's. Pure: it knows no event loop.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <unordered_map>

#include "oplog/commit_queue.h"
#include "ot/ids.h"
#include "server/document_actor.h"

namespace segue::server {

class DocumentTable {
 public:
  struct Document {
    std::shared_ptr<DocumentActor> actor;
    std::shared_ptr<oplog::CommitObserver> observer;
    std::size_t bytes = 0;  // when last measured
  };

  explicit DocumentTable(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  std::size_t size() const { return by_id_.size(); }
  std::size_t bytes() const { return bytes_; }

  // Null if there is none. Counts as a use. Valid until the document is dropped.
  Document* find(const ot::DocId& doc);
  // The observer of this very actor; null if another one has taken its place.
  std::shared_ptr<oplog::CommitObserver> observer_of(const DocumentActor& actor) const;
  // REQUIRES: find() gives null.
  Document& add(std::shared_ptr<DocumentActor> actor,
                std::shared_ptr<oplog::CommitObserver> observer);
  // Takes the actor's size anew; it has done something.
  void measure(const DocumentActor& actor);
  void drop(const DocumentActor& actor);
  void clear();

  // Drops idle documents, those that were not used for longest first, until what is left fits.
  // False if it does not. It looks at `documents_max` at most; those in use count as used now.
  bool make_room(std::size_t documents_max);

  // A visit may change the table.
  void for_each(const std::function<void(DocumentActor&)>& visit) const;

 private:
  using List = std::list<Document>;  // the one used last in front
  List::iterator find_actor(const DocumentActor& actor);
  void drop(List::iterator document);

  std::size_t bytes_max_;
  std::size_t bytes_ = 0;
  List documents_;
  std::unordered_map<ot::DocId, List::iterator> by_id_;
};

}  // namespace segue::server
