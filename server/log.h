// The server's log, on stderr. Text from clients is never part of a format, and is escaped where it
// is an argument.
#pragma once

#include <exception>
#include <string_view>

#include <spdlog/spdlog.h>

namespace segue::server {

// Sets up the default logger: stderr, one line a message, times in UTC. Once, from main.
void start_log();

template <class... Args>
void log_info(spdlog::format_string_t<Args...> format, Args&&... args) {
  spdlog::info(format, std::forward<Args>(args)...);
}
template <class... Args>
void log_warning(spdlog::format_string_t<Args...> format, Args&&... args) {
  spdlog::warn(format, std::forward<Args>(args)...);
}
template <class... Args>
void log_error(spdlog::format_string_t<Args...> format, Args&&... args) {
  spdlog::error(format, std::forward<Args>(args)...);
}
template <class... Args>
void log_debug(spdlog::format_string_t<Args...> format, Args&&... args) {
  spdlog::debug(format, std::forward<Args>(args)...);
}

// A task ended by an exception: says which one.
void log_exception(std::string_view task, std::exception_ptr thrown);

}  // namespace segue::server
