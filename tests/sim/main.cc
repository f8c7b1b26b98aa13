// sim: the deterministic simulator. See README.md.

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include "ot/planted_bug.h"
#include "server/log.h"
#include "tests/sim/world.h"

namespace {

using segue::sim::Faults;
using segue::sim::Plan;
using segue::sim::Report;
using segue::sim::World;

constexpr std::uint64_t many_max = 1'000'000;

struct Options {
  Plan plan;
  std::string seeds;  // "A..B"
  std::string seeds_file;
  bool many = false;
  double seconds = 12;  // of real time, with `many`
  bool shrink = false;
  bool twice = false;
  bool hashes = false;
  std::string bug;
};

std::string command(const Plan& plan) {
  std::ostringstream line;
  line << "sim --seed " << plan.seed;
  if (plan.faults) {
    line << " --faults " << *plan.faults;
  }
  if (plan.clients) {
    line << " --clients " << *plan.clients;
  }
  if (plan.length_ms) {
    line << " --length " << *plan.length_ms;
  }
  return line.str();
}

// An assertion of the product ends the process: the last word is how to see it again.
std::string last_words;  // NOLINT: a signal handler takes no argument
void on_abort(int) {
  const auto written = write(STDERR_FILENO, last_words.data(), last_words.size());
  _exit(written < 0 ? 3 : 2);
}

Report run(const Plan& plan) {
  last_words = "again: " + command(plan) + " --trace\n";
  return World(plan).run();
}

// The invariant that a run breaks, in a process of its own, since it may abort; empty if none.
std::string broken_by(const Plan& plan) {
  int ends[2];
  if (pipe(ends) != 0) {
    throw std::runtime_error("no pipe");
  }
  const pid_t child = fork();
  if (child < 0) {
    throw std::runtime_error("no process");
  }
  if (child == 0) {
    const std::string violation = run(plan).violation;
    const std::string name = violation.substr(0, violation.find(':'));
    const auto written = write(ends[1], name.data(), name.size());
    _exit(written < 0 ? 3 : 0);
  }
  close(ends[1]);
  std::string name(200, '\0');
  const auto size = read(ends[0], name.data(), name.size());
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  name.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? name : "assertion";
}

// Takes away what the failure does not need: kinds of faults, then clients, then time.
Plan shrink(Plan plan, const Report& report) {
  plan.faults = report.faults;
  plan.clients = report.clients;
  plan.length_ms = report.length_ms;
  const std::string broken = broken_by(plan);
  const auto keep_if_broken = [&](const Plan& smaller) {
    if (broken_by(smaller) != broken) {
      return false;
    }
    plan = smaller;
    std::printf("  %s (%s)\n", command(plan).c_str(), names(Faults(*plan.faults)).c_str());
    return true;
  };
  for (std::size_t fault = 0; fault < segue::sim::fault_count; ++fault) {
    Plan smaller = plan;
    smaller.faults = *plan.faults & ~(1u << fault);
    if (smaller.faults != plan.faults) {
      keep_if_broken(smaller);
    }
  }
  while (*plan.clients > 1) {
    Plan smaller = plan;
    --*smaller.clients;
    if (!keep_if_broken(smaller)) {
      break;
    }
  }
  for (std::int64_t step = *plan.length_ms / 2; step >= 10; step /= 2) {
    Plan smaller = plan;
    *smaller.length_ms -= step;
    keep_if_broken(smaller);
  }
  return plan;
}

void tell(const Plan& plan, const Report& report) {
  std::printf("FAILED: %s\n  seed %llu, faults %u (%s), event %llu\n  again: %s --trace\n",
              report.violation.c_str(), static_cast<unsigned long long>(plan.seed), report.faults,
              names(Faults(report.faults)).c_str(), static_cast<unsigned long long>(report.event),
              command(plan).c_str());
  std::fflush(stdout);
}

std::vector<Plan> plans_of_file(const Options& options) {
  std::ifstream file(options.seeds_file);
  if (!file) {
    throw std::runtime_error("cannot read " + options.seeds_file);
  }
  std::vector<Plan> plans;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line.substr(0, line.find('#')));
    Plan plan = options.plan;
    if (!(words >> plan.seed)) {
      continue;
    }
    for (std::string word; words >> word;) {
      const std::string value = word.substr(word.find('=') + 1);
      if (word.rfind("faults=", 0) == 0) {
        plan.faults = static_cast<std::uint32_t>(std::stoul(value));
      } else if (word.rfind("clients=", 0) == 0) {
        plan.clients = std::stoul(value);
      } else if (word.rfind("length=", 0) == 0) {
        plan.length_ms = std::stol(value);
      }
    }
    plans.push_back(plan);
  }
  return plans;
}

