#include "ot/history.h"

#include <algorithm>
#include <functional>

#include "ot/assert.h"

namespace segue::ot {

namespace {

// Roughly, with all that remembering it costs. Decoded, each value in it has a node of its own, and
// in its text a mark. At most twice, and at least half of what usual ops take, whatever their type.
std::size_t memory_bytes(const CommittedOp& op) {
  constexpr std::size_t bytes_per_op = 224;
  constexpr std::size_t bytes_per_value = 40;
  const auto values = std::count_if(op.payload.begin(), op.payload.end(), [](char c) {
    return c == ',' || c == ':' || c == '[' || c == '{';
  });
  return op.bytes() + bytes_per_op +
         (op.op ? bytes_per_value * static_cast<std::size_t>(values) : 0);
}

}  // namespace

std::size_t History::NameHash::operator()(const Name& name) const {
  return std::hash<std::string_view>()(name.src) ^ (name.seq.value * 0x9e3779b97f4a7c15u);
}

void History::reset(Version version) {
  ops_.clear();
  by_name_.clear();
  bytes_ = 0;
  end_ = version;
}

void History::push(CommittedOpPtr op) {
  OT_ASSERT(op->version == end_);
  bytes_ += memory_bytes(*op);
  by_name_.insert_or_assign(Name{op->src.value, op->seq}, op->version);
  ops_.push_back(std::move(op));
  ++end_;
}

void History::prune(Version keep_from) {
  while (bytes_ > bytes_max_ && !ops_.empty() && ops_.front()->version < keep_from) {
    const CommittedOp& oldest = *ops_.front();
    bytes_ -= memory_bytes(oldest);
    by_name_.erase(Name{oldest.src.value, oldest.seq});
    ops_.pop_front();
  }
}

const CommittedOpPtr& History::at(Version version) const {
  OT_ASSERT(begin() <= version);
  OT_ASSERT(version < end_);
  return ops_[version - begin()];
}

std::vector<CommittedOpPtr> History::range(Version from, Version to) const {
  OT_ASSERT(begin() <= from);
  OT_ASSERT(from <= to);
  OT_ASSERT(to <= end_);
  const auto first = ops_.begin() + static_cast<std::ptrdiff_t>(from - begin());
  return {first, first + static_cast<std::ptrdiff_t>(to - from)};
}

std::optional<Version> History::find(const ClientId& src, Seq seq) const {
  const auto found = by_name_.find(Name{src.value, seq});
  if (found == by_name_.end()) {
    return std::nullopt;
  }
  return found->second;
}

}  // namespace segue::ot
