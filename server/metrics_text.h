// Metrics as Prometheus reads them: text format 0.0.4. The one place that knows its library.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "server/live.h"
#include "server/metrics.h"

namespace segue::server {

class MetricsText {
 public:
  MetricsText();
  MetricsText(const MetricsText&) = delete;
  MetricsText& operator=(const MetricsText&) = delete;
  ~MetricsText();

  void add(const WorkerMetrics& sum);  // of all workers
  void add(const CommitMetrics& commits);
  void add(const Live& live);
  // A value of this moment.
  void add_gauge(std::string_view name, std::string_view help, double value);

  std::string print() const;

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace segue::server
