#include "server/commands/bench/figures.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "ot/assert.h"
#include "ot/json_text.h"

namespace segue::bench {

namespace {

// Three significant digits are what such a measurement is worth.
double rounded(double value) {
  if (value == 0 || !std::isfinite(value)) {
    return 0;
  }
  const double scale = std::pow(10.0, 2 - std::floor(std::log10(std::abs(value))));
  return scale <= 1 ? std::round(value) : std::round(value * scale) / scale;
}

void print_line(const Row& row) {
  std::printf("%-10s %-20s", row.scenario.c_str(), row.subject.c_str());
  for (const Figure& figure : row.figures) {
    std::printf("  %s %.10g", figure.name.c_str(), rounded(figure.value));
  }
  std::printf("\n");
}

void print_json_line(const Row& row) {
  ot::Json line = ot::Json::object({{"scenario", row.scenario}, {"subject", row.subject}});
  for (const Figure& figure : row.figures) {
    line.set(figure.name, rounded(figure.value));
  }
  std::printf("%s\n", ot::json_text(line).c_str());
}

}  // namespace

double value_of(const Figures& figures, std::string_view name) {
  const auto at = std::find_if(figures.begin(), figures.end(),
                               [&](const Figure& figure) { return figure.name == name; });
  return at == figures.end() ? 0 : at->value;
}

Figures medians(const std::vector<Figures>& runs) {
  OT_ASSERT(!runs.empty());
  Figures result;
  for (const Figure& figure : runs.front()) {
    std::vector<double> values;
    values.reserve(runs.size());
    for (const Figures& run : runs) {
      values.push_back(value_of(run, figure.name));
    }
    result.push_back({figure.name, percentile(std::move(values), 0.5)});
  }
  return result;
}

double percentile(std::vector<double> values, double share) {
  if (values.empty()) {
    return 0;
  }
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

void print(const std::vector<Row>& rows, bool as_json) {
  for (const Row& row : rows) {
    as_json ? print_json_line(row) : print_line(row);
  }
  std::fflush(stdout);
}

}  // namespace segue::bench
