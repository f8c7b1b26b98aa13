#include "server/bulk_reply.h"

#include <utility>

#include "ot/assert.h"
#include "ot/json_text.h"
#include "ot/reply.h"

namespace segue::server {

BulkReply::BulkReply(ot::Json request, const ot::Bulk& bulk)
    : request_(std::move(request)),
      snapshots_(!bulk.with_versions && bulk.action != ot::BulkAction::unsubscribe),
      missing_(bulk.items.size()) {
  for (const ot::Bulk::Item& item : bulk.items) {
    ids_.push_back(item.id);
  }
}

void BulkReply::add(const std::string& id, std::string_view text) {
  OT_ASSERT(missing_ > 0);
  --missing_;
  if (snapshots_) {
    shares_.emplace(id, text);
  } else if (error_.empty()) {
    error_ = text;
  }
}

std::string BulkReply::text() const {
  OT_ASSERT(complete());
  if (snapshots_) {
    return ot::bulk_snapshots_reply(request_, snapshots_text());
  }
  if (error_.empty()) {
    return ot::bulk_plain_reply(request_);
  }
  ot::Json reply = request_;
  auto error = ot::parse_json(error_);
  OT_ASSERT(error.has_value());
  reply.set("error", *error->find("error"));
  return ot::json_text(reply);
}

std::string BulkReply::snapshots_text() const {
  std::string out;
  for (const std::string& id : ids_) {
    out += out.empty() ? '{' : ',';
    ot::print_json_string(id, out);
    out += ':';
    out += shares_.at(id);
  }
  return out.empty() ? "{}" : out + '}';
}

}  // namespace segue::server
