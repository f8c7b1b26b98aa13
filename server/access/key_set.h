// KeySet: the keys that tokens may be signed with: a JWK set (RFC 7517), `{"keys": [...]}`.
//
// Threads: any; immutable.
#pragma once

#include <string_view>
#include <vector>

#include "ot/json.h"
#include "ot/result.h"
#include "server/access/key.h"

namespace segue::access {

class KeySet {
 public:
  // Errors: uncoded, with the key's place in the list and what is wrong with it.
  static ot::Result<KeySet> from_json(const ot::Json& set);

  const std::vector<Key>& keys() const { return keys_; }
  // nullptr if none has that id. REQUIRES: the id is not empty.
  const Key* find(std::string_view id) const;
  bool contains(std::string_view fingerprint) const;

 private:
  std::vector<Key> keys_;
};

}  // namespace segue::access
