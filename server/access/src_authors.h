// SrcAuthors: which author each src belongs to, as far as the log may not know it yet. A src
// belongs to who first used it; so what was claimed lately is kept here until the log surely has
// it.
//
// Threads: any; one lock.
#pragma once

#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace segue::access {

class SrcAuthors {
 public:
  explicit SrcAuthors(std::size_t remembered_max = 65'536) : remembered_max_(remembered_max) {}

  // Whether the src is the author's; nullopt: the log has to be asked.
  std::optional<bool> is_author(const std::string& src, const std::string& author);
  // The same, once the log has been asked: `logged` is whose it is there. If nobody's, it is the
  // author's from now on.
  bool claim(const std::string& src, const std::string& author,
             const std::optional<std::string>& logged);

 private:
  struct Claimed {
    std::string src;
    std::string author;
  };
  const std::string* find(const std::string& src);

  std::size_t remembered_max_;
  std::mutex mutex_;           // guards all below
  std::list<Claimed> newest_;  // asked for most recently first
  std::unordered_map<std::string, std::list<Claimed>::iterator> by_src_;
};

}  // namespace segue::access
