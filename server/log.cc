#include "server/log.h"

#include <spdlog/sinks/stdout_sinks.h>

namespace segue::server {

void start_log() {
  auto logger = spdlog::stderr_logger_mt("segue");
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  spdlog::set_default_logger(std::move(logger));
}

void log_exception(std::string_view task, std::exception_ptr thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    log_error("{} ended: {}", task, error.what());
  }
}

}  // namespace segue::server
