#include "server/commands/bench/workload.h"

#include <algorithm>
#include <utility>

namespace segue::bench {

namespace {

constexpr std::size_t message_bytes = 3u << 20;  // below what a server takes in one message
constexpr std::size_t components = 5'000;        // the same of one op
constexpr std::size_t list_items_kept = 32;

std::string create(const std::string& data) {
  return R"("create":{"type":"http://sharejs.org/types/JSONv0","data":)" + data + "}";
}

std::string item(std::uint64_t n) {
  return R"({"id":")" + std::to_string(1'000'000 + n) + R"(","name":"camera","on":true})";
}

std::string set_field(std::size_t field, std::uint64_t n) {
  return R"("op":[{"p":["fields","f)" + std::to_string(field) + R"("],"od":"","oi":"value )" +
         std::to_string(n) + "\"}]";
}

// Inserts into the list at `index` and deletes there, in turn, so that it keeps its length.
std::string edit_list(std::size_t index, std::uint64_t n) {
  const std::string path = R"("op":[{"p":["list",)" + std::to_string(index) + "],";
  return path + (n % 2 == 0 ? "\"li\":" + item(n) : "\"ld\":0") + "}]";
}

std::string edit_plan(std::size_t editor, std::uint64_t n) {
  switch (n % 4) {
    case 0:
      return set_field(editor % 8, n);
    case 1:
      return R"("op":[{"p":["count"],"na":1}])";
    default:
      return edit_list(3, n);
  }
}

// Puts parts into a document through as many ops as the size of messages asks for.
class Builder {
 public:
  explicit Builder(const std::string& empty) { build_.push_back(create(empty)); }
  void add(const std::string& component) {
    if (op_.size() + component.size() > message_bytes || components_ == components) {
      flush();
    }
    op_ += (op_.empty() ? "" : ",") + component;
    ++components_;
  }
  std::vector<std::string> finish() {
    flush();
    return std::move(build_);
  }

 private:
  void flush() {
    if (!op_.empty()) {
      build_.push_back("\"op\":[" + op_ + "]");
      op_.clear();
      components_ = 0;
    }
  }
  std::vector<std::string> build_;
  std::string op_;
  std::size_t components_ = 0;
};

std::vector<std::string> build_list(std::size_t items) {
  Builder builder(R"({"list":[]})");
  for (std::size_t i = 0; i < items; ++i) {
    builder.add(R"({"p":["list",)" + std::to_string(i) + "],\"li\":" + item(i) + "}");
  }
  return builder.finish();
}

std::vector<std::string> build_object(std::size_t keys, std::size_t value_bytes) {
  Builder builder(R"({"fields":{}})");
  const std::string value(value_bytes, 'v');
  for (std::size_t i = 0; i < keys; ++i) {
    builder.add(R"({"p":["fields","f)" + std::to_string(i) + R"("],"oi":")" + value + "\"}");
  }
  return builder.finish();
}

std::vector<std::string> build_string(std::size_t bytes) {
  Builder builder(R"({"text":""})");
  for (std::size_t done = 0; done < bytes;) {
    const std::size_t size = std::min(bytes - done, message_bytes / 2);
    builder.add(R"({"p":["text",0],"si":")" + std::string(size, 't') + "\"}");
    done += size;
  }
  return builder.finish();
}

// A show: days of scenes of cues, each a small object with a list in it.
std::vector<std::string> build_tree(std::size_t cues) {
  constexpr std::size_t per_scene = 40;
  constexpr std::size_t per_day = 25 * per_scene;
  Builder builder(R"({"days":[]})");
  for (std::size_t i = 0; i < cues; ++i) {
    const std::string day = std::to_string(i / per_day);
    const std::string scene = std::to_string(i / per_scene % (per_day / per_scene));
    if (i % per_day == 0) {
      builder.add(R"({"p":["days",)" + day + R"(],"li":{"scenes":[],"notes":"none"}})");
    }
    std::string path = R"({"p":["days",)";
    path.append(day).append(R"(,"scenes",)").append(scene);
    if (i % per_scene == 0) {
      builder.add(path + R"(],"li":{"title":"scene","cues":[]}})");
    }
    builder.add(path + R"(,"cues",)" + std::to_string(i % per_scene) +
                R"(],"li":{"at":12.5,"go":{"lights":[1,2,3],"sound":"door"},"by":"ann"}})");
  }
  return builder.finish();
}

std::string edit_tree(std::size_t editor, std::uint64_t n) {
  return R"("op":[{"p":["days",0,"scenes",0,"cues",)" + std::to_string(editor % 8) +
         R"(,"at"],"na":)" + std::to_string(n % 3) + "}]";
}

std::string edit_string(std::size_t position, std::uint64_t n) {
  return R"("op":[{"p":["text",)" + std::to_string(position) +
         (n % 2 == 0 ? R"(],"si":"t"}])" : R"(],"sd":"t"}])");
}

}  // namespace

Workload plan() {
  std::string fields;
  for (int i = 0; i < 8; ++i) {
    fields += (i > 0 ? ",\"f" : "\"f") + std::to_string(i) + R"(":"")";
  }
  std::string list;
  for (std::size_t i = 0; i < list_items_kept; ++i) {
    list += (i > 0 ? "," : "") + item(i);
  }
  return {"plan",
          {create("{\"fields\":{" + fields + R"(},"count":0,"list":[)" + list + "]}")},
          edit_plan};
}

std::vector<Workload> big_documents(std::size_t bytes) {
  const std::size_t items = bytes / item(0).size();
  const std::size_t keys = std::min<std::size_t>(50'000, bytes / 100 + 1);
  const auto list_at = [](std::size_t index) {
    return [index](std::size_t, std::uint64_t n) { return edit_list(index, n); };
  };
  const std::vector<std::string> list = build_list(items);
  return {
      {"list, at the front", list, list_at(0)},
      {"list, in the middle", list, list_at(items / 2)},
      {"list, at the end", list, list_at(items - std::min(items / 2, list_items_kept))},
      {"object", build_object(keys, bytes / keys),
       [keys](std::size_t editor, std::uint64_t n) {
         return set_field((editor * 7919 + n) % keys, n);
       }},
      {"string", build_string(bytes),
       [bytes](std::size_t, std::uint64_t n) { return edit_string(bytes / 2, n); }},
      {"tree", build_tree(bytes / 65), edit_tree},
  };
}

}  // namespace segue::bench
