#include "tests/sim/stream_check.h"

#include <algorithm>

#include "ot/json_text.h"
#include "tests/sim/core.h"
#include "tests/sim/reading.h"

namespace segue::sim {

namespace {

std::string name(const ot::DocId& doc, std::uint64_t version) {
  return doc.str() + " at version " + std::to_string(version);
}

}  // namespace

// ---- requests

void StreamCheck::sent(const ot::Json& message) {
  const std::string action = text_at(message, "a");
  const ot::DocId doc = doc_of(message);
  if (action == "s") {
    asked(doc, number_at(message, "v"));
  } else if (action == "u") {
    asked(doc, std::nullopt);
  } else if (action == "f") {
    ++streams_[doc].fetches;
  } else if (action == "op") {
    const std::string src = text_at(message, "src");
    const std::uint64_t seq = number_at(message, "seq").value_or(0);
    submitted_.emplace(src.empty() ? src_ : src, seq);
    streams_[doc].ops.push_back(seq);
  } else if (action == "bs") {
    const ot::Json& bulk = *message.find("b");
    if (bulk.is_array()) {
      bulk.for_each_element([&](const ot::Json& id) {
        asked({doc.collection, id.str()}, std::nullopt);
      });
    } else {
      bulk.for_each_member([&](std::string_view id, const ot::Json& version) {
        asked({doc.collection, std::string(id)}, static_cast<std::uint64_t>(version.number()));
      });
    }
  }
}

void StreamCheck::asked(const ot::DocId& doc, Asked from) {
  Stream& stream = streams_[doc];
  stream.overlapping = stream.overlapping || !stream.subscriptions.empty();
  stream.subscriptions.push_back(from);
  stream.next.reset();  // It may claim to have what it has not.
  stream.next_asked = from;
}

// ---- answers

void StreamCheck::received(const ot::Json& message) {
  const std::string action = text_at(message, "a");
  const ot::DocId doc = doc_of(message);
  const bool failed = message.find("error") != nullptr;
  if (action == "hs") {
    src_ = text_at(message, "id");
  } else if (action == "op") {
    has_contents(message) && !failed ? got_op(doc, message) : answered_op(doc, message);
  } else if (action == "s") {
    subscribed(doc, message.find("data"), failed);
  } else if (action == "u") {
    left(doc);
  } else if (action == "f") {
    Stream& stream = streams_[doc];
    if (stream.fetches == 0) {
      throw Violation("S11 one answer: a fetch that was not asked for: " + ot::json_text(message));
    }
    --stream.fetches;
  } else if (action == "bs") {
    answered_bulk(message);
  }
}

void StreamCheck::subscribed(const ot::DocId& doc, const ot::Json* snapshot, bool failed) {
  Stream& stream = streams_[doc];
  if (stream.subscriptions.empty()) {
    throw Violation("S11 one answer: a subscription that was not asked for, to " + doc.str());
  }
  stream.subscriptions.pop_front();
  stream.perhaps = failed && snapshot == nullptr;
  if (failed) {
    // What was subscribed before stays so.
  } else if (stream.overlapping) {
    stream.subscribed = true;
    stream.next.reset();
  } else {
    stream.subscribed = true;
    stream.next = snapshot != nullptr ? number_at(*snapshot, "v") : stream.next_asked;
  }
  stream.overlapping = stream.overlapping && !stream.subscriptions.empty();
}

void StreamCheck::left(const ot::DocId& doc) {
  Stream& stream = streams_[doc];
  if (stream.subscriptions.empty()) {
    throw Violation("S11 one answer: an unsubscription that was not asked for, of " + doc.str());
  }
  stream.subscriptions.pop_front();
  stream.subscribed = false;
  stream.perhaps = stream.overlapping;  // A bulk reply may have overtaken this one.
  stream.overlapping = stream.overlapping && !stream.subscriptions.empty();
}

void StreamCheck::answered_bulk(const ot::Json& message) {
  const std::string collection = text_at(message, "c");
  if (const ot::Json* data = message.find("data")) {
    return data->for_each_member([&](std::string_view id, const ot::Json& share) {
      const bool failed = share.find("error") != nullptr;
      subscribed({collection, std::string(id)}, &share, failed);
    });
  }
  const bool failed = message.find("error") != nullptr;
  const ot::Json& bulk = *message.find("b");
  if (bulk.is_array()) {
    return bulk.for_each_element([&](const ot::Json& id) {
      subscribed({collection, id.str()}, nullptr, failed);
    });
  }
  bulk.for_each_member([&](std::string_view id, const ot::Json&) {
    subscribed({collection, std::string(id)}, nullptr, failed);
  });
}

void StreamCheck::answered_op(const ot::DocId& doc, const ot::Json& message) {
  Stream& stream = streams_[doc];
  const auto seq = number_at(message, "seq");
  if (stream.ops.empty() || seq != stream.ops.front()) {
    throw Violation("S11 acks in order: " + ot::json_text(message) + " while " +
                    (stream.ops.empty() ? "none" : std::to_string(stream.ops.front())) +
                    " is the oldest seq that was not answered");
  }
  stream.ops.pop_front();
  // A client that is leaving is told no more, and may have to fetch.
  const bool complete = stream.subscribed && stream.subscriptions.empty();
  if (message.find("error") == nullptr && complete) {
    require_no_gap(doc, stream, *number_at(message, "v"), "the ack of ");
  }
}

// ---- ops

void StreamCheck::got_op(const ot::DocId& doc, const ot::Json& message) {
  Stream& stream = streams_[doc];
  const std::uint64_t version = *number_at(message, "v");
  const bool expected = stream.subscribed || stream.perhaps || !stream.subscriptions.empty() ||
                        stream.fetches > 0 || !stream.ops.empty();
  if (!expected) {
    throw Violation("S11 no op before or after a subscription: " + ot::json_text(message));
  }
  while (stream.next_asked < version && stream.next_asked && hidden(doc, *stream.next_asked)) {
    ++*stream.next_asked;
  }
  if (stream.next_asked == version) {
    ++*stream.next_asked;
  }
  const bool may_be_asked_for =
      stream.fetches > 0 || !stream.ops.empty() || !stream.subscriptions.empty();
  if (!stream.subscribed || (!stream.next && may_be_asked_for)) {
    return;
  }
  require_no_gap(doc, stream, version, "");
  stream.next = std::max(stream.next.value_or(0), version + 1);
}

void StreamCheck::require_no_gap(const ot::DocId& doc, const Stream& stream, std::uint64_t version,
                                 const std::string& before) const {
  for (std::uint64_t v = stream.next.value_or(version); v < version; ++v) {
    if (!hidden(doc, v)) {
      throw Violation("S11/G9 every op of a subscription arrives: " + before + name(doc, version) +
                      " comes without " + name(doc, v));
    }
  }
}

// Nobody is sent what came from it.
bool StreamCheck::hidden(const ot::DocId& doc, std::uint64_t version) const {
  const oplog::Entry& entry = ledger_.entry(doc, ot::Version{version});
  return entry.src.value == src_ || submitted_.count({entry.src.value, entry.seq.value}) > 0;
}

}  // namespace segue::sim
