// What a server says: the ShareDB protocol's replies and pushed messages as JSON text.
// Normative: spec/protocol.md. `request` is always the message that is being answered: a reply
// carries its `id`, or else its `c` and `d`, so that the client can match it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ot/document.h"
#include "ot/ids.h"
#include "ot/json_view.h"
#include "ot/op.h"
#include "ot/presence.h"
#include "ot/result.h"

namespace segue::ot {

inline constexpr std::string_view json0_uri = "http://sharejs.org/types/JSONv0";

// What a client that came with a token is told about it.
struct TokenInfo {
  std::string author;
  double expires_s = 0;  // since the epoch
};

std::string greeting(const ClientId& id);  // init
std::string handshake_reply(const ClientId& id, const std::optional<TokenInfo>& token = {},
                            bool leases = false);                          // hs
std::string authenticate_reply(JsonView request, const TokenInfo& token);  // auth
std::string plain_reply(JsonView request);                                 // {a, c, d} or {a, id}
// The request, and why; `more`: printed members of the error that go last.
std::string error_reply(JsonView request, const Error& error, std::string_view more = {});

// {v, type?, data?}: type is left away for json0 and null where there is no document.
std::string snapshot_text(const Snapshot& snapshot);
std::string error_text(const Error& error, std::string_view more = {});       // {code?, message}
std::string snapshot_reply(JsonView request, const Snapshot& snapshot);       // f, s
std::string past_snapshot_reply(JsonView request, const Snapshot& snapshot);  // nf, nt

std::string op_message(const DocId& doc, const CommittedOp& op);
std::string ack(JsonView request, const ClientId& src, Seq seq, Version committed);

// Bulk replies. `data` is the printed object from id to snapshot.
std::string bulk_snapshots_reply(JsonView request, std::string_view data);
std::string bulk_plain_reply(JsonView request);

// `lease`: printed, as it is told in all of these. Of a release there is none.
std::string lease_reply(JsonView request, std::string_view lease);  // lock, renew, release
std::string lease_message(const DocId& doc, std::string_view lease);

std::string presence_reply(JsonView request);            // ps, pu
std::string presence_asked(const std::string& channel);  // pr, to those who are to answer
std::string presence_message(const Presence& presence);  // p
// {src, id, value, c?, d?, v?, t?}
std::string presence_entry(const Presence& presence);

}  // namespace segue::ot
