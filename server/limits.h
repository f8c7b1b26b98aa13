// Every bound of the server in one place, with its unit. Normative: spec/limits.md.
#pragma once

#include <chrono>
#include <cstddef>

#include "ot/document.h"
#include "ot/json_text.h"
#include "ot/message.h"
#include "server/query/query.h"
#include "server/token_bucket.h"

namespace segue::server {

struct Limits {
  // A message above the first bound is read and answered ERR_MESSAGE_TOO_LARGE; above the second
  // the connection is closed with 1009.
  std::size_t message_bytes_max = 4u << 20;
  std::size_t message_bytes_drained_max = 16u << 20;

  // Frames that wait for a slow reader. One frame may exceed the bytes of an empty outbox.
  std::size_t outbox_bytes_max = 8u << 20;
  std::size_t outbox_frames_max = 10'000;

  // Ops older than the history in memory are read and sent in pieces of this size.
  std::size_t catch_up_ops = 1'000;
  std::size_t catch_up_bytes = 1u << 20;
  std::size_t catch_up_ops_at_once = 100;  // so few are sent like any reply

  // What a client sends to a document while an earlier request of its to it takes several steps.
  std::size_t requests_waiting_bytes_max = 16u << 20;

  // Of one connection.
  std::size_t subscriptions_max = 10'000;
  std::size_t channels_max = 10'000;
  std::size_t presences_max = 1'000;
  std::size_t presence_bytes_max = 16u << 10;  // the value, as printed JSON
  // Of those without a connection: of one worker; and how long they stay.
  std::size_t visits_max = 10'000;
  std::chrono::milliseconds presence_ttl{30'000};
  std::chrono::milliseconds presence_ttl_max{600'000};

  // Leases of one connection and of one document, and how long one may last without being renewed.
  std::size_t leases_max = 100;
  std::size_t document_leases_max = 256;
  std::chrono::milliseconds lease_ttl{30'000};
  std::chrono::milliseconds lease_ttl_max{600'000};

  // Live queries of one connection; requests to a collection that is being read; documents held for
  // queries, of all workers together.
  std::size_t queries_max = 256;
  std::size_t queries_waiting_max = 10'000;
  std::size_t query_bytes_max = 1u << 30;

  // A checkpoint is due when the ops since the last one take more than the document, and this much.
  std::size_t checkpoint_ops_bytes_min = 256u << 10;

  // Documents in memory, of all workers together. Those in use stay; then loads of others wait.
  std::size_t documents_bytes_max = 256u << 20;
  std::size_t loads_waiting_max = 10'000;  // of one worker
  std::chrono::seconds load_wait_max{5};

  std::size_t http_header_bytes_max = 8u << 10;
  std::size_t http_fields_max = 64;
  std::size_t http_target_bytes_max = 4u << 10;
  std::size_t http_body_bytes_max = 16u << 20;
  std::size_t http_op_bytes_max = 16u << 20;  // that a PUT or a PATCH becomes
  using Time = std::chrono::milliseconds;
  Time http_idle_timeout{75'000};      // between two requests
  Time http_stranger_timeout{10'000};  // the same, of one unknown that is held to numbers
  Time http_head_timeout{10'000};      // from its first byte
  Time http_body_timeout{120'000};     // of the whole body
  Time http_stall_timeout{30'000};     // without progress, of a body either way
  Time http_heartbeat{15'000};         // a sign of life in a silent event stream
  Time handshake_timeout{10'000};      // of WebSocket open and close
  Time first_message_timeout{10'000};  // from its opening; one that is valid
  Time idle_timeout{50'000};           // a ping goes out at half of it
  Time stall_timeout{30'000};          // within a message
  Time rate_wait_max{20'000};          // for one message too many: less than the silence
  Rate control_frames{.per_second = 20, .burst = 200};
  std::size_t empty_reads_max = 512;  // of a socket, that bring fragments without content
  Time shutdown_grace{8'000};
  Time come_back_within{2'000};  // of a goodbye: asked of each client at random

  query::QueryLimits query;
  ot::JsonLimits json;
  ot::MessageLimits message;
  ot::DocumentLimits document;
};

}  // namespace segue::server
