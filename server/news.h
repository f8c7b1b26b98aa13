// News: who on this worker waits for new ops of a document, of a collection, or of any document.
//
// Strand: its worker's, except has_readers().
#pragma once

#include <atomic>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>

#include "ot/ids.h"

namespace segue::server {

// Which ops: all, those of a collection, those of one of its documents.
struct NewsTopic {
  std::optional<std::string> collection;
  std::optional<std::string> id;

  std::string key() const;
};

class News {
 public:
  // Calls `wake` at each new op of the topic, for as long as it lives. News outlives it. `wake` may
  // neither begin nor end a reader.
  class Reader {
   public:
    Reader(News& news, const NewsTopic& topic, std::function<void()> wake);
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    ~Reader();

   private:
    friend class News;
    News& news_;
    std::string key_;
    std::function<void()> wake_;
    std::list<Reader*>::iterator place_;
  };

  // Any thread. False: nobody would hear of an op that is announced now.
  bool has_readers() const { return count_ > 0; }
  // An op of `doc` is on disk.
  void announce(const ot::DocId& doc);

 private:
  void wake(const std::string& key);

  std::atomic<std::size_t> count_{0};
  std::unordered_map<std::string, std::list<Reader*>> readers_;
};

}  // namespace segue::server
