#include "oplog/sha256.h"

#include <memory>

#include <openssl/evp.h>

#include "ot/assert.h"

namespace segue::oplog {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

// Looking the algorithm up costs more than hashing a record, so each thread does it once.
Context make_context() {
  Context context(EVP_MD_CTX_new());
  OT_ASSERT(context != nullptr);
  OT_ASSERT(EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1);
  return context;
}

}  // namespace

Hash sha256(std::initializer_list<std::string_view> parts) {
  thread_local const Context context = make_context();
  OT_ASSERT(EVP_DigestInit_ex(context.get(), nullptr, nullptr) == 1);
  for (const std::string_view part : parts) {
    OT_ASSERT(EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1);
  }
  Hash hash;
  OT_ASSERT(EVP_DigestFinal_ex(context.get(), hash.data(), nullptr) == 1);
  return hash;
}

std::string hex(const Hash& hash) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : hash) {
    text += digits[byte >> 4];
    text += digits[byte & 15U];
  }
  return text;
}

}  // namespace segue::oplog
