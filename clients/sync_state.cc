#include "clients/sync_state.h"

#include <utility>

#include "clients/reading.h"

namespace segue::client {

namespace {

std::optional<Refusal> refusal_in(const ot::Json& message) {
  const ot::Json* error = message.find("error");
  if (error == nullptr) {
    return std::nullopt;
  }
  return Refusal{string_or_empty(error->find("code")), string_or_empty(error->find("message"))};
}

const ot::Json* string_at(const ot::Json& message, std::string_view key) {
  const ot::Json* value = message.find(key);
  return value != nullptr && value->is_string() ? value : nullptr;
}

}  // namespace

SyncState::SyncState(Options options) {
  channel_.find_type = options.find_type;
  channel_.src = std::move(options.src);
  channel_.seq_next = options.seq_next;
  channel_.compose = options.compose;
}

// ---- the owner

SyncDoc& SyncState::doc(const ot::DocId& id) {
  return docs_.try_emplace(id, id, channel_).first->second;
}

const SyncDoc* SyncState::find(const ot::DocId& doc) const {
  const auto found = docs_.find(doc);
  return found == docs_.end() ? nullptr : &found->second;
}

void SyncState::subscribe(const ot::DocId& id) { doc(id).subscribe(); }
void SyncState::unsubscribe(const ot::DocId& id) { doc(id).unsubscribe(); }
void SyncState::fetch(const ot::DocId& id) { doc(id).fetch(); }

ot::Result<void> SyncState::create(const ot::DocId& id, std::string_view type,
                                   std::optional<ot::Json> data) {
  SyncDoc& target = doc(id);
  flush_later(target);
  return target.create(type, std::move(data));
}

ot::Result<void> SyncState::edit(const ot::DocId& id, const ot::Json& op) {
  SyncDoc& target = doc(id);
  flush_later(target);
  return target.edit(op);
}

ot::Result<void> SyncState::remove(const ot::DocId& id) {
  SyncDoc& target = doc(id);
  flush_later(target);
  return target.remove();
}

std::vector<std::string> SyncState::take_messages() {
  for (SyncDoc* changed : std::exchange(changed_, {})) {
    changed->flush();
  }
  return std::exchange(channel_.messages, {});
}

std::vector<Event> SyncState::take_events() { return std::exchange(channel_.events, {}); }

// ---- the transport

void SyncState::opened() {
  channel_.messages.clear();
  channel_.messages.push_back(handshake_request(channel_.src));
}

void SyncState::lost() {
  channel_.open = false;
  channel_.messages.clear();
  for (auto& [id, doc] : docs_) {
    doc.on_lost();
  }
}

void SyncState::receive(const ot::Json& message) {
  const ot::Json* action = string_at(message, "a");
  if (action == nullptr) {
    return;
  }
  const std::string name = action->str();
  if (name == "hs") {
    return on_handshake(message);
  }
  if (!channel_.open) {
    return;
  }
  if (name == "bs") {
    return on_bulk(message);
  }
  on_doc_message(name, message);
}

void SyncState::on_handshake(const ot::Json& message) {
  const ot::Json* id = string_at(message, "id");
  if (channel_.open || id == nullptr) {
    return;
  }
  channel_.src = {id->str()};
  channel_.open = true;
  for (auto& [name, doc] : docs_) {
    doc.on_open();
  }
  subscribe_all();
}

// One message for each collection and kind of answer, after all ops.
void SyncState::subscribe_all() {
  std::map<std::pair<std::string_view, bool>, std::vector<BulkItem>> groups;
  for (auto& [id, doc] : docs_) {
    if (doc.wants_subscription()) {
      groups[{id.collection, doc.version().has_value()}].push_back({id.id, doc.version()});
    } else {
      doc.catch_up();
    }
  }
  for (const auto& [group, items] : groups) {
    const std::string collection(group.first);
    if (items.size() == 1) {
      docs_.at({collection, std::string(items.front().id)}).ask_subscription();
      continue;
    }
    channel_.messages.push_back(bulk_subscribe_request(collection, items));
    for (const BulkItem& item : items) {
      docs_.at({collection, std::string(item.id)}).subscription_asked();
    }
  }
}

// ---- messages of documents

SyncDoc* SyncState::known(const std::string& collection, const std::string& id) {
  const auto found = docs_.find({collection, id});
  return found == docs_.end() ? nullptr : &found->second;
}

void SyncState::on_doc_message(std::string_view action, const ot::Json& message) {
  const ot::Json* collection = string_at(message, "c");
  const ot::Json* id = string_at(message, "d");
  if (collection == nullptr || id == nullptr) {
    return;
  }
  SyncDoc* doc = known(collection->str(), id->str());
  if (doc == nullptr) {
    return;
  }
  if (action == "op") {
    doc->on_op(message);
    return flush_later(*doc);
  }
  const auto refusal = refusal_in(message);
  const Refusal* refused = refusal ? &*refusal : nullptr;
  const ot::Json* data = message.find("data");
  if (action == "f") {
    doc->on_fetched(data, refused);
  } else if (action == "s") {
    doc->on_subscribed(data, refused);
  } else if (action == "u") {
    doc->on_unsubscribed();
  }
  flush_later(*doc);
}

void SyncState::on_bulk(const ot::Json& message) {
  const ot::Json* collection = string_at(message, "c");
  if (collection == nullptr) {
    return;
  }
  if (const ot::Json* data = message.find("data"); data != nullptr && data->is_object()) {
    return data->for_each_member([&](std::string_view id, const ot::Json& share) {
      if (SyncDoc* doc = known(collection->str(), std::string(id))) {
        const auto refusal = refusal_in(share);
        doc->on_subscribed(&share, refusal ? &*refusal : nullptr);
      }
    });
  }
  // Which document it was that failed is not told, so each is asked for alone.
  const bool refused = message.find("error") != nullptr;
  const auto answered = [&](const std::string& id) {
    SyncDoc* doc = known(collection->str(), id);
    if (doc != nullptr && refused) {
      doc->ask_again();
    } else if (doc != nullptr) {
      doc->on_subscribed(nullptr, nullptr);
    }
  };
  const ot::Json* asked = message.find("b");
  if (asked != nullptr && asked->is_object()) {
    asked->for_each_member(
        [&](std::string_view id, const ot::Json&) { answered(std::string(id)); });
  } else if (asked != nullptr && asked->is_array()) {
    asked->for_each_element([&](const ot::Json& id) {
      if (id.is_string()) {
        answered(id.str());
      }
    });
  }
}

}  // namespace segue::client
