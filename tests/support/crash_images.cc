#include "tests/support/crash_images.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <utility>
#include <vector>

#include "oplog/commit_queue.h"
#include "oplog/verify.h"
#include "tests/support/child.h"
#include "tests/support/crash_disk.h"
#include "tests/support/entries.h"
#include "tests/support/file_tap.h"
#include "tests/support/random.h"
#include "tests/support/stored_log.h"

namespace segue::test {
namespace {

constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

std::string read_file(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

void write_file(const std::string& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

// ---- what is run

// A run of the log: what was done to its file, and what it had promised after how much of that.
struct Recording {
  struct Ack {
    std::size_t events;  // so many came before it
    ot::DocId doc;
    ot::Version head;
  };
  struct Saved {
    std::size_t events;
    oplog::Checkpoint checkpoint;
  };

  std::string before;  // the file when it began
  std::vector<FileEvent> events;
  std::map<ot::DocId, std::vector<oplog::Entry>> submitted;  // the op at version v is [v]
  std::vector<Ack> acks;
  std::vector<Saved> saved;
};

// Commits batches of random ops to a few documents, through the queue that decides who is
// acknowledged when.
class Recorder {
 public:
  explicit Recorder(const CrashOptions& options)
      : commits_(options.commits), random_(options.seed) {
    recording_.before = read_file(file());
    tap_.fail(options.failing_call, FileFault::late_error);
    for (const ot::DocId& doc : {notes, plans, ot::DocId{"plans", "größe"}}) {
      recording_.submitted[doc];
    }
    begin();
  }

  Recording run() {
    for (int commit = 0; commit < commits_; ++commit) {
      commit_batch();
      if (commit == commits_ / 2) {
        restart();
      }
      if (commit % 4 == 3) {
        save_checkpoint();
      }
    }
    recording_.events = tap_.events();
    check_complete();
    return std::move(recording_);
  }

 private:
  class Observer final : public oplog::CommitObserver {
   public:
    Observer(Recorder& recorder, ot::DocId doc) : recorder_(recorder), doc_(std::move(doc)) {}
    const ot::DocId& doc() const { return doc_; }
    void on_committed(ot::Version head) override {
      recorder_.recording_.acks.push_back({recorder_.tap_.event_count(), doc_, head});
    }
    void on_failed(const ot::Error&) override {}

   private:
    Recorder& recorder_;
    ot::DocId doc_;
  };

  std::string file() const { return stored_.directory() + "/data.mdb"; }

  void begin() {
    queue_.emplace(oplog::CommitQueue::Options{});
    observers_.clear();
    for (const auto& [doc, submitted] : recording_.submitted) {
      observers_.push_back(std::make_shared<Observer>(*this, doc));
    }
  }

  // What is read after it is shown, and counts as acknowledged; what is not there is sent again.
  void restart() {
    try {
      stored_.reopen();
    } catch (const std::runtime_error&) {
      stored_.open();  // It was the failing call; the next attempt has luck.
    }
    begin();
    for (const auto& observer : observers_) {
      const ot::Version head = stored_.log().head(observer->doc()).value().version;
      observer->on_committed(head);
      const auto& submitted = recording_.submitted[observer->doc()];
      for (std::size_t version = head.value; version < submitted.size(); ++version) {
        queue_->enqueue(submitted[version], observer, {});
      }
    }
  }

  oplog::Entry random_entry(const ot::DocId& doc, std::uint64_t version) {
    oplog::Entry entry = edit(doc, version, random_.below(2) == 0 ? "alice" : "bob");
    constexpr std::array kinds{ot::OpKind::edit,   ot::OpKind::edit,   ot::OpKind::edit,
                               ot::OpKind::remove, ot::OpKind::create, ot::OpKind::noop};
    entry.kind = version == 0 ? ot::OpKind::create : kinds[version % kinds.size()];
    if (entry.kind == ot::OpKind::create) {
      entry.type = "http://sharejs.org/types/JSONv0";
    }
    // A value above 2 KiB has pages of its own, one or several.
    constexpr std::array<std::size_t, 6> lengths{0, 40, 40, 200, 3'000, 9'000};
    entry.payload.append(lengths[random_.below(lengths.size())], 'x');
    entry.submitted.append(random_.below(3) == 0 ? 100 : 0, 'y');
    return entry;
  }

  void commit_batch() {
    for (std::size_t left = 1 + random_.below(8); left > 0; --left) {
      const auto& observer = observers_[random_.below(observers_.size())];
      auto& submitted = recording_.submitted[observer->doc()];
      submitted.push_back(random_entry(observer->doc(), submitted.size()));
      queue_->enqueue(submitted.back(), observer, {});
    }
    while (!queue_->empty()) {
      auto batch = queue_->next();
      const auto outcome = stored_.log().append(batch.entries);
      for (const auto& notification : queue_->finish(std::move(batch), outcome)) {
        notification.deliver();
      }
      if (!outcome) {
        restart();
      }
    }
  }

  void save_checkpoint() {
    const auto& [doc, entries] =
        *std::next(recording_.submitted.begin(), static_cast<std::ptrdiff_t>(random_.below(3)));
    if (entries.empty()) {
      return;
    }
    const ot::Version head{entries.size()};
    const oplog::Checkpoint checkpoint{doc, head, "json0", std::string(random_.below(6'000), 'c')};
    if (!stored_.log().save_checkpoint(checkpoint)) {
      return restart();
    }
    recording_.saved.push_back({tap_.event_count(), checkpoint});
  }

  // Whatever wrote to the file past the tap shows here.
  void check_complete() const {
    CrashDisk disk(recording_.before);
    for (const FileEvent& event : recording_.events) {
      disk.add(event);
    }
    if (disk.contents() != read_file(file())) {
      throw std::logic_error("the file was written in a way that is not recorded");
    }
  }

  const int commits_;
  Random random_;
  StoredLog stored_{small_map(), memory_directory()};
  FileTap tap_{file()};
  std::optional<oplog::CommitQueue> queue_;
  std::vector<std::shared_ptr<Observer>> observers_;
  Recording recording_;
};

// ---- what is checked

using Violation = std::optional<std::string>;

// Compares the log in `directory` with what the run had promised after `events` events.
class Audit {
 public:
  Audit(const Recording& recording, std::size_t events) : recording_(recording), events_(events) {}

  Violation run(const std::string& directory) const {
    const auto opened = oplog::LmdbLog::open(directory, small_map());
    if (!opened) {
      return "G1 durable acks: the log does not open: " + opened.error().detail;
    }
    oplog::LmdbLog& log = **opened;
    Violation violation = verify(log);
    for (const auto& [doc, submitted] : recording_.submitted) {
      violation = violation ? violation : document(log, doc, submitted);
    }
    for (const auto& saved : recording_.saved) {
      violation = violation ? violation : checkpoint(log, saved);
    }
    return violation ? violation : carry_on(log);
  }

 private:
  static Violation verify(const oplog::LmdbLog& log) {
    const auto report = oplog::verify(log);
    return report.ok() ? Violation{}
                       : "G1 durable acks: the log does not verify: " + report.fault->detail;
  }

  std::uint64_t acknowledged(const ot::DocId& doc) const {
    ot::Version head;
    for (const auto& ack : recording_.acks) {
      if (ack.events <= events_ && ack.doc == doc) {
        head = std::max(head, ack.head);
      }
    }
    return head.value;
  }

  Violation document(const oplog::LmdbLog& log, const ot::DocId& doc,
                     const std::vector<oplog::Entry>& submitted) const {
    const auto read = log.read(doc, {0}, {submitted.size() + 1}, no_limit);
    if (!read) {
      return "G1 durable acks: " + read.error().detail;
    }
    if (read->size() < acknowledged(doc)) {
      return "G1 durable acks: of " + doc.str() + " there are " + std::to_string(read->size()) +
             " ops where " + std::to_string(acknowledged(doc)) + " were acknowledged";
    }
    if (read->size() > submitted.size() ||
        !std::equal(read->begin(), read->end(), submitted.begin())) {
      return "G5 one order: the ops of " + doc.str() + " are not those submitted";
    }
    for (const oplog::Entry& entry : *read) {
      const auto found = log.find(doc, entry.src, entry.seq);
      if (!found || *found != entry.version) {
        return "G3 exactly once: a resend of " + doc.str() + "@" +
               std::to_string(entry.version.value) + " would not be known";
      }
    }
    return std::nullopt;
  }

  Violation checkpoint(const oplog::LmdbLog& log, const Recording::Saved& saved) const {
    if (saved.events > events_) {
      return std::nullopt;
    }
    const auto found = log.checkpoint(saved.checkpoint.doc, saved.checkpoint.version);
    return found && *found == saved.checkpoint ? Violation{}
                                               : "G1 durable acks: a saved checkpoint is gone";
  }

  // The log takes what comes next, as if nothing had happened.
  Violation carry_on(oplog::LmdbLog& log) const {
    for (const auto& [doc, submitted] : recording_.submitted) {
      const std::uint64_t head = log.head(doc).value().version.value;
      if (head == submitted.size()) {
        continue;
      }
      if (const auto appended = log.append({&submitted[head], 1}); !appended) {
        return "G14 start after anything: " + appended.error().detail;
      }
      return verify(log);
    }
    return std::nullopt;
  }

  const Recording& recording_;
  std::size_t events_;
};

// ---- which images

// Opens one image after the other, below `directory`, until one is wrong.
class Images {
 public:
  // Is given the number of images so far, and what is wrong with the last one if the process ends.
  using Progress = std::function<void(std::size_t images, const std::string& violation)>;

  Images(const Recording& recording, const CrashOptions& options, std::filesystem::path directory,
         Progress progress)
      : recording_(recording),
        options_(options),
        directory_(std::move(directory)),
        progress_(std::move(progress)),
        random_(options.seed) {}

  void run() {
    Violation violation = sweep(Survivors::none);
    violation = violation ? violation : sweep(Survivors::all);
    for (std::size_t n = 0; n < options_.images && images_ < options_.images && !violation; ++n) {
      violation = sweep(Survivors::random);
    }
    progress_(images_, violation.value_or(""));
  }

 private:
  // Which of the unsynced blocks. The value is how many there must be for it to make a difference.
  enum class Survivors : std::uint8_t { none = 0, all = 1, random = 2 };

  // A cut at every moment.
  Violation sweep(Survivors survivors) {
    CrashDisk disk(recording_.before);
    for (std::size_t events = 0; events <= recording_.events.size(); ++events) {
      if (events > 0) {
        disk.add(recording_.events[events - 1]);
      }
      if (disk.unsynced() < static_cast<std::size_t>(survivors)) {
        continue;
      }
      const std::string name = " (a cut after " + std::to_string(events) + " file events, image " +
                               std::to_string(++images_) + ", seed " +
                               std::to_string(options_.seed) + ")";
      progress_(images_, "G1 durable acks: the process ends when it opens the log" + name);
      if (const Violation violation = check(disk, events, survivors)) {
        return *violation + name;
      }
    }
    return std::nullopt;
  }

  Violation check(const CrashDisk& disk, std::size_t events, Survivors survivors) {
    const TempDir image(directory_);
    write_file(image.str("data.mdb"), disk.after_cut([&] {
      return survivors == Survivors::random ? random_.below(2) == 1 : survivors == Survivors::all;
    }));
    return Audit(recording_, events).run(image.str());
  }

  const Recording& recording_;
  const CrashOptions& options_;
  std::filesystem::path directory_;
  Progress progress_;
  Random random_;
  std::size_t images_ = 0;
};

}  // namespace

CrashReport check_crash_images(const CrashOptions& options) {
  const Recording recording = Recorder(options).run();
  const TempDir directory(memory_directory());
  const std::string progress = directory.str("progress");
  const Child child([&](const Child::Meeting& meeting) noexcept {
    Images images(recording, options, directory.path(),
                  [&](std::size_t count, const std::string& violation) {
                    write_file(progress, std::to_string(count) + '\n' + violation);
                  });
    images.run();
    meeting.wait();
  });
  child.meet();
  CrashReport report;
  std::string violation;
  std::ifstream file(progress);
  file >> report.images;
  file.ignore();
  std::getline(file, violation);
  if (!violation.empty()) {
    report.violation = violation;
  }
  return report;
}

}  // namespace segue::test
