// BulkReply: gathers the documents' shares of one bulk request into its single reply.
//
// Strand: the connection's.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ot/json.h"
#include "ot/message.h"

namespace segue::server {

class BulkReply {
 public:
  BulkReply(ot::Json request, const ot::Bulk& bulk);

  // The share of one document: its printed snapshot, `{"error": ...}`, or nothing where the request
  // asked for no snapshot. Each id once. REQUIRES: not complete(), and the id was asked for.
  void add(const std::string& id, std::string_view text);
  bool complete() const { return missing_ == 0; }
  // The request asked for snapshots, not for ops or nothing.
  bool has_snapshots() const { return snapshots_; }
  // The reply as JSON text, documents in the order they were asked for. REQUIRES: complete().
  std::string text() const;

 private:
  std::string snapshots_text() const;

  ot::Json request_;
  bool snapshots_;
  std::size_t missing_;
  std::vector<std::string> ids_;
  std::unordered_map<std::string, std::string> shares_;
  std::string error_;  // of a request without snapshots: the first that failed
};

}  // namespace segue::server
