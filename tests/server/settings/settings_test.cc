// What `segue serve` can be told, in three ways, and what comes of it.

#include <fstream>
#include <map>
#include <sstream>

#include <doctest/doctest.h>

#include "server/settings/config_file.h"
#include "server/settings/layer.h"
#include "server/settings/value.h"

using namespace segue::server;

namespace {

std::vector<std::string> faults_of(const std::string& text) {
  ConfigFile file = parse_config_file(text, "segue.toml");
  const Merged merged = merge({file.layer});
  file.faults.insert(file.faults.end(), merged.faults.begin(), merged.faults.end());
  std::vector<std::string> lines;
  for (const Fault& fault : file.faults) {
    lines.push_back(print(fault));
  }
  return lines;
}

using Lines = std::vector<std::string>;

Layer flags(std::map<std::string, std::string> values) {
  Layer layer;
  for (const auto& [name, value] : values) {
    layer[name] = {{value}, "--" + name};
  }
  return layer;
}

Layer environment(std::map<std::string, std::string> variables) {
  return env_layer([&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

Layer file(const std::string& text) { return parse_config_file(text, "segue.toml").layer; }

std::string where(const Merged& merged, const std::string& name) {
  for (const Effective& effective : merged.options) {
    if (effective.option->name == name) {
      return effective.given.where;
    }
  }
  return "";
}

std::string example() {
  std::ifstream spec(SEGUE_SOURCE_DIR "/spec/config.md");
  std::ostringstream text;
  text << spec.rdbuf();
  const std::string start = "```toml\n";
  const std::size_t begin = text.str().find(start) + start.size();
  return text.str().substr(begin, text.str().find("```", begin) - begin);
}

}  // namespace

TEST_CASE("the example in the spec is right, and has every option") {
  CHECK(faults_of(example()) == Lines{});
  const Layer layer = file(example());
  for (const Option& option : all_options()) {
    CAPTURE(option.name);
    CHECK(layer.contains(option.name));
  }
}

TEST_CASE("flags count more than the environment, that more than the file") {
  const Merged merged = merge({flags({{"host", "localhost"}}),
                               environment({{"SEGUE_HOST", "127.0.0.2"}, {"SEGUE_MEMORY", "1M"}}),
                               file("host = '127.0.0.3'\nmemory = '2M'\nquery-memory = 4096\n")});
  CHECK(merged.faults.empty());
  CHECK(merged.settings.config.host == "localhost");
  CHECK(merged.settings.limits.documents_bytes_max == 1u << 20);
  CHECK(merged.settings.limits.query_bytes_max == 4096);
  CHECK(where(merged, "host") == "--host");
  CHECK(where(merged, "memory") == "SEGUE_MEMORY");
  CHECK(where(merged, "query-memory") == "segue.toml:3: query-memory");
  CHECK(where(merged, "data") == "default");
}

TEST_CASE("every default is a value that could be given") {
  for (const Option& option : all_options()) {
    CAPTURE(option.name);
    Settings settings;
    CHECK((option.default_value.empty() || option.set(settings, option.default_value)));
  }
  const Merged merged = merge({});
  CHECK(merged.faults.empty());
  CHECK(merged.options.size() == all_options().size());
}

TEST_CASE("an unknown key is an error that names the one that was meant") {
  CHECK(faults_of("threads = 1\nprot = 7071\n") ==
        Lines{"segue.toml:2: prot: there is no such key; is it port?"});
  CHECK(faults_of("[server]\nport = 1\n") == Lines{"segue.toml:1: server: there is no such key"});
}

TEST_CASE("a value that is not allowed is told with what is") {
  CHECK(faults_of("port = 65536\n") ==
        Lines{"segue.toml:1: port: \"65536\" is not allowed; it must be a whole number from 0 to "
              "65535"});
  CHECK(
      faults_of("\nmemory = 'lots'\n") ==
      Lines{"segue.toml:2: memory: \"lots\" is not allowed; it must be a number of bytes, such as "
            "4096, 64M or 1G"});
  CHECK(faults_of("durability = 'none'\n") ==
        Lines{"segue.toml:1: durability: \"none\" is not allowed; it must be one of sync|async"});
  CHECK(faults_of("insecure = 1\n") ==
        Lines{"segue.toml:1: insecure: \"1\" is not allowed; it must be true or false"});
  CHECK(faults_of("host = ['a', 'b']\n") ==
        Lines{"segue.toml:1: host: it must be a text that is not empty"});
  CHECK(faults_of("projection = ['nothing']\n") ==
        Lines{"segue.toml:1: projection: \"nothing\" is not allowed; it must be of the form "
              "name=collection:field,field"});
  CHECK(faults_of("projection = ['a=b:c,,d']\n").size() == 1);
}

TEST_CASE("an origin is written as browsers send it") {
  for (const char* origin :
       {"https://show.example", "http://10.0.0.1:8080", "http://[::1]:3000", "app://planner"}) {
    CAPTURE(origin);
    CHECK(faults_of("origin = '" + std::string(origin) + "'\n") == Lines{});
  }
  for (const char* origin : {"https://show.example/", "https://show.example/plan", "show.example",
                             "https://Show.Example", "https://show.example:443", "http://a:80", "*",
                             "null", "https://", "https://show.example:", "https://a b"}) {
    CAPTURE(origin);
    CHECK(faults_of("origin = '" + std::string(origin) + "'\n") ==
          Lines{"segue.toml:1: origin: \"" + std::string(origin) +
                "\" is not allowed; it must be of the form https://show.example or "
                "http://10.0.0.1:8080, in lower case and without a path"});
  }
}

TEST_CASE("two projections of one name are an error") {
  CHECK(faults_of("projection = ['public=shows:venue', 'public=rooms:name']\n") ==
        Lines{"segue.toml:1: projection: two are called public"});
}

TEST_CASE("what is no TOML is told with its line") {
  const Lines faults = faults_of("port = 1\nhost = \n");
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].starts_with("segue.toml:2: "));
  CHECK(faults_of("port = 1\nport = 2\n").size() == 1);
}

TEST_CASE("everything that is wrong is told at once") {
  CHECK(faults_of("port = 'x'\nthreads = 'x'\nhots = 'x'\n").size() == 3);
}

TEST_CASE("many values are an array, or stand in one variable") {
  const std::vector<std::string> both{"https://a", "https://b"};
  CHECK(merge({file("origin = ['https://a', 'https://b']")}).settings.config.origins == both);
  CHECK(merge({environment({{"SEGUE_ORIGIN", "https://a;https://b"}})}).settings.config.origins ==
        both);
  CHECK(merge({file("origin = 'https://a'")}).settings.config.origins ==
        std::vector<std::string>{"https://a"});
}

TEST_CASE("the strongest source of many values replaces the others") {
  const Merged merged =
      merge({flags({{"origin", "https://b"}}), file("origin = ['https://a', 'https://c']")});
  CHECK(merged.settings.config.origins == std::vector<std::string>{"https://b"});
}

TEST_CASE("PORT counts where SEGUE_PORT is not set") {
  CHECK(merge({environment({{"PORT", "1"}})}).settings.config.port == 1);
  CHECK(merge({environment({{"PORT", "1"}, {"SEGUE_PORT", "2"}})}).settings.config.port == 2);
  CHECK(merge({environment({{"PORT", ""}})}).settings.config.port == 7070);
}

TEST_CASE("of two that exclude each other the stronger source counts") {
  const Merged in_memory =
      merge({flags({{"in-memory", "true"}}), environment({{"SEGUE_DATA", "/data"}})});
  CHECK(in_memory.faults.empty());
  CHECK(in_memory.settings.config.in_memory);
  const Merged on_disk = merge({flags({{"data", "/data"}}), file("in-memory = true")});
  CHECK(on_disk.faults.empty());
  CHECK_FALSE(on_disk.settings.config.in_memory);
  CHECK(on_disk.settings.config.data == "/data");
  CHECK(faults_of("in-memory = true\ndata = 'x'\n") ==
        Lines{"segue.toml:1: in-memory: excludes segue.toml:2: data"});
  CHECK(faults_of("in-memory = false\ndata = 'x'\n") == Lines{});
}

TEST_CASE("a policy needs keys, from whatever source") {
  CHECK(faults_of("policy = 'policy.json'\n") == Lines{"segue.toml:1: policy: needs keys"});
  const Merged merged =
      merge({environment({{"SEGUE_KEYS", "keys.json"}}), file("policy = 'policy.json'")});
  CHECK(merged.faults.empty());
  REQUIRE(merged.settings.config.access);
  CHECK(merged.settings.config.access->policy == "policy.json");
}

TEST_CASE("nobody opens a server to everybody by mistake") {
  CHECK(faults_of("host = '0.0.0.0'\n").size() == 1);
  CHECK(faults_of("host = '0.0.0.0'\ninsecure = true\n") == Lines{});
  CHECK(faults_of("host = '0.0.0.0'\nkeys = 'keys.json'\n") == Lines{});
}

TEST_CASE("sizes count by 1024") {
  CHECK(parse_size("4096") == 4096);
  CHECK(parse_size("64M") == 64u << 20);
  CHECK(parse_size("1GiB") == 1u << 30);
  CHECK(parse_size("2kb") == 2048);
  CHECK(parse_size("16777215T") == 16'777'215ull << 40);
  for (const char* wrong : {"", "M", "-1", "1.5M", "1 M", "1X", "1MM", "16777216T", "0x10"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_size(wrong));
  }
  CHECK(print_size(64u << 20) == "64M");
  CHECK(print_size(1000) == "1000");
  CHECK(print_size(0) == "0");
}
