#include "oplog/group_commit.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include "oplog/memory_log.h"
#include "tests/support/entries.h"
#include "tests/support/faulty_log.h"

using namespace segue;
using namespace segue::test;

namespace {

// Notes what it hears; read it after drain() or stop(), which order it before.
class Listener final : public oplog::CommitObserver {
 public:
  void on_committed(ot::Version head) override { heads.push_back(head.value); }
  void on_failed(const ot::Error& error) override { failures.push_back(error.code); }

  std::vector<std::uint64_t> heads;
  std::vector<ot::Errc> failures;
};

constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

struct Fixture {
  oplog::MemoryLog memory;
  FaultyLog log{memory};
  std::shared_ptr<Listener> a = std::make_shared<Listener>();
  std::shared_ptr<Listener> b = std::make_shared<Listener>();
};

void enqueue_all(oplog::GroupCommit& commits, const std::vector<oplog::Entry>& entries,
                 const std::shared_ptr<Listener>& observer) {
  for (const auto& entry : entries) {
    commits.enqueue(entry, observer);
  }
}

}  // namespace

TEST_CASE("group commit: what is queued during a commit becomes one commit") {
  Fixture f;
  f.log.close_gate();
  oplog::GroupCommit commits(f.log);
  commits.enqueue(edit(notes, 0), f.a);
  f.log.wait_for_append(1);
  enqueue_all(commits, edits(notes, 1, 101), f.a);
  f.log.open_gate();
  commits.drain();
  CHECK(f.log.batch_sizes() == std::vector<std::size_t>{1, 100});
  CHECK(f.a->heads == std::vector<std::uint64_t>{1, 101});
  CHECK(commits.stats().batches == 2);
  CHECK(commits.stats().entries == 101);
}

TEST_CASE("group commit: nobody hears of a commit before the log has returned") {
  Fixture f;
  f.log.close_gate();
  std::atomic<bool> gate_opened = false;
  class Early final : public oplog::CommitObserver {
   public:
    explicit Early(std::atomic<bool>& gate) : gate_(gate) {}
    void on_committed(ot::Version /*head*/) override { durable = gate_; }
    void on_failed(const ot::Error& /*error*/) override {}
    bool durable = false;

   private:
    std::atomic<bool>& gate_;
  };
  const auto observer = std::make_shared<Early>(gate_opened);
  oplog::GroupCommit commits(f.log);
  commits.enqueue(edit(notes, 0), observer);
  f.log.wait_for_append(1);
  gate_opened = true;
  f.log.open_gate();
  commits.drain();
  CHECK(observer->durable);
}

TEST_CASE("group commit: a failed batch fails what was built on it, and others go on") {
  Fixture f;
  f.log.close_gate();
  f.log.fail_append(1, {ot::Errc::log_full, "test"});
  oplog::GroupCommit commits(f.log);
  commits.enqueue(edit(notes, 0), f.a);
  f.log.wait_for_append(1);
  enqueue_all(commits, edits(notes, 1, 5), f.a);
  enqueue_all(commits, edits(plans, 0, 3), f.b);
  f.log.open_gate();
  commits.drain();
  CHECK(f.a->heads.empty());
  CHECK(f.a->failures == std::vector{ot::Errc::log_full});
  CHECK(f.b->heads == std::vector<std::uint64_t>{3});
  CHECK(f.memory.head(notes).value().version == ot::Version{0});
}

TEST_CASE("group commit: after a full store a reloaded document commits with a new observer") {
  Fixture f;
  f.log.fail_append(1, {ot::Errc::log_full, "test"});
  oplog::GroupCommit commits(f.log);
  commits.enqueue(edit(notes, 0), f.a);
  commits.drain();
  commits.enqueue(edit(notes, 0), f.b);
  commits.drain();
  CHECK(f.a->failures == std::vector{ot::Errc::log_full});
  CHECK(f.b->heads == std::vector<std::uint64_t>{1});
}

TEST_CASE(
    "group commit G10: a full log is tried again by itself, and it is told when it has room") {
  Fixture f;
  f.log.fail_append(1, {ot::Errc::log_full, "full"});
  f.log.fail_append(2, {ot::Errc::log_full, "still full"});
  std::vector<oplog::LogState> states;
  std::promise<void> has_room;
  oplog::GroupCommit commits(f.log, {}, [&](oplog::LogState state) {
    states.push_back(state);
    if (state == oplog::LogState::ready) {
      has_room.set_value();
    }
  });
  commits.enqueue(edit(notes, 0), f.a);
  has_room.get_future().wait();
  CHECK(commits.state() == oplog::LogState::ready);
  CHECK(states == std::vector{oplog::LogState::full, oplog::LogState::ready});
  CHECK(f.log.batch_sizes() == std::vector<std::size_t>{1, 0, 0});
}

