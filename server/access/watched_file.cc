#include "server/access/watched_file.h"

#include <fstream>

#include <sys/stat.h>

namespace segue::access {

ot::Result<std::string> read_file(const std::string& path, std::size_t bytes_max) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return ot::fail(ot::Errc::log_io, path + " cannot be read");
  }
  std::string text(bytes_max + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || !file.eof()) {
    return file.good() ? ot::fail(ot::Errc::too_large,
                                  path + " is larger than " + std::to_string(bytes_max) + " bytes")
                       : ot::fail(ot::Errc::log_io, path + " cannot be read");
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

std::optional<ot::Result<std::string>> WatchedFile::read_if_changed() {
  const Stamp now = stamp();  // First, so that a change while it is read is seen the next time.
  const bool is_known = seen_ == now;
  if (is_known && !unread_) {
    return std::nullopt;
  }
  seen_ = now;
  auto text = read_file(path_, bytes_max_);
  unread_ = !text && text.error().code == ot::Errc::log_io;
  return is_known && !text ? std::nullopt : std::optional(std::move(text));
}

WatchedFile::Stamp WatchedFile::stamp() const {
  struct stat status {};
  if (::stat(path_.c_str(), &status) != 0) {
    return {};
  }
  return {static_cast<std::int64_t>(status.st_dev), static_cast<std::int64_t>(status.st_ino),
          status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

}  // namespace segue::access
