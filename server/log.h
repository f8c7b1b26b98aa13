// The server's log, on stderr. Text from clients is never part of a format. Where it is an argument
// it is escaped by whoever passes it; in fields, and in JSON, it is escaped here.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <spdlog/spdlog.h>

namespace segue::server {

enum class LogFormat : std::uint8_t {
  text,
  json  // one object a line: time, level, message, and the fields by their names
};
enum class LogLevel : std::uint8_t { debug, info, warning, error };

struct LogOptions {
  LogFormat format = LogFormat::text;
  LogLevel level = LogLevel::info;  // and what is worse
};

// Sets up the default logger: stderr, one line a message, times in UTC. Once, from main.
void start_log(const LogOptions& options = {});

// What a line is about. Empty ones are left out.
struct LogFields {
  std::string_view connection{};  // its src
  std::string_view author{};
  std::string_view collection{};
  std::string_view id{};
  std::vector<std::pair<std::string_view, std::int64_t>> numbers{};
};

void write_log(spdlog::level::level_enum level, const LogFields& fields, std::string_view message);

template <class... Args>
void log_at(spdlog::level::level_enum level, const LogFields& fields,
            spdlog::format_string_t<Args...> format, Args&&... args) {
  if (spdlog::should_log(level)) {
    write_log(level, fields, fmt::format(format, std::forward<Args>(args)...));
  }
}

template <class... Args>
void log_info(spdlog::format_string_t<Args...> format, Args&&... args) {
  log_at<Args...>(spdlog::level::info, {}, format, std::forward<Args>(args)...);
}
template <class... Args>
void log_warning(spdlog::format_string_t<Args...> format, Args&&... args) {
  log_at<Args...>(spdlog::level::warn, {}, format, std::forward<Args>(args)...);
}
template <class... Args>
void log_warning(const LogFields& fields, spdlog::format_string_t<Args...> format, Args&&... args) {
  log_at<Args...>(spdlog::level::warn, fields, format, std::forward<Args>(args)...);
}
template <class... Args>
void log_error(spdlog::format_string_t<Args...> format, Args&&... args) {
  log_at<Args...>(spdlog::level::err, {}, format, std::forward<Args>(args)...);
}
template <class... Args>
void log_debug(const LogFields& fields, spdlog::format_string_t<Args...> format, Args&&... args) {
  log_at<Args...>(spdlog::level::debug, fields, format, std::forward<Args>(args)...);
}

// A task ended by an exception: says which one.
void log_exception(std::string_view task, std::exception_ptr thrown);

}  // namespace segue::server
