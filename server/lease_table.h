// LeaseTable: who is at work where in one document. spec/leases.md has the rules. Pure: times are
// the caller's, of a clock that never steps back.
//
// Strand: its document's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ot/ids.h"
#include "ot/json.h"
#include "ot/op.h"
#include "ot/type.h"
#include "server/client.h"

namespace segue::server {

struct LeaseHolder {
  ot::ClientId src;
  std::string author;                // empty where no keys are in use
  std::shared_ptr<Client> client{};  // whose end ends the lease; null over HTTP

  bool is_same(const LeaseHolder& other) const {
    return src == other.src || (!author.empty() && author == other.author);
  }
};

struct Lease {
  std::string id;
  ot::Json path;  // in the newest version
  LeaseHolder holder;
  std::string name;  // of the holder, for people; may be empty
  ot::Hold hold = ot::Hold::advisory;
  std::int64_t ends_ms = 0;
  std::shared_ptr<const void> mark{};  // lives as long as the lease, for whoever counts them
};

class LeaseTable {
 public:
  bool empty() const { return leases_.empty(); }
  std::size_t size() const { return leases_.size(); }
  const std::vector<Lease>& all() const { return leases_; }
  // Null where there is none, here and below.
  const Lease* find(std::string_view id) const;
  // Another's, that keeps `holder` from having one of `path`.
  const Lease* in_the_way(const ot::Json& path, const LeaseHolder& holder) const;
  // Another's exclusive one, of what the op would change. `type`: the document's.
  const Lease* refusing(const ot::AnyType* type, ot::OpKind kind, const ot::AnyOp& op,
                        const LeaseHolder& holder) const;

  // Where its holder has one of the same path, that gets all but the id. REQUIRES: none is in the
  // way.
  const Lease& take(Lease lease);
  // REQUIRES: there is such a lease.
  const Lease& renew(std::string_view id, LeaseHolder holder, std::shared_ptr<const void> mark,
                     std::int64_t ends_ms);
  // Those that are gone by that.
  std::vector<Lease> release(std::string_view id);
  std::vector<Lease> leave(const Client* client);
  std::vector<Lease> expire(std::int64_t now_ms);

  struct Carried {
    std::vector<Lease> moved;
    std::vector<Lease> removed;
  };
  // Over an op that was committed to the document. `type`: the document's, before a delete.
  Carried carry(const ot::AnyType* type, ot::OpKind kind, const ot::AnyOp& op);

  // When the first of them ends.
  std::optional<std::int64_t> next_end() const;

 private:
  template <class Gone>
  std::vector<Lease> take_out(Gone gone);

  std::vector<Lease> leases_;
};

}  // namespace segue::server
