// SyncState: the client's side of the ShareDB protocol, without the socket. Messages and the
// owner's edits go in; messages to send and events come out.
//
//   SyncState state({.find_type = &ot::find_type});
//   state.opened();                      // the transport is connected
//   state.receive(message);              // for each message of the server
//   state.subscribe(doc); state.edit(doc, op);
//   for (const std::string& text : state.take_messages()) { ... }  // after each turn: send them
//   for (const Event& event : state.take_events()) { ... }
//   state.lost();                        // edits are kept and sent again after the next opened()
//
// Threads: one at a time. Pure: no clock, no randomness. Calls cost O(log documents), but opened(),
// lost() and the handshake's end O(documents).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clients/sync_doc.h"
#include "ot/ids.h"
#include "ot/json.h"
#include "ot/message.h"
#include "ot/result.h"

namespace segue::client {

class SyncState {
 public:
  struct Options {
    ot::TypeLookup find_type = nullptr;
    // Of an earlier life, where its src is to be claimed again. (src, seq) names an op for ever, so
    // seq_next is then beyond every seq that was used with it.
    ot::ClientId src;
    ot::Seq seq_next{1};
    // Edits that wait behind the op in flight become one op, where the type can.
    bool compose = true;
  };

  explicit SyncState(Options options);
  SyncState(const SyncState&) = delete;  // Documents refer to the channel.
  SyncState& operator=(const SyncState&) = delete;
  ~SyncState() = default;

  // The transport: it is open, it is lost, it has brought a message. What the server says is
  // checked only as far as nothing breaks on it; unknown messages are ignored.
  void opened();
  void lost();
  void receive(const ot::Json& message);

  // The handshake is done. What is called earlier takes effect then.
  bool ready() const { return channel_.open; }
  const ot::ClientId& src() const { return channel_.src; }
  ot::Seq seq_next() const { return channel_.seq_next; }

  // From now on the document follows the server's, until unsubscribe().
  void subscribe(const ot::DocId& doc);
  void unsubscribe(const ot::DocId& doc);
  // Brings the document up to date once. Fetched or Failed follows.
  void fetch(const ot::DocId& doc);

  // Edits show in data() at once and are sent with the next take_messages(); those of one turn are
  // composed where the type can. Errors: the edit does not fit the document as it is here.
  ot::Result<void> create(const ot::DocId& doc, std::string_view type,
                          std::optional<ot::Json> data = std::nullopt);
  ot::Result<void> edit(const ot::DocId& doc, const ot::Json& op);
  ot::Result<void> remove(const ot::DocId& doc);

  // Null if it was never named here. Valid for ever.
  const SyncDoc* find(const ot::DocId& doc) const;
  const std::map<ot::DocId, SyncDoc>& docs() const { return docs_; }

  // What is to be sent, in order, and what has happened, since the last call.
  std::vector<std::string> take_messages();
  std::vector<Event> take_events();

 private:
  SyncDoc& doc(const ot::DocId& id);
  SyncDoc* known(const std::string& collection, const std::string& id);
  void on_handshake(const ot::Json& message);
  void on_doc_message(std::string_view action, const ot::Json& message);
  void on_bulk(const ot::Json& message);
  void subscribe_all();
  void flush_later(SyncDoc& doc) { changed_.push_back(&doc); }

  Channel channel_;
  std::map<ot::DocId, SyncDoc> docs_;
  std::vector<SyncDoc*> changed_;  // may have an op to send; some twice
};

}  // namespace segue::client