TEST_CASE("group commit G10: it has room again when an append says so, where no probe can tell") {
  Fixture f;
  f.log.fail_append(1, {ot::Errc::log_full, "over the quota"});
  f.log.fail_append(3, {ot::Errc::log_full, "still over the quota"});
  std::vector<oplog::LogState> states;
  std::promise<void> has_room;
  oplog::GroupCommit commits(f.log, {}, [&](oplog::LogState state) {
    states.push_back(state);
    if (state == oplog::LogState::trying) {
      commits.enqueue(edit(notes, 0), std::make_shared<Listener>());
    } else if (state == oplog::LogState::ready) {
      has_room.set_value();
    }
  });
  commits.enqueue(edit(notes, 0), f.a);
  has_room.get_future().wait();
  using enum oplog::LogState;
  CHECK(states == std::vector{full, trying, full, trying, ready});
  CHECK(f.log.batch_sizes() == std::vector<std::size_t>{1, 0, 1, 0, 1});
}

TEST_CASE("group commit G11: after an I/O error the log has failed for good") {
  Fixture f;
  f.log.fail_append(1, {ot::Errc::log_io, "broken"});
  std::promise<oplog::LogState> heard;
  oplog::GroupCommit commits(f.log, {}, [&](oplog::LogState state) { heard.set_value(state); });
  commits.enqueue(edit(notes, 0), f.a);
  CHECK(heard.get_future().get() == oplog::LogState::failed);
  CHECK(commits.state() == oplog::LogState::failed);
}

TEST_CASE("group commit: a conflict in a batch costs the other documents nothing") {
  Fixture f;
  f.log.close_gate();
  oplog::GroupCommit commits(f.log);
  commits.enqueue(edit({"x", "y"}, 0), std::make_shared<Listener>());
  f.log.wait_for_append(1);
  enqueue_all(commits, edits(notes, 7, 9), f.a);  // The document is at 0.
  enqueue_all(commits, edits(plans, 0, 3), f.b);
  f.log.open_gate();
  commits.drain();
  CHECK(f.a->failures == std::vector{ot::Errc::log_conflict});
  CHECK(f.b->heads == std::vector<std::uint64_t>{3});
  CHECK(f.b->failures.empty());
}

TEST_CASE("group commit: stop commits what is queued and tells the observers") {
  Fixture f;
  f.log.close_gate();
  oplog::GroupCommit commits(f.log);
  enqueue_all(commits, edits(notes, 0, 50), f.a);
  f.log.open_gate();
  commits.stop();
  REQUIRE_FALSE(f.a->heads.empty());
  CHECK(f.a->heads.back() == 50);
  CHECK(f.memory.head(notes).value().version == ot::Version{50});
  CHECK_FALSE(commits.enqueue(edit(notes, 50), f.a));
  commits.stop();
  CHECK(f.memory.head(notes).value().version == ot::Version{50});
}

TEST_CASE("group commit: many threads queue, all is committed in each one's order") {
  Fixture f;
  constexpr std::uint64_t ops = 500;
  std::vector<std::shared_ptr<Listener>> listeners;
  {
    oplog::GroupCommit commits(f.log, {.batch_entries_max = 7});
    std::vector<std::thread> editors;
    for (int editor = 0; editor < 4; ++editor) {
      const auto listener = listeners.emplace_back(std::make_shared<Listener>());
      editors.emplace_back([&commits, editor, listener] {
        enqueue_all(commits, edits({"many", std::to_string(editor)}, 0, ops), listener);
      });
    }
    for (auto& editor : editors) {
      editor.join();
    }
  }
  for (std::size_t editor = 0; editor < listeners.size(); ++editor) {
    CHECK(listeners[editor]->failures.empty());
    CHECK(listeners[editor]->heads.back() == ops);
    CHECK(std::is_sorted(listeners[editor]->heads.begin(), listeners[editor]->heads.end()));
    const ot::DocId doc{"many", std::to_string(editor)};
    CHECK(f.memory.read(doc, {0}, {ops}, no_limit).value() == edits(doc, 0, ops));
  }
}

TEST_CASE("group commit: a commit follows every single entry, so no wake-up is lost") {
  Fixture f;
  oplog::GroupCommit commits(f.log);
  for (std::uint64_t version = 0; version < 300; ++version) {
    commits.enqueue(edit(notes, version), f.a);
    commits.drain();
    CHECK(f.a->heads.back() == version + 1);
  }
}

TEST_CASE("group commit: with async durability the author may be acknowledged before the sync") {
  Fixture f;
  f.log.close_gate();
  oplog::GroupCommit commits(f.log, {.durability = oplog::Durability::async,
                                     .unsynced_age_max = std::chrono::milliseconds(1'000'000'000)});
  CHECK(commits.enqueue(edit(notes, 0), f.a));
  f.log.wait_for_append(1);
  CHECK(commits.enqueue(edit(notes, 1), f.a));
  CHECK(commits.stats().unsynced_entries == 2);
  f.log.open_gate();
  commits.drain();
  CHECK(f.a->heads == std::vector<std::uint64_t>{1, 2});
}
