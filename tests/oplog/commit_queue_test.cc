#include "oplog/commit_queue.h"

#include <limits>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/entries.h"

using namespace segue;
using namespace segue::test;
using oplog::CommitQueue;
using std::chrono::milliseconds;

namespace {

// Writes down what it hears: "alice 3" for a head, "alice ERR_LOG_FULL" for a failure.
class Listener final : public oplog::CommitObserver {
 public:
  Listener(std::string name, std::string& heard) : name_(std::move(name)), heard_(heard) {}
  void on_committed(ot::Version head) override {
    heard_ += name_ + ' ' + std::to_string(head.value) + '\n';
  }
  void on_failed(const ot::Error& error) override {
    heard_ += name_ + ' ' + std::string(ot::errc_name(error.code)) + '\n';
  }

 private:
  std::string name_;
  std::string& heard_;
};

class Fixture {
 public:
  explicit Fixture(CommitQueue::Options options = {}) : queue(options) {}

  bool enqueue(const std::shared_ptr<Listener>& who, const ot::DocId& doc, std::uint64_t version) {
    return queue.enqueue(edit(doc, version), who, now);
  }
  // Ends one batch and returns what was heard.
  std::string finish(CommitQueue::Batch batch, const ot::Result<void>& outcome = {}) {
    heard.clear();
    for (const auto& notification : queue.finish(std::move(batch), outcome)) {
      notification.deliver();
    }
    return heard;
  }
  std::string run(const ot::Result<void>& outcome = {}) { return finish(queue.next(), outcome); }

  CommitQueue queue;
  CommitQueue::Time now{};
  std::string heard;
  std::shared_ptr<Listener> a = std::make_shared<Listener>("a", heard);
  std::shared_ptr<Listener> b = std::make_shared<Listener>("b", heard);
  std::shared_ptr<Listener> c = std::make_shared<Listener>("c", heard);
};

const ot::DocId third{"plans", "p3"};

ot::Result<void> failed(ot::Errc code) { return ot::fail(code, "test"); }

}  // namespace

TEST_CASE("commit queue: each observer of a batch hears its newest head once, in batch order") {
  Fixture f;
  f.enqueue(f.b, plans, 4);
  f.enqueue(f.a, notes, 0);
  f.enqueue(f.b, plans, 5);
  f.enqueue(f.a, notes, 1);
  CHECK(f.run() == "b 6\na 2\n");
  CHECK(f.queue.empty());
}

TEST_CASE("commit queue: what is queued while a batch is under way goes into the next") {
  Fixture f;
  f.enqueue(f.a, notes, 0);
  auto batch = f.queue.next();
  f.enqueue(f.a, notes, 1);
  f.enqueue(f.a, notes, 2);
  CHECK(batch.entries.size() == 1);
  CHECK(f.finish(std::move(batch)) == "a 1\n");
  CHECK(f.run() == "a 3\n");
}

TEST_CASE("commit queue: a batch holds at most so many entries") {
  Fixture f({.batch_entries_max = 3});
  for (std::uint64_t version = 0; version < 7; ++version) {
    f.enqueue(f.a, notes, version);
  }
  CHECK(f.run() == "a 3\n");
  CHECK(f.run() == "a 6\n");
  CHECK(f.run() == "a 7\n");
}

TEST_CASE("commit queue: a batch holds at most so many bytes, but always one entry") {
  const std::size_t one = oplog::entry_bytes(edit(notes, 0));
  Fixture two_fit({.batch_bytes_max = 2 * one});
  for (std::uint64_t version = 0; version < 3; ++version) {
    two_fit.enqueue(two_fit.a, notes, version);
  }
  CHECK(two_fit.run() == "a 2\n");
  Fixture none_fits({.batch_bytes_max = 1});
  none_fits.enqueue(none_fits.a, notes, 0);
  none_fits.enqueue(none_fits.a, notes, 1);
  CHECK(none_fits.run() == "a 1\n");
}

TEST_CASE("commit queue: a full store fails every observer of the batch once") {
  Fixture f;
  f.enqueue(f.a, notes, 0);
  f.enqueue(f.b, plans, 0);
  f.enqueue(f.a, notes, 1);
  CHECK(f.run(failed(ot::Errc::log_full)) == "a ERR_LOG_FULL\nb ERR_LOG_FULL\n");
  CHECK(f.queue.empty());
}

TEST_CASE("commit queue: later entries of a failed observer are dropped, those of others stay") {
  Fixture f;
  f.enqueue(f.a, notes, 0);
  auto batch = f.queue.next();
  f.enqueue(f.a, notes, 1);
  f.enqueue(f.b, plans, 0);
  CHECK(f.finish(std::move(batch), failed(ot::Errc::log_io)) == "a ERR_LOG_IO\n");
  f.enqueue(f.a, notes, 2);
  CHECK(f.run() == "b 1\n");
  CHECK(f.queue.empty());
  f.enqueue(f.a, notes, 3);
  CHECK(f.queue.empty());
}

