// The ops of a file in tests/bench/ops, and how long a type takes for them.
#pragma once

#include <cstddef>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "ot/builtin_types.h"
#include "ot/json_part.h"
#include "ot/json_text.h"
#include "ot/message.h"
#include "ot/type.h"
#include "tests/bench/types/measure.h"

namespace segue::bench {

// A file that cannot be read, or an op that does not do what the file says: the run is worthless.
template <class Value>
Value need(ot::Result<Value> result) {
  if (!result) throw std::runtime_error(result.error().detail);
  if constexpr (!std::is_void_v<Value>) return std::move(*result);
}

template <ot::Type T>
class OpSet {
 public:
  explicit OpSet(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read " + path);
    for (std::string line; std::getline(file, line);) {
      const ot::Json json = need(ot::parse_json(line));
      if (const ot::Json* doc = json.find("doc")) {
        doc_ = *doc;
        continue;
      }
      const auto op = [&](std::string_view name) { return need(T::parse(*json.find(name))); };
      const std::string text = ot::json_text(*json.find("op"));
      cases_.push_back({static_cast<std::size_t>(json.find("edits")->number()), text,
                        message_of(text), op("op"), op("undo"), op("other"), op("next")});
    }
  }

  // Nanoseconds per call of `verb` with ops of so many edits.
  double ns(std::string_view verb, std::size_t edits) {
    if (verb == "parse") {
      return per_case(edits,
                      [](const Case& c) { keep(need(T::parse(need(ot::tokenize_json(c.text))))); });
    }
    if (verb == "read") {
      return per_case(edits, [](const Case& c) { keep(need(ot::tokenize_json(c.text))); });
    }
    if (verb == "receive") {
      return per_case(edits, [](const Case& c) { keep(received(c.message)); });
    }
    if (verb == "transform") {
      return per_case(
          edits, [](const Case& c) { keep(need(T::transform(c.op, c.other, ot::Side::left))); });
    }
    if (verb == "compose") {
      return per_case(edits, [](const Case& c) { keep(need(T::compose(c.op, c.next))); });
    }
    if (verb != "apply") throw std::runtime_error("no such verb: " + std::string(verb));
    // There and back, so that the document stays as large as it is.
    ot::Json live = doc_;
    const double both = per_case(edits, [&](const Case& c) {
      need(T::apply(live, c.op));
      need(T::apply(live, c.undo));
    });
    if (!(live == doc_)) throw std::runtime_error("an op was not taken back");
    return both / 2;
  }

 private:
  using Op = typename T::Op;

  struct Case {
    std::size_t edits;
    std::string text;
    std::string message;
    Op op;
    Op undo;
    Op other;
    Op next;
  };

  // What a client sends, as npm_types.mjs has it too.
  static std::string message_of(const std::string& op) {
    return R"({"a":"op","c":"plans","d":"the-plan-of-today","v":1234,)"
           R"("src":"4f1d7a90c3e24bb18f0c0a6c5d3e2f11","seq":77,"x":{},"op":)" +
           op + '}';
  }
  static Op received(const std::string& message) {
    const ot::JsonPart request = need(ot::tokenize_json(message));
    const auto submit = std::get<ot::Submit>(need(ot::decode_message(request, &ot::find_type)));
    return need(T::parse(submit.op.value->view()));
  }

  template <class Call>
  double per_case(std::size_t edits, const Call& call) const {
    std::vector<const Case*> chosen;
    for (const Case& c : cases_) {
      if (c.edits == edits) chosen.push_back(&c);
    }
    constexpr double least_ns = 50e6;
    return ns_per_call(chosen.size(), least_ns, [&] {
      for (const Case* c : chosen) call(*c);
    });
  }

  ot::Json doc_;
  std::vector<Case> cases_;
};

}  // namespace segue::bench
