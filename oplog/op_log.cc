#include "oplog/op_log.h"

namespace segue::oplog {
namespace {

using ot::Errc;

bool is_name(const std::string& name, std::size_t bytes_max) {
  return !name.empty() && name.size() <= bytes_max && name.find('\0') == std::string::npos;
}

}  // namespace

ot::Result<void> check_name(const ot::DocId& doc) {
  if (!is_name(doc.collection, collection_bytes_max)) {
    return ot::fail(Errc::op_badly_formed, "the collection is empty, too long or holds a NUL");
  }
  if (!is_name(doc.id, id_bytes_max)) {
    return ot::fail(Errc::op_badly_formed, "the document's id is empty, too long or holds a NUL");
  }
  return {};
}

ot::Result<void> check_storable(const Entry& entry) {
  if (auto named = check_name(entry.doc); !named) {
    return named;
  }
  if (entry.src.value.empty() || entry.src.value.size() > src_bytes_max) {
    return ot::fail(Errc::op_badly_formed, "the src is empty or too long");
  }
  if (entry.type.size() > type_bytes_max || entry.author.size() > author_bytes_max) {
    return ot::fail(Errc::op_badly_formed, "the type or the author is too long");
  }
  if (entry.payload.size() > content_bytes_max || entry.submitted.size() > content_bytes_max ||
      entry.payload.size() + entry.submitted.size() + entry.reason.size() > content_bytes_max) {
    return ot::fail(Errc::op_badly_formed, "the op is too long");
  }
  return {};
}

ot::Result<void> check_storable(const Checkpoint& checkpoint) {
  if (checkpoint.type.size() > type_bytes_max || checkpoint.data.size() > content_bytes_max) {
    return ot::fail(Errc::op_badly_formed, "the checkpoint's type or data is too long");
  }
  return {};
}

ot::Error no_version(const ot::DocId& doc, ot::Version version) {
  return {Errc::log_conflict, doc.str() + " has no version " + std::to_string(version.value)};
}

std::size_t entry_bytes(const Entry& entry) {
  constexpr std::size_t fixed_bytes = 192;  // keys, hashes, salts, numbers and lengths
  return fixed_bytes + entry.src.value.size() + entry.type.size() + entry.author.size() +
         entry.payload.size() + entry.submitted.size() + entry.reason.size();
}

}  // namespace segue::oplog