TEST_CASE("commit queue: a conflict fails its document alone") {
  Fixture f;
  f.enqueue(f.a, notes, 0);
  f.enqueue(f.b, plans, 9);
  f.enqueue(f.c, third, 0);
  f.enqueue(f.a, notes, 1);
  auto batch = f.queue.next();
  f.enqueue(f.b, plans, 10);
  f.enqueue(f.a, notes, 2);
  CHECK(f.finish(std::move(batch), failed(ot::Errc::log_conflict)).empty());
  CHECK(f.run() == "a 2\n");
  CHECK(f.run(failed(ot::Errc::log_conflict)) == "b ERR_LOG_CONFLICT\n");
  CHECK(f.run() == "c 1\n");
  CHECK(f.run() == "a 3\n");
  CHECK(f.queue.empty());
}

TEST_CASE("commit queue: nothing joins a batch that is tried again") {
  Fixture f;
  f.enqueue(f.a, notes, 0);
  f.enqueue(f.b, plans, 0);
  f.run(failed(ot::Errc::log_corrupt));
  f.enqueue(f.a, notes, 1);
  f.enqueue(f.b, plans, 1);
  CHECK(f.run() == "a 1\n");
  CHECK(f.run() == "b 1\n");
  CHECK(f.run() == "a 2\nb 2\n");
}

TEST_CASE("commit queue G10: while probes see the log full, it is full until one sees room") {
  Fixture f;
  f.enqueue(f.a, notes, 0);
  f.run(failed(ot::Errc::log_full));
  for (int probe = 0; probe < 10; ++probe) {
    CHECK(f.queue.state() == oplog::LogState::full);
    CHECK(f.queue.probe_delay() == milliseconds(200));
    f.queue.probed(failed(ot::Errc::log_full));
  }
  f.queue.probed({});
  CHECK(f.queue.state() == oplog::LogState::ready);
}

TEST_CASE("commit queue G10: where probes see no full log, entries try it less and less often") {
  Fixture f;
  std::uint64_t version = 0;
  const auto try_an_entry = [&](const ot::Result<void>& outcome) {
    f.enqueue(std::make_shared<Listener>("x", f.heard), notes, version++);
    f.run(outcome);
  };
  try_an_entry(failed(ot::Errc::log_full));
  for (const int delay_ms : {200, 400, 800, 1600, 3200, 5000, 5000}) {
    CHECK(f.queue.state() == oplog::LogState::full);
    CHECK(f.queue.probe_delay() == milliseconds(delay_ms));
    f.queue.probed({});
    CHECK(f.queue.state() == oplog::LogState::trying);
    try_an_entry(failed(ot::Errc::log_full));
  }
  f.queue.probed({});
  try_an_entry({});
  CHECK(f.queue.state() == oplog::LogState::ready);
  CHECK(f.queue.probe_delay() == milliseconds(200));
}

TEST_CASE("commit queue: with sync durability nobody is acknowledged early") {
  Fixture f;
  CHECK_FALSE(f.enqueue(f.a, notes, 0));
}

TEST_CASE("commit queue: with async durability early acknowledgement ends at a backlog in bytes") {
  const std::size_t one = oplog::entry_bytes(edit(notes, 0));
  Fixture f({.durability = oplog::Durability::async, .unsynced_bytes_max = 2 * one});
  CHECK(f.enqueue(f.a, notes, 0));
  auto batch = f.queue.next();
  CHECK(f.enqueue(f.a, notes, 1));
  CHECK_FALSE(f.enqueue(f.a, notes, 2));
  f.finish(std::move(batch));
  CHECK_FALSE(f.enqueue(f.a, notes, 3));
  f.run();
  CHECK(f.enqueue(f.a, notes, 4));
}

TEST_CASE("commit queue: with async durability early acknowledgement ends when the oldest is old") {
  Fixture f({.durability = oplog::Durability::async});
  CHECK(f.enqueue(f.a, notes, 0));
  auto batch = f.queue.next();
  f.now += milliseconds(999);
  CHECK(f.enqueue(f.a, notes, 1));
  f.now += milliseconds(1);
  CHECK_FALSE(f.enqueue(f.a, notes, 2));
  f.finish(std::move(batch));
  CHECK(f.enqueue(f.a, notes, 3));
}

TEST_CASE("commit queue: a failed observer is never acknowledged early") {
  Fixture f({.durability = oplog::Durability::async});
  f.enqueue(f.a, notes, 0);
  f.run(failed(ot::Errc::log_full));
  CHECK_FALSE(f.enqueue(f.a, notes, 1));
}

TEST_CASE("commit queue: the counters tell committed from unsynced and forget what failed") {
  Fixture f;
  const std::size_t one = oplog::entry_bytes(edit(notes, 0));
  f.enqueue(f.a, notes, 0);
  f.enqueue(f.b, plans, 0);
  auto batch = f.queue.next();
  f.enqueue(f.a, notes, 1);
  f.enqueue(f.c, third, 0);
  CHECK(f.queue.stats().unsynced_entries == 4);
  CHECK(f.queue.stats().unsynced_bytes == 4 * one);
  f.finish(std::move(batch), failed(ot::Errc::log_full));
  CHECK(f.queue.stats().unsynced_entries == 1);
  CHECK(f.queue.stats().unsynced_bytes == one);
  f.run();
  const auto stats = f.queue.stats();
  CHECK(stats.batches == 1);
  CHECK(stats.failed_batches == 1);
  CHECK(stats.entries == 1);
  CHECK(stats.bytes == one);
  CHECK(stats.unsynced_entries == 0);
  CHECK(stats.unsynced_bytes == 0);
}
