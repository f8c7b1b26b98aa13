#include "server/access/key_set.h"

#include <algorithm>
#include <string>
#include <utility>

#include "ot/assert.h"

namespace segue::access {

namespace {
constexpr std::size_t keys_max = 32;
}

ot::Result<KeySet> KeySet::from_json(const ot::Json& set) {
  const ot::Json* list = set.find("keys");
  if (list == nullptr || !list->is_array() || list->size() > keys_max) {
    return ot::fail(ot::Errc::uncoded, "not a JWK set: {\"keys\": [...]} with at most " +
                                           std::to_string(keys_max) + " keys");
  }
  KeySet result;
  for (std::size_t i = 0; i < list->size(); ++i) {
    auto key = Key::from_jwk((*list)[i]);
    if (!key && key.error().code == ot::Errc::unsupported) {
      continue;
    }
    if (!key) {
      return ot::fail(ot::Errc::uncoded,
                      "key " + std::to_string(i + 1) + ": " + key.error().detail);
    }
    if (!key->id().empty() && result.find(key->id()) != nullptr) {
      return ot::fail(ot::Errc::uncoded, "two keys have the `kid` " + key->id());
    }
    result.keys_.push_back(std::move(*key));
  }
  if (result.keys_.empty()) {
    return ot::fail(ot::Errc::uncoded, "no key of a kind that tokens can be checked with");
  }
  return result;
}

const Key* KeySet::find(std::string_view id) const {
  OT_ASSERT(!id.empty());
  const auto found =
      std::find_if(keys_.begin(), keys_.end(), [id](const Key& key) { return key.id() == id; });
  return found == keys_.end() ? nullptr : &*found;
}

bool KeySet::contains(std::string_view fingerprint) const {
  return std::any_of(keys_.begin(), keys_.end(),
                     [&](const Key& key) { return key.fingerprint() == fingerprint; });
}

}  // namespace segue::access
