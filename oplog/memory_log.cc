#include "oplog/memory_log.h"

#include <algorithm>
#include <mutex>

namespace segue::oplog {
namespace {

using ot::ClientId;
using ot::DocId;
using ot::Errc;
using ot::Result;
using ot::Seq;
using ot::Version;

}  // namespace

Result<void> MemoryLog::append(std::span<const Entry> entries) {
  const std::unique_lock lock(mutex_);
  for (std::size_t done = 0; done < entries.size(); ++done) {
    if (auto appended = append_one(entries[done]); !appended) {
      for (; done > 0; --done) {
        remove_last();
      }
      return appended;
    }
  }
  for (const Entry& entry : entries) {
    if (entry.author != anonymous) {
      src_authors_.try_emplace(entry.src.value, entry.author);
    }
  }
  return {};
}

Result<void> MemoryLog::append_one(const Entry& entry) {
  if (auto storable = check_storable(entry); !storable) {
    return storable;
  }
  const Document* known = document(entry.doc);
  if (entry.version.value != (known == nullptr ? 0 : known->ops.size())) {
    return ot::fail(Errc::log_conflict,
                    entry.doc.str() + " is not at version " + std::to_string(entry.version.value));
  }
  if (known != nullptr && entry.time_ms < known->ops.back().time_ms) {
    return ot::fail(Errc::op_badly_formed, "the op is older than the head of " + entry.doc.str());
  }
  if (known != nullptr) {
    const auto seqs = known->seqs.find(entry.src.value);
    if (seqs != known->seqs.end() && seqs->second.contains(entry.seq)) {
      return ot::fail(Errc::log_conflict, "seq " + std::to_string(entry.seq.value) + " of " +
                                              entry.src.value + " is already in " +
                                              entry.doc.str());
    }
  }
  const auto found = documents_.try_emplace(entry.doc).first;
  found->second.ops.push_back(entry);
  found->second.seqs[entry.src.value].emplace(entry.seq, entry.version);
  feed_.push_back({&found->first, entry.version});
  return {};
}

void MemoryLog::remove_last() {
  const auto found = documents_.find(*feed_.back().doc);
  Document& document = found->second;
  feed_.pop_back();
  const Entry& entry = document.ops.back();
  const auto seqs = document.seqs.find(entry.src.value);
  seqs->second.erase(entry.seq);
  if (seqs->second.empty()) {
    document.seqs.erase(seqs);
  }
  document.ops.pop_back();
  if (document.ops.empty()) {
    documents_.erase(found);
  }
}

const MemoryLog::Document* MemoryLog::document(const DocId& doc) const {
  const auto found = documents_.find(doc);
  return found == documents_.end() ? nullptr : &found->second;
}

Result<Head> MemoryLog::head(const DocId& doc) const {
  const std::shared_lock lock(mutex_);
  const Document* known = document(doc);
  if (known == nullptr) {
    return Head{};
  }
  return Head{Version{known->ops.size()}, known->ops.back().time_ms};
}

Result<std::vector<Entry>> MemoryLog::read(const DocId& doc, Version from, Version to,
                                           std::size_t bytes_max) const {
  const std::shared_lock lock(mutex_);
  std::vector<Entry> result;
  const Document* known = document(doc);
  if (known == nullptr) {
    return result;
  }
  const Version end = std::min(to, Version{known->ops.size()});
  for (std::size_t bytes = 0; from < end; ++from) {
    result.push_back(known->ops[from.value]);
    bytes += entry_bytes(result.back());
    if (bytes >= bytes_max) {
      break;
    }
  }
  return result;
}

Result<std::optional<Version>> MemoryLog::find(const DocId& doc, const ClientId& src,
                                               Seq seq) const {
  const std::shared_lock lock(mutex_);
  const Document* known = document(doc);
  if (known == nullptr) {
    return std::nullopt;
  }
  const auto seqs = known->seqs.find(src.value);
  if (seqs == known->seqs.end()) {
    return std::nullopt;
  }
  const auto found = seqs->second.find(seq);
  return found == seqs->second.end() ? std::nullopt : std::optional(found->second);
}

Result<std::optional<Seq>> MemoryLog::last_seq(const DocId& doc, const ClientId& src) const {
  const std::shared_lock lock(mutex_);
  const Document* known = document(doc);
  if (known == nullptr) {
    return std::nullopt;
  }
  const auto seqs = known->seqs.find(src.value);
  return seqs == known->seqs.end() ? std::nullopt : std::optional(seqs->second.rbegin()->first);
}

Result<std::optional<std::string>> MemoryLog::src_author(const ClientId& src) const {
  const std::shared_lock lock(mutex_);
  const auto found = src_authors_.find(src.value);
  return found == src_authors_.end() ? std::nullopt : std::optional(found->second);
}

Result<Version> MemoryLog::version_at(const DocId& doc, std::int64_t time_ms) const {
  const std::shared_lock lock(mutex_);
  const Document* known = document(doc);
  if (known == nullptr) {
    return Version{0};
  }
  const auto later =
      std::upper_bound(known->ops.begin(), known->ops.end(), time_ms,
                       [](std::int64_t time, const Entry& entry) { return time < entry.time_ms; });
  return Version{static_cast<std::uint64_t>(later - known->ops.begin())};
}

Result<void> MemoryLog::save_checkpoint(const Checkpoint& checkpoint) {
  if (auto storable = check_storable(checkpoint); !storable) {
    return storable;
  }
  const std::unique_lock lock(mutex_);
  const auto found = documents_.find(checkpoint.doc);
  if (found == documents_.end() || checkpoint.version.value == 0 ||
      checkpoint.version.value > found->second.ops.size()) {
    return ot::fail(no_version(checkpoint.doc, checkpoint.version));
  }
  found->second.checkpoints.insert_or_assign(checkpoint.version, checkpoint);
  return {};
}

Result<std::optional<Checkpoint>> MemoryLog::checkpoint(const DocId& doc, Version version) const {
  const std::shared_lock lock(mutex_);
  const Document* known = document(doc);
  if (known == nullptr) {
    return std::nullopt;
  }
  const auto later = known->checkpoints.upper_bound(version);
  return later == known->checkpoints.begin() ? std::nullopt
                                             : std::optional(std::prev(later)->second);
}

Result<std::vector<DocId>> MemoryLog::documents(const std::optional<DocId>& after,
                                                std::size_t limit) const {
  const std::shared_lock lock(mutex_);
  std::vector<DocId> result;
  auto next = after ? documents_.upper_bound(*after) : documents_.begin();
  for (; next != documents_.end() && result.size() < limit; ++next) {
    result.push_back(next->first);
  }
  return result;
}

Result<std::vector<FeedItem>> MemoryLog::feed(std::uint64_t after, std::size_t limit) const {
  const std::shared_lock lock(mutex_);
  std::vector<FeedItem> result;
  for (; after < feed_.size() && result.size() < limit; ++after) {
    result.push_back({after + 1, *feed_[after].doc, feed_[after].version});
  }
  return result;
}

Result<std::uint64_t> MemoryLog::feed_end() const {
  const std::shared_lock lock(mutex_);
  return feed_.size();
}

}  // namespace segue::oplog
