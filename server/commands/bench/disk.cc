#include "server/commands/bench/disk.h"

#include <array>
#include <chrono>
#include <span>
#include <stdexcept>
#include <vector>

#include <fcntl.h>
#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp is POSIX.
#include <unistd.h>

#include "oplog/lmdb_log.h"
#include "server/commands/bench/figures.h"

namespace segue::bench {

namespace {

using Clock = std::chrono::steady_clock;

double us_since(Clock::time_point before) {
  return std::chrono::duration<double, std::micro>(Clock::now() - before).count();
}

// Ops as the plan's editors send them.
std::vector<oplog::Entry> make_entries(std::size_t batch, std::size_t commits) {
  std::vector<oplog::Entry> entries(batch * commits);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    oplog::Entry& entry = entries[i];
    entry.doc = {"bench", "commit"};
    entry.version = ot::Version{i};
    entry.kind = oplog::OpKind::edit;
    entry.src = ot::ClientId{"5f2c7a1e90b34d685f2c7a1e90b3" + std::to_string(1000 + i % batch)};
    entry.seq = ot::Seq{i / batch + 1};
    entry.time_ms = 1'735'689'600'000;
    entry.author = "anonymous";
    entry.payload = std::string(70, 'x');
  }
  return entries;
}

}  // namespace

ScratchDir::ScratchDir(const std::filesystem::path& parent) {
  std::string path = (parent / "segue-bench-XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) {
    throw std::runtime_error("cannot create a directory in " + parent.string());
  }
  path_ = path;
}

ScratchDir::~ScratchDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

double flush_us(const std::filesystem::path& directory) {
  constexpr int writes = 40;
  const ScratchDir scratch(directory);
  const int file = ::open((scratch.str() + "/flush").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  const std::array<char, 4096> page{};
  std::vector<double> times;
  for (int i = 0; i < writes; ++i) {
    const auto before = Clock::now();
    if (::pwrite(file, page.data(), page.size(), 0) < 0 || ::fdatasync(file) != 0) {
      throw std::runtime_error("cannot write to " + directory.string());
    }
    times.push_back(us_since(before));
  }
  ::close(file);
  return percentile(std::move(times), 0.5);
}

double commit_mean_us(const std::filesystem::path& directory, std::size_t batch,
                      std::size_t commits) {
  const ScratchDir scratch(directory);
  const auto log = oplog::LmdbLog::open(scratch.str(), {});
  if (!log) {
    throw std::runtime_error(log.error().detail);
  }
  const auto entries = make_entries(batch, commits);
  const auto before = Clock::now();
  for (std::size_t i = 0; i < commits; ++i) {
    if (const auto done = (*log)->append(std::span(entries).subspan(i * batch, batch)); !done) {
      throw std::runtime_error(done.error().detail);
    }
  }
  return us_since(before) / static_cast<double>(commits);
}

}  // namespace segue::bench
