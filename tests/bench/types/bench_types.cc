// bench_types: how long the OT types take, without a server around them.
//
//   bench_types ops DIRECTORY   a filter for types.mjs: "TYPE VERB EDITS" in, nanoseconds out
//   bench_types trace FILE      replays recorded typing through text-unicode; milliseconds
//   bench_types scale           what a small edit costs in ever larger documents
#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include "ot/types/json0.h"
#include "ot/types/json1.h"
#include "ot/types/rich_text.h"
#include "ot/types/text_unicode.h"
#include "tests/bench/types/op_set.h"
#include "tests/bench/types/record.h"
#include "tests/support/random.h"

using namespace segue;
using bench::cpu_ns;
using bench::need;
using ot::Json;
using ot::Json0;
using ot::TextUnicode;

namespace {

// Answers a line about one of the types.
template <class... Types>
double answer(const std::string& line, std::tuple<bench::OpSet<Types>...>& sets) {
  std::istringstream words(line);
  std::string type;
  std::string verb;
  std::size_t edits = 0;
  words >> type >> verb >> edits;
  double ns = -1;
  const auto consider = [&]<class T>(bench::OpSet<T>& set) {
    if (T::name == type) ns = set.ns(verb, edits);
  };
  std::apply([&](auto&... set) { (consider(set), ...); }, sets);
  if (ns < 0) throw std::runtime_error("no such type: " + type);
  return ns;
}

template <class... Types>
void serve_ops(const std::string& directory, std::tuple<Types...>* /*types*/) {
  std::tuple<bench::OpSet<Types>...> sets{
      bench::OpSet<Types>(directory + "/" + std::string(Types::name) + ".jsonl")...};
  for (std::string line; std::getline(std::cin, line);) {
    std::printf("%.1f\n", answer(line, sets));
    std::fflush(stdout);
  }
}

Json read_json(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return need(ot::parse_json(text.str()));
}

// [position, deleted, inserted] as an op.
TextUnicode::Op op_of_patch(const Json& patch) {
  TextUnicode::Op op;
  op.skip(static_cast<std::size_t>(patch[0].number()))
      .erase(static_cast<std::size_t>(patch[1].number()))
      .insert(patch[2].text());
  return TextUnicode::trim(std::move(op));
}

void replay(const std::string& path) {
  const Json trace = read_json(path);
  std::vector<TextUnicode::Op> ops;
  trace.find("txns")->for_each_element([&](const Json& txn) {
    txn.find("patches")->for_each_element(
        [&](const Json& patch) { ops.push_back(op_of_patch(patch)); });
  });
  const Json* start = trace.find("startContent");
  Json doc = start ? *start : Json("");
  const double begin = cpu_ns();
  for (const auto& op : ops) need(TextUnicode::apply(doc, op));
  const double ms = (cpu_ns() - begin) / 1e6;
  if (!(doc == *trace.find("endContent"))) throw std::runtime_error("the text is not right");
  std::printf("%.2f\n", ms);
}

constexpr double least_ns = 200e6;

// Inserts a letter somewhere and takes it out again.
double ns_in_text(std::size_t bytes) {
  Json doc(std::string(bytes, 'x'));
  test::Random random(1);
  return bench::ns_per_call(2, least_ns, [&] {
    const std::size_t place = 1 + random.below(bytes - 1);
    need(TextUnicode::apply(doc, TextUnicode::Op().skip(place).insert(ot::Text("y"))));
    need(TextUnicode::apply(doc, TextUnicode::Op().skip(place).erase(1)));
  });
}

// Counts up a field of some element of a list.
double ns_in_list(std::size_t elements) {
  std::vector<Json> items(elements, Json::object({{"name", "part"}, {"quantity", 1}}));
  Json doc = Json::object({{"items", Json::array(std::move(items))}});
  test::Random random(1);
  return bench::ns_per_call(1, least_ns, [&] {
    const auto index = static_cast<Json0::Index>(random.below(elements));
    need(Json0::apply(doc, {{{"items", index, "quantity"}, Json0::NumberAdd{1}}}));
  });
}

// Counts up a member of an object.
double ns_in_object(std::size_t members) {
  Json doc = Json::object();
  for (std::size_t i = 0; i < members; ++i) doc.set("key" + std::to_string(i), 1);
  test::Random random(1);
  return bench::ns_per_call(1, least_ns, [&] {
    const std::string key = "key" + std::to_string(random.below(members));
    need(Json0::apply(doc, {{{key}, Json0::NumberAdd{1}}}));
  });
}

void scale() {
  std::printf("text-unicode, bytes of text: ns per apply\n");
  for (std::size_t bytes = 1'000; bytes <= 100'000'000; bytes *= 10) {
    std::printf("%12zu %8.0f\n", bytes, ns_in_text(bytes));
  }
  std::printf("json0, elements of a list: ns per apply\n");
  for (std::size_t elements = 100; elements <= 1'000'000; elements *= 10) {
    std::printf("%12zu %8.0f\n", elements, ns_in_list(elements));
  }
  std::printf("json0, members of an object: ns per apply\n");
  for (std::size_t members = 100; members <= 1'000'000; members *= 10) {
    std::printf("%12zu %8.0f\n", members, ns_in_object(members));
  }
}

// Each has a file in tests/bench/ops.
using Measured = std::tuple<ot::Json0, ot::Json1, ot::RichText, ot::TextUnicode, bench::Record>;

int usage() {
  std::fputs("bench_types ops DIRECTORY | trace FILE | scale\n", stderr);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  try {
    if (arguments.size() == 2 && arguments[0] == "ops") {
      serve_ops(arguments[1], static_cast<Measured*>(nullptr));
    } else if (arguments.size() == 2 && arguments[0] == "trace") {
      replay(arguments[1]);
    } else if (arguments.size() == 1 && arguments[0] == "scale") {
      scale();
    } else {
      return usage();
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
