// WatchedFile: a file that is read again when it has changed.
//
// Thread: one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "ot/result.h"

namespace segue::access {

// Errors: log_io; too_large.
ot::Result<std::string> read_file(const std::string& path, std::size_t bytes_max);

// Which of several files are to be read: those that have changed, or all, whether they seem to have
// or not.
enum class Which : std::uint8_t { changed, all };

class WatchedFile {
 public:
  WatchedFile(std::string path, std::size_t bytes_max)
      : path_(std::move(path)), bytes_max_(bytes_max) {}

  const std::string& path() const { return path_; }
  // The contents, or why they cannot be read, if either is new since the last call. What could not
  // be read is tried again each time: that may have been for want of a descriptor.
  std::optional<ot::Result<std::string>> read_if_changed();
  // The next call reads it whether it seems to have changed or not.
  void forget() { seen_.reset(); }

 private:
  using Stamp = std::array<std::int64_t, 5>;  // device, file, size, time; zeros: no such file
  Stamp stamp() const;

  std::string path_;
  std::size_t bytes_max_;
  std::optional<Stamp> seen_;
  bool unread_ = false;  // what was seen
};

}  // namespace segue::access