std::vector<Plan> plans_of(const Options& options) {
  if (!options.seeds_file.empty()) {
    return plans_of_file(options);
  }
  std::uint64_t first = options.plan.seed;
  std::uint64_t last = options.many ? first + many_max - 1 : first;
  if (!options.seeds.empty()) {
    const auto dots = options.seeds.find("..");
    if (dots == std::string::npos) {
      throw std::runtime_error("--seeds wants A..B");
    }
    first = std::stoull(options.seeds.substr(0, dots));
    last = std::stoull(options.seeds.substr(dots + 2));
  }
  std::vector<Plan> plans;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    plans.push_back(options.plan);
    plans.back().seed = seed;
  }
  return plans;
}

int run_all(const Options& options) {
  const auto begin = std::chrono::steady_clock::now();
  const auto elapsed = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  std::size_t runs = 0;
  std::uint64_t events = 0;
  std::uint64_t acks = 0;
  for (const Plan& plan : plans_of(options)) {
    if (options.many && elapsed() > options.seconds) {
      break;
    }
    const Report report = run(plan);
    ++runs;
    events += report.event;
    acks += report.acks;
    if (options.hashes) {
      std::printf("%llu %016llx\n", static_cast<unsigned long long>(plan.seed),
                  static_cast<unsigned long long>(report.hash));
    }
    if (!report.violation.empty()) {
      tell(plan, report);
      if (options.shrink) {
        std::printf("smallest: %s --trace\n", command(shrink(plan, report)).c_str());
      }
      std::printf("%zu runs until then\n", runs);
      return 1;
    }
    if (options.twice && run(plan).hash != report.hash) {
      std::printf("FAILED: G19 determinism: two runs of seed %llu differ\n",
                  static_cast<unsigned long long>(plan.seed));
      return 1;
    }
  }
  std::printf("%zu runs, %llu events, %llu acks: nothing broken; %.0f runs a minute\n", runs,
              static_cast<unsigned long long>(events), static_cast<unsigned long long>(acks),
              static_cast<double>(runs) * 60 / elapsed());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Runs the server's core against simulated clients, networks and disks");
  app.add_option("--seed", options.plan.seed, "the first seed, or the only one");
  app.add_option("--seeds", options.seeds, "seeds A..B");
  app.add_option("--seeds-file", options.seeds_file, "seeds from a file like seeds.txt");
  app.add_flag("--many", options.many, "seed after seed, until the time is over");
  app.add_option("--seconds", options.seconds, "how long that is")->envname("SEGUE_SIM_SECONDS");
  app.add_option("--faults", options.plan.faults, "mask of the kinds of faults, see faults.h");
  app.add_option("--clients", options.plan.clients, "how many people edit");
  app.add_option("--length", options.plan.length_ms, "ms of the part with faults");
  app.add_option("--until", options.plan.until, "stop before this event");
  app.add_flag("--trace", options.plan.trace, "print what happens");
  app.add_flag("--shrink", options.shrink, "find a smaller run that fails in the same way");
  app.add_flag("--twice", options.twice, "run each seed twice and compare");
  app.add_flag("--hashes", options.hashes, "print the hash of each run's trace");
#ifdef SEGUE_PLANTED_BUGS
  app.add_option("--bug", options.bug, "have this planted bug, B1 to B12");
#endif
  CLI11_PARSE(app, argc, argv);
#ifdef SEGUE_PLANTED_BUGS
  segue::ot::plant(segue::ot::bug_named(options.bug));
#endif
  std::signal(SIGABRT, on_abort);
  spdlog::set_level(spdlog::level::off);
  try {
    return run_all(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "sim: %s\n", error.what());
    return 3;
  }
}
