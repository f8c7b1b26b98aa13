#include "tests/controls/checks.h"

#include <memory>
#include <vector>

#include <unistd.h>

#include "oplog/commit_queue.h"
#include "oplog/group_commit.h"
#include "oplog/memory_log.h"
#include "server/outbox.h"
#include "tests/support/child.h"
#include "tests/support/crash_images.h"
#include "tests/support/entries.h"
#include "tests/support/faulty_log.h"
#include "tests/support/room.h"

namespace segue::tests {
namespace {

using test::edit;
using test::edits;
using test::notes;
using test::plans;
using Messages = std::vector<std::string>;

const std::string insert_at_v1 = "{'a':'op','c':'c','d':'d','v':1,'seq':7,'op':[{'p':[0],'li':0}]}";
const Messages ack_at_v1{R"({"a":"op","c":"c","d":"d","src":"B","seq":7,"v":1})"};

// A durable document [1] at version 1, and its author's op at that version.
struct Story {
  explicit Story(std::size_t history_bytes_max = 1 << 20) {
    room.host.limits_.document.history_bytes_max = history_bytes_max;
    room.create();
    author = room.join();
  }

  Room room;
  std::shared_ptr<FakeClient> author;
};

// The op is known: it gets its first ack once more, and nothing else happens.
Violation check_resend(Story& story, const std::string& resend) {
  story.room.say(story.author, resend);
  if (story.room.host.unsynced() > 0) {
    return "G3 exactly once: an op that was sent again is committed twice";
  }
  if (story.author->take() != ack_at_v1) {
    return "G3 exactly once: an op that was sent again is not acknowledged at its version";
  }
  return std::nullopt;
}

struct Heard final : oplog::CommitObserver {
  void on_committed(ot::Version head) override { committed = head; }
  void on_failed(const ot::Error&) override { failed = true; }

  ot::Version committed;
  bool failed = false;
};

void deliver(const std::vector<oplog::CommitQueue::Notification>& notifications) {
  for (const auto& notification : notifications) {
    notification.deliver();
  }
}

}  // namespace

Violation check_acks_are_durable() {
  Story story;
  story.room.say(story.author, insert_at_v1);
  if (!story.author->take().empty()) {
    return "G1 durable acks: an ack leaves before its op is synced";
  }
  story.room.sync();
  if (story.author->take() != ack_at_v1) {
    return "G7 nothing lost: an op that was synced is not acknowledged";
  }
  return std::nullopt;
}

Violation check_durable_before_visible() {
  Story story;
  const auto watcher = story.room.subscriber();
  const auto reader = story.room.join();
  story.room.say(story.author, insert_at_v1);
  story.room.say(reader, "{'a':'f','c':'c','d':'d'}");
  if (!watcher->take().empty()) {
    return "G2 durable before visible: a broadcast leaves before its op is synced";
  }
  if (!reader->take().empty()) {
    return "G2 durable before visible: a fetch shows an op before it is synced";
  }
  story.room.sync();
  if (watcher->take().size() != 1 || reader->take().size() != 1) {
    return "G7 nothing lost: an op that was synced is not shown";
  }
  return std::nullopt;
}

Violation check_dedupe_after_restart() {
  Story story(0);  // What was loaded is in the log alone.
  story.room.say(story.author, insert_at_v1);
  story.room.sync();
  story.author->take();
  story.room.actor =
      std::make_shared<server::DocumentActor>(story.room.actor->id(), story.room.host);
  return check_resend(story, insert_at_v1);
}

Violation check_dedupe_from_any_base() {
  Story story;
  const auto other = story.room.join();
  story.room.say(story.author, insert_at_v1);
  story.room.say(other, "{'a':'op','c':'c','d':'d','v':2,'seq':1,'op':[{'p':[2],'li':2}]}");
  story.room.sync();
  story.author->take();
  // Since then its author has seen the other op, which changed nothing in its own.
  return check_resend(story, "{'a':'op','c':'c','d':'d','v':3,'seq':7,'op':[{'p':[0],'li':0}]}");
}

Violation check_batches_keep_order() {
  oplog::MemoryLog log;
  oplog::CommitQueue queue({});
  const auto heard = std::make_shared<Heard>();
  for (const oplog::Entry& entry : edits(notes, 0, 3)) {
    queue.enqueue(entry, heard, {});
  }
  auto batch = queue.next();
  const auto appended = log.append(batch.entries);
  deliver(queue.finish(std::move(batch), appended));
  if (!appended || heard->failed || log.read(notes, {0}, {9}, 1 << 20) != edits(notes, 0, 3)) {
    return "G5 one order: a batch does not keep the order in which its ops were queued";
  }
  return std::nullopt;
}

Violation check_failed_batches_are_not_acknowledged() {
  oplog::CommitQueue queue({});
  const std::vector heard{std::make_shared<Heard>(), std::make_shared<Heard>()};
  queue.enqueue(edit(notes, 0), heard[0], {});
  queue.enqueue(edit(plans, 0), heard[1], {});
  deliver(queue.finish(queue.next(), ot::fail(ot::Errc::log_full, "the disk is full")));
  for (const auto& one : heard) {
    if (one->committed > ot::Version{0} || !one->failed) {
      return "G1 durable acks: an op of a batch that failed is reported as committed";
    }
  }
  return std::nullopt;
}

Violation check_power_cuts() { return test::check_crash_images({.images = 1}).violation; }

// A commit that never comes can only be waited for, so that happens in a child whose time is up
// sooner or later. It decides nothing but how long a failure takes.
Violation check_every_wake_up_counts() {
  const test::Child child([](const test::Child::Meeting& meeting) {
    ::alarm(SEGUE_PATIENCE_S);
    oplog::MemoryLog memory;
    test::FaultyLog log(memory);
    log.close_gate();
    oplog::GroupCommit commits(log);
    const auto heard = std::make_shared<Heard>();
    commits.enqueue(edit(notes, 0), heard);
    log.wait_for_append(1);
    commits.enqueue(edit(notes, 1), heard);
    log.open_gate();
    commits.drain();
    meeting.wait();
  });
  if (!child.meet()) {
    return "G7 nothing lost: what was queued during a sync is not committed";
  }
  return std::nullopt;
}

Violation check_nothing_is_built_on_a_failure() {
  Story story;
  story.room.say(story.author, insert_at_v1);
  const std::size_t queued = story.room.host.unsynced();
  story.room.actor->on_failed({ot::Errc::log_full, "the disk is full"});
  story.room.host.run();
  story.room.say(story.author, "{'a':'op','c':'c','d':'d','v':2,'seq':8,'op':[{'p':[0],'li':0}]}");
  if (story.room.host.unsynced() > queued) {
    return "G10 full: an op is built on one that was never written";
  }
  if (story.author->closed == 0) {
    return "G7 nothing lost: the author of an op that failed is not told to send it again";
  }
  return std::nullopt;
}

Violation check_outbox_keeps_what_it_took() {
  server::Outbox outbox(100, 4);
  std::string taken;
  for (char c = 'a'; c <= 'z'; ++c) {
    const std::string frame(20, c);
    if (outbox.push(server::Frame::raw(frame))) {
      taken += frame;
    }
  }
  std::string sent;
  while (!outbox.empty()) {
    const std::size_t some = std::min<std::size_t>(7, outbox.front(1).front().size());
    sent += outbox.front(1).front().substr(0, some);
    outbox.consume(some);
  }
  if (sent != taken) {
    return "G9 slow readers: a frame that the outbox took is not sent";
  }
  return std::nullopt;
}

}  // namespace segue::tests
