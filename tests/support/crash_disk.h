// CrashDisk: which contents a file may have after a power cut, given what was done to it.
//
// What was synced is there. Of each later write every 4 KiB block may be there or not; a block is
// never torn, and the file is as long as what is there asks for.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "tests/support/file_tap.h"

namespace segue::test {

class CrashDisk {
 public:
  // Begins with a file whose contents are on disk.
  explicit CrashDisk(std::string contents) : synced_(contents), cached_(std::move(contents)) {}

  void add(const FileEvent& event) {
    if (const auto* write = std::get_if<FileWrite>(&event)) {
      add_write(*write);
    } else {
      add_sync(std::get<FileSync>(event));
    }
  }

  // The number of blocks that may be there or not.
  std::size_t unsynced() const { return unsynced_.size(); }

  // What the process itself sees.
  const std::string& contents() const { return cached_; }

  // The file after a cut that leaves those blocks for which `keep` says so. Of several writes to
  // one block the newest one kept is there.
  std::string after_cut(const std::function<bool()>& keep) const {
    std::string image = synced_;
    for (const Block& block : unsynced_) {
      if (keep()) {
        put(image, block.offset, block.bytes);
      }
    }
    return image;
  }

 private:
  static constexpr std::uint64_t block_bytes = 4096;
  struct Block {
    std::uint64_t offset;
    std::string bytes;
  };

  static void put(std::string& file, std::uint64_t offset, std::string_view bytes) {
    file.resize(std::max<std::size_t>(file.size(), offset + bytes.size()));
    bytes.copy(file.data() + offset, bytes.size());
  }

  void add_write(const FileWrite& write) {
    put(cached_, write.offset, write.bytes);
    const std::uint64_t end = write.offset + write.bytes.size();
    for (std::uint64_t at = write.offset / block_bytes * block_bytes; at < end; at += block_bytes) {
      unsynced_.push_back({at, cached_.substr(at, block_bytes)});
    }
  }

  void add_sync(const FileSync& sync) {
    const auto is_outside = [&](const Block& block) {
      return block.offset + block.bytes.size() <= sync.from || block.offset >= sync.to;
    };
    const auto synced = std::stable_partition(unsynced_.begin(), unsynced_.end(), is_outside);
    for (auto block = synced; block != unsynced_.end(); ++block) {
      put(synced_, block->offset, block->bytes);
    }
    unsynced_.erase(synced, unsynced_.end());
  }

  std::string synced_;
  std::string cached_;
  std::vector<Block> unsynced_;  // in the order they were written in
};

}  // namespace segue::test
