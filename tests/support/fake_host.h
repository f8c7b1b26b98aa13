// A document's surroundings under a test's control: one thread, a log in memory, and syncs, reads
// and deliveries that happen when the test says so.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "oplog/memory_log.h"
#include "ot/builtin_types.h"
#include "ot/json_text.h"
#include "ot/message.h"
#include "server/bulk_reply.h"
#include "server/channel_request.h"
#include "server/doc_request.h"
#include "server/document_actor.h"
#include "server/document_host.h"
#include "server/query_request.h"

namespace segue::tests {

// The messages in a frame.
inline std::vector<std::string> messages_of(const server::Frame& frame) {
  std::vector<std::string> messages;
  std::string_view bytes = frame.bytes();
  while (!bytes.empty()) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    std::size_t header = 2;
    std::size_t size = byte(1);
    if (size >= 126) {
      header = size == 126 ? 4 : 10;
      size = 0;
      for (std::size_t i = 2; i < header; ++i) size = size << 8 | byte(i);
    }
    messages.emplace_back(bytes.substr(header, size));
    bytes.remove_prefix(header + size);
  }
  return messages;
}

class FakeClient : public server::Client {
 public:
  explicit FakeClient(std::size_t worker = 0) : Client(worker) {}

  void deliver(const server::Frame& frame) override { append(frame); }
  void begin_catch_up(std::function<void()> callback) override { callback(); }
  void end_catch_up() override {}
  void deliver_piece(const server::Frame& frame) override { append(frame); }
  void deliver_part(const std::shared_ptr<server::BulkReply>&, const std::string& id,
                    const std::string& text) override {
    received.push_back(id + " " + text);
  }
  void when_drained(std::function<void()> callback) override { callback(); }
  void ignore_input() override {}
  void close(server::CloseReason reason) override { closed = reason.code; }

  void end() { set_ended(); }

  // What has arrived since the last call.
  std::vector<std::string> take() { return std::exchange(received, {}); }

  std::vector<std::string> received;
  int closed = 0;

 private:
  void append(const server::Frame& frame) {
    for (std::string& message : messages_of(frame)) {
      received.push_back(std::move(message));
    }
  }
};

class FakeHost : public server::DocumentHost {
 public:
  const server::Limits& limits() const override { return limits_; }
  ot::TypeLookup types() const override { return &ot::find_type; }
  std::int64_t now_ms() const override { return now; }
  std::int64_t steady_ms() const override { return now; }
  Alarm call_at(std::int64_t steady_ms, std::function<void()> task) override {
    auto alarm = std::make_shared<std::function<void()>>(std::move(task));
    alarms_.emplace(steady_ms, alarm);
    return alarm;
  }
  bool leases_exclusively(const std::string&) const override { return exclusive_leases; }
  std::size_t workers() const override { return 1; }
  std::size_t worker() const override { return 0; }
  bool commit(oplog::Entry entry, server::DocumentActor&) override {
    unsynced_.push_back(std::move(entry));
    return acknowledge_at_once;
  }
  void read(std::function<void(const oplog::OpLog&)> job, std::function<void()> done) override {
    (readers_busy ? reads_ : tasks_)
        .push_back([this, job = std::move(job), done = std::move(done)] {
          job(log_);
          done();
        });
  }
  oplog::LogState log_state() const override { return log_now; }
  void save(std::function<void(oplog::OpLog&)> job, std::function<void()> done) override {
    tasks_.push_back([this, job = std::move(job), done = std::move(done)] {
      job(log_);
      done();
    });
  }
  void post(std::size_t, std::function<void()> task) override { tasks_.push_back(std::move(task)); }
  void begin_catch_up(std::shared_ptr<server::Client> client,
                      std::function<void()> begun) override {
    tasks_.push_back([client, begun = std::move(begun)] { client->begin_catch_up(begun); });
  }
  void deliver_piece(std::shared_ptr<server::Client> client, server::Frame piece,
                     std::function<void()> drained) override {
    tasks_.push_back([client, piece, drained = std::move(drained)] {
      client->deliver_piece(piece);
      client->when_drained(drained);
    });
  }
  void route(ot::DocId doc, server::DocRequest request) override {
    routed.emplace_back(std::move(doc), std::move(request));
  }
  void post_last(std::size_t worker, std::function<void()> task) override {
    post(worker, std::move(task));
  }
  void watch(const std::string& collection, std::function<void()> done) override {
    watched.insert(collection);
    tasks_.push_back(std::move(done));
  }
  void unwatch(const std::string& collection) override { watched.erase(collection); }
  bool is_watched(const std::string& collection) const override {
    return watched.contains(collection);
  }
  void tell_queries(server::DocumentNews told) override { news.push_back(std::move(told)); }
  void publish(server::ChannelRequest request) override {
    tasks_.push_back([this, request = std::move(request)] { published.push_back(request); });
  }
  void retire(server::DocumentActor&) override { ++retired; }

  // Runs everything that waits, but no sync, and no reads while `readers_busy`.
  void run() {
    if (!readers_busy) {
      std::move(reads_.begin(), reads_.end(), std::back_inserter(tasks_));
      reads_.clear();
    }
    while (!tasks_.empty()) {
      const auto task = std::move(tasks_.front());
      tasks_.pop_front();
      task();
    }
  }
  // Moves the clock on, and runs what waited for that.
  void pass(std::int64_t ms) {
    now += ms;
    while (!alarms_.empty() && alarms_.begin()->first <= now) {
      const auto alarm = alarms_.begin()->second.lock();
      alarms_.erase(alarms_.begin());
      if (alarm != nullptr) {
        (*alarm)();
      }
    }
    run();
  }
  // Those that nobody has dropped.
  std::size_t alarms() {
    std::erase_if(alarms_, [](const auto& alarm) { return alarm.second.expired(); });
    return alarms_.size();
  }
  // Puts what was committed on disk, tells the actor, and runs what follows.
  void sync(server::DocumentActor& actor) {
    const std::vector<oplog::Entry> entries = std::exchange(unsynced_, {});
    if (!entries.empty()) {
      const auto appended = log_.append(entries);
      if (!appended) {
        throw std::runtime_error(appended.error().detail);
      }
      actor.on_durable(entries.back().version + 1);
    }
    run();
  }
  ot::Result<void> store(const oplog::Checkpoint& checkpoint) {
    return log_.save_checkpoint(checkpoint);
  }
  // What was committed and not synced is gone, as when an append fails.
  void lose_unsynced() { unsynced_.clear(); }
  // While `readers_busy`.
  std::size_t reads_waiting() const { return reads_.size(); }
  std::size_t unsynced() const { return unsynced_.size(); }
  const oplog::OpLog& log() const { return log_; }

  std::int64_t now = 1'000;
  bool acknowledge_at_once = false;
  bool exclusive_leases = false;
  bool readers_busy = false;
  oplog::LogState log_now = oplog::LogState::ready;
  int retired = 0;
  std::vector<std::pair<ot::DocId, server::DocRequest>> routed;
  std::vector<server::ChannelRequest> published;
  std::set<std::string> watched;
  std::vector<server::DocumentNews> news;
  server::Limits limits_;

 private:
  oplog::MemoryLog log_;
  std::vector<oplog::Entry> unsynced_;
  std::deque<std::function<void()>> tasks_;
  std::deque<std::function<void()>> reads_;
  std::multimap<std::int64_t, std::weak_ptr<std::function<void()>>> alarms_;
};

}  // namespace segue::tests
