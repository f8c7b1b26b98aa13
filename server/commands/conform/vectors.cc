#include "server/commands/conform/vectors.h"

#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <utility>

#include "ot/json_text.h"

namespace segue::server {

namespace {

using conform::Verdict;
using ot::Json;

struct Vectors {
  std::vector<Json> requests;  // with lax, without id, src and expect
  std::vector<Json> expected;
};

Vectors read_vectors(const std::string& path) {
  std::ifstream lines(path);
  if (!lines) throw std::runtime_error(path + " cannot be read");
  Vectors vectors;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) continue;
    auto vector = ot::parse_json(line);
    auto expect = vector && vector->is_object() ? vector->remove("expect") : std::nullopt;
    if (!expect) throw std::runtime_error(line.insert(0, path + " holds what is no vector: "));
    vector->remove("src");
    vector->remove("id");
    vectors.requests.push_back(std::move(*vector));
    vectors.expected.push_back(std::move(*expect));
  }
  if (vectors.requests.empty()) throw std::runtime_error(path + " holds no vectors");
  return vectors;
}

// What is marked lax may be taken or refused, or is nobody's to judge.
bool is_failure(const Json& request, Verdict verdict) {
  if (verdict == Verdict::none) return true;
  const Json* lax = request.find("lax");
  if (lax == nullptr) return verdict != Verdict::equal;
  return *lax == Json(true) && verdict == Verdict::different;
}

bool check_file(const std::string& path, const ot::TypeRegistry& types, const conform::Ask& ask) {
  const Vectors vectors = read_vectors(path);
  std::vector<Json> replies = ask(vectors.requests);
  const std::size_t count = vectors.requests.size();
  std::size_t failed = 0;
  std::string first;
  for (std::size_t i = 0; i < count; ++i) {
    const Json& request = vectors.requests[i];
    if (replies[i].find("none")) replies[i] = ask({request}).front();  // it may be another's fault
    const Verdict verdict = conform::compare(request, vectors.expected[i], replies[i], types);
    if (!is_failure(request, verdict) || failed++ > 0) continue;
    Json reply = replies[i];
    reply.remove("id");
    Json vector = request;
    vector.set("expect", vectors.expected[i]);
    first = "  vector: " + ot::json_text(vector) + "\n  answer: " + ot::json_text(reply) + "\n";
  }
  if (failed == 0) {
    std::printf("%s: %zu vectors\n", path.c_str(), count);
  } else {
    std::printf("%s: %zu of %zu vectors FAIL\n%s", path.c_str(), failed, count, first.c_str());
  }
  return failed == 0;
}

}  // namespace

bool check_vectors(const std::vector<std::string>& paths, const ot::TypeRegistry& types,
                   const conform::Ask& ask) {
  bool agrees = true;
  for (const std::string& path : paths) agrees = check_file(path, types, ask) && agrees;
  return agrees;
}

}  // namespace segue::server
