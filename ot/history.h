// The recent ops of one document, oldest first. Entry i takes the document from version begin() + i
// to the next.
//
// Strand: its document's. Invariant: versions are dense; begin() <= end().
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ot/op.h"

namespace segue::ot {

class History {
 public:
  explicit History(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  Version begin() const { return Version{end_.value - ops_.size()}; }
  Version end() const { return end_; }
  std::size_t bytes() const { return bytes_; }

  // Starts anew at `version` with nothing remembered.
  void reset(Version version);
  // REQUIRES: op->version == end().
  void push(CommittedOpPtr op);
  // Forgets the oldest ops until the budget holds, but none at or after `keep_from`.
  void prune(Version keep_from);

  // REQUIRES: begin() <= version < end().
  const CommittedOpPtr& at(Version version) const;
  // Ops of [from, to). REQUIRES: begin() <= from <= to <= end().
  std::vector<CommittedOpPtr> range(Version from, Version to) const;
  // Where (src, seq) was committed, if that is remembered.
  std::optional<Version> find(const ClientId& src, Seq seq) const;

 private:
  struct Name {
    std::string_view src;  // the op's own
    Seq seq;
    bool operator==(const Name&) const = default;
  };
  struct NameHash {
    std::size_t operator()(const Name& name) const;
  };

  std::size_t bytes_max_;
  std::size_t bytes_ = 0;
  Version end_;
  std::deque<CommittedOpPtr> ops_;
  std::unordered_map<Name, Version, NameHash> by_name_;
};

}  // namespace segue::ot
