// Figures: what a run measured, by name, and how several runs become one.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace segue::bench {

struct Figure {
  std::string name;  // with its unit last: "ack_p50_us"
  double value = 0;
};
using Figures = std::vector<Figure>;

// The value of that name, or 0 where it was not measured.
double value_of(const Figures& figures, std::string_view name);

// For each name the median over runs that measured the same. REQUIRES: at least one run.
Figures medians(const std::vector<Figures>& runs);

// The value below which that share of `values` lies; 0 of none.
double percentile(std::vector<double> values, double share);

// So many seconds, as the clock counts them.
inline std::chrono::steady_clock::duration duration_of_s(double count) {
  return std::chrono::duration_cast<std::chrono::steady_clock::duration>(
      std::chrono::duration<double>(count));
}

// One line of a report: who or what was measured, and the figures.
struct Row {
  std::string scenario;
  std::string subject;
  Figures figures;
};

// Prints rows on standard output, as one JSON object a line or for people.
void print(const std::vector<Row>& rows, bool as_json);

}  // namespace segue::bench
