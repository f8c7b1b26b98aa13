#include "server/log.h"

#include <spdlog/sinks/stdout_sinks.h>

#include "ot/json_text.h"

namespace segue::server {

namespace {

LogFormat format_in_force = LogFormat::text;  // set before there are threads

spdlog::level::level_enum level_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

// " name=value" in text, ",\"name\":value" in JSON.
void add_name(std::string_view name, std::string& out) {
  const bool as_json = format_in_force == LogFormat::json;
  out += as_json ? ",\"" : " ";
  out += name;
  out += as_json ? "\":" : "=";
}

void add_field(std::string_view name, std::string_view value, std::string& out) {
  if (!value.empty()) {
    add_name(name, out);
    ot::print_json_string(value, out);
  }
}

}  // namespace

void start_log(const LogOptions& options) {
  format_in_force = options.format;
  auto logger = spdlog::stderr_logger_mt("segue");
  logger->set_pattern(options.format == LogFormat::json
                          ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})"
                          : "%Y-%m-%dT%H:%M:%S.%eZ %l %v",
                      spdlog::pattern_time_type::utc);
  logger->set_level(level_of(options.level));
  spdlog::set_default_logger(std::move(logger));
}

void write_log(spdlog::level::level_enum level, const LogFields& fields, std::string_view message) {
  std::string line;
  if (format_in_force == LogFormat::json) {
    line = "\"message\":";
    ot::print_json_string(message, line);
  } else {
    line = message;
  }
  add_field("connection", fields.connection, line);
  add_field("author", fields.author, line);
  add_field("collection", fields.collection, line);
  add_field("id", fields.id, line);
  for (const auto& [name, number] : fields.numbers) {
    add_name(name, line);
    line += std::to_string(number);
  }
  spdlog::log(level, "{}", line);
}

void log_exception(std::string_view task, std::exception_ptr thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    log_error("{} ended: {}", task, error.what());
  }
}

}  // namespace segue::server
