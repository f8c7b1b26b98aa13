#include "server/query_reader.h"

#include "server/log.h"
#include "server/rebuild.h"

namespace segue::server {

namespace {
constexpr std::size_t documents_per_piece = 256;
}

Piece read_documents(const oplog::OpLog& log, const std::string& collection,
                     const std::string& after, const ot::DocumentLimits& limits,
                     ot::TypeLookup types) {
  Piece piece;
  const auto names = log.documents(ot::DocId{collection, after}, documents_per_piece);
  if (!names) {
    piece.error = names.error();
    return piece;
  }
  for (const ot::DocId& doc : *names) {
    if (doc.collection != collection) {
      return piece;
    }
    auto rebuilt = rebuild(log, doc, std::nullopt, limits, types);
    if (!rebuilt) {
      log_error("{} is left out of queries: {}", doc.str(), rebuilt.error().detail);
    } else if (!rebuilt->document.unknown_type()) {
      piece.documents.emplace_back(doc.id, rebuilt->document.snapshot());
    }
  }
  if (names->size() == documents_per_piece) {
    piece.next_after = names->back().id;
  }
  return piece;
}

}  // namespace segue::server
