// What the disk and a bare op log can do: the yardstick for durable acknowledgements.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace segue::bench {

// A new directory below `parent`, gone with the object.
class ScratchDir {
 public:
  explicit ScratchDir(const std::filesystem::path& parent);
  ScratchDir(const ScratchDir&) = delete;
  ScratchDir& operator=(const ScratchDir&) = delete;
  ~ScratchDir();
  std::string str() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

// Median time to write 4 KiB to a file in `directory` and have it on the disk.
double flush_us(const std::filesystem::path& directory);

// Mean time of a commit of `batch` ops to an op log in `directory` that nobody else uses.
double commit_mean_us(const std::filesystem::path& directory, std::size_t batch,
                      std::size_t commits);

}  // namespace segue::bench
