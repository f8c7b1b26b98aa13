// append_bench [DIRECTORY]: what an op costs in a log in memory and on disk, by size of batch. The
// directory decides which disk is measured; the system's temporary one without it.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include "oplog/lmdb_log.h"
#include "oplog/memory_log.h"
#include "tests/support/temp_dir.h"

using namespace segue;

namespace {

constexpr std::size_t documents = 20;

double cpu_us() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

double wall_us() {
  return std::chrono::duration<double, std::micro>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// Ops of 120 bytes by one author per document, the documents taking turns.
std::vector<oplog::Entry> make_entries(std::size_t count) {
  std::vector<oplog::Entry> entries(count);
  for (std::size_t i = 0; i < count; ++i) {
    oplog::Entry& entry = entries[i];
    entry.doc = {"plans", "plan-" + std::to_string(i % documents)};
    entry.version = ot::Version{i / documents};
    entry.kind = oplog::OpKind::edit;
    entry.src = ot::ClientId{"5f2c7a1e90b34d68" + std::to_string(i % documents)};
    entry.seq = ot::Seq{i / documents + 1};
    entry.time_ms = 1735689600000;
    entry.author = "ann@example.org";
    entry.payload = std::string(120, 'x');
  }
  return entries;
}

void measure(const char* name, oplog::OpLog& log, std::size_t batch, std::size_t batches) {
  const auto entries = make_entries(batch * batches);
  std::vector<double> commits;
  const double cpu_before = cpu_us();
  const double wall_before = wall_us();
  for (std::size_t i = 0; i < batches; ++i) {
    const double before = wall_us();
    if (const auto appended = log.append(std::span(entries).subspan(i * batch, batch)); !appended) {
      std::fprintf(stderr, "%s\n", appended.error().detail.c_str());
      return;
    }
    commits.push_back(wall_us() - before);
  }
  const double wall = wall_us() - wall_before;
  const double cpu = cpu_us() - cpu_before;
  const auto count = static_cast<double>(entries.size());
  std::sort(commits.begin(), commits.end());
  std::printf("%-7s batch %4zu: %9.0f ops/s, commit p50 %7.1f us p99 %7.1f us, cpu %6.2f us/op\n",
              name, batch, count / wall * 1e6, commits[batches / 2], commits[batches * 99 / 100],
              cpu / count);
}

}  // namespace

int main(int argc, char** argv) {
  const test::TempDir temp;
  const std::filesystem::path base = argc > 1 ? std::filesystem::path(argv[1]) : temp.path();
  for (const std::size_t batch : {1, 16, 256}) {
    const std::size_t batches = 200'000 / batch / (batch == 1 ? 50 : 4);
    oplog::MemoryLog memory;
    measure("memory", memory, batch, batches);
    const auto directory = (base / ("append-" + std::to_string(batch))).string();
    auto log = oplog::LmdbLog::open(directory, {});
    if (!log) {
      std::fprintf(stderr, "%s\n", log.error().detail.c_str());
      return 3;
    }
    measure("lmdb", **log, batch, batches);
    log->reset();
    std::filesystem::remove_all(directory);
  }
  return 0;
}
