#include "server/lease_table.h"

#include <algorithm>
#include <utility>

#include "ot/assert.h"

namespace segue::server {

namespace {

// Whether one leads to the other, or to the same.
bool overlap(const ot::Json& a, const ot::Json& b) {
  const std::size_t shared = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < shared; ++i) {
    if (a[i] != b[i]) {
      return false;
    }
  }
  return true;
}

}  // namespace

const Lease* LeaseTable::find(std::string_view id) const {
  const auto found = std::find_if(leases_.begin(), leases_.end(),
                                  [&](const Lease& lease) { return lease.id == id; });
  return found == leases_.end() ? nullptr : &*found;
}

const Lease* LeaseTable::in_the_way(const ot::Json& path, const LeaseHolder& holder) const {
  const auto found = std::find_if(leases_.begin(), leases_.end(), [&](const Lease& lease) {
    return !lease.holder.is_same(holder) && overlap(lease.path, path);
  });
  return found == leases_.end() ? nullptr : &*found;
}

const Lease* LeaseTable::refusing(const ot::AnyType* type, ot::OpKind kind, const ot::AnyOp& op,
                                  const LeaseHolder& holder) const {
  const auto changes = [&](const Lease& lease) {
    if (kind != ot::OpKind::edit) {
      return kind == ot::OpKind::remove;
    }
    const auto traced = type->trace(lease.path, op);
    return !traced || traced->changed;
  };
  const auto found = std::find_if(leases_.begin(), leases_.end(), [&](const Lease& lease) {
    return lease.hold == ot::Hold::exclusive && !lease.holder.is_same(holder) && changes(lease);
  });
  return found == leases_.end() ? nullptr : &*found;
}

const Lease& LeaseTable::take(Lease lease) {
  OT_ASSERT(in_the_way(lease.path, lease.holder) == nullptr);
  const auto own = std::find_if(leases_.begin(), leases_.end(),
                                [&](const Lease& held) { return held.path == lease.path; });
  if (own == leases_.end()) {
    return leases_.emplace_back(std::move(lease));
  }
  lease.id = std::move(own->id);
  *own = std::move(lease);
  return *own;
}

const Lease& LeaseTable::renew(std::string_view id, LeaseHolder holder,
                               std::shared_ptr<const void> mark, std::int64_t ends_ms) {
  const auto found = std::find_if(leases_.begin(), leases_.end(),
                                  [&](const Lease& lease) { return lease.id == id; });
  OT_ASSERT(found != leases_.end());
  found->holder = std::move(holder);
  found->mark = std::move(mark);
  found->ends_ms = ends_ms;
  return *found;
}

template <class Gone>
std::vector<Lease> LeaseTable::take_out(Gone gone) {
  std::vector<Lease> out;
  std::vector<Lease> kept;
  for (Lease& lease : leases_) {
    (gone(lease) ? out : kept).push_back(std::move(lease));
  }
  leases_ = std::move(kept);
  return out;
}

std::vector<Lease> LeaseTable::release(std::string_view id) {
  return take_out([&](const Lease& lease) { return lease.id == id; });
}

std::vector<Lease> LeaseTable::leave(const Client* client) {
  return take_out([&](const Lease& lease) { return lease.holder.client.get() == client; });
}

std::vector<Lease> LeaseTable::expire(std::int64_t now_ms) {
  return take_out([&](const Lease& lease) { return lease.ends_ms <= now_ms; });
}

auto LeaseTable::carry(const ot::AnyType* type, ot::OpKind kind, const ot::AnyOp& op) -> Carried {
  Carried carried;
  if (kind == ot::OpKind::create || kind == ot::OpKind::remove) {
    carried.removed = std::exchange(leases_, {});
  }
  if (kind != ot::OpKind::edit) {
    return carried;
  }
  carried.removed = take_out([&](Lease& lease) {
    auto traced = type->trace(lease.path, op);
    if (!traced || traced->path.is_null()) {
      return true;
    }
    if (traced->path != lease.path) {
      lease.path = std::move(traced->path);
      carried.moved.push_back(lease);
    }
    return false;
  });
  return carried;
}

std::optional<std::int64_t> LeaseTable::next_end() const {
  std::optional<std::int64_t> next;
  for (const Lease& lease : leases_) {
    next = std::min(next.value_or(lease.ends_ms), lease.ends_ms);
  }
  return next;
}

}  // namespace segue::server
