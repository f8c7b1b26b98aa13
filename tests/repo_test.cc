// What review forgets: layers, traps of the compiler, test names that run nothing.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace fs = std::filesystem;

namespace {

struct Source {
  std::string path;  // from the root, with /
  std::string text;
};

std::string read(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Our C++ files, and nothing that was installed or built.
const std::vector<Source>& sources() {
  static const std::vector<Source> all = [] {
    std::vector<Source> found;
    for (const char* folder : {"ot", "oplog", "server", "clients", "tests"}) {
      const fs::path root = fs::path(SEGUE_SOURCE_DIR) / folder;
      for (auto at = fs::recursive_directory_iterator(root); at != fs::end(at); ++at) {
        if (at->path().filename() == "node_modules") {
          at.disable_recursion_pending();
        } else if (at->path().extension() == ".h" || at->path().extension() == ".cc") {
          const auto path = fs::relative(at->path(), SEGUE_SOURCE_DIR).generic_string();
          found.push_back({path, read(at->path())});
        }
      }
    }
    return found;
  }();
  return all;
}

std::vector<std::string> matches(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  std::vector<std::string> found;
  for (auto at = std::sregex_iterator(text.begin(), text.end(), regex);
       at != std::sregex_iterator(); ++at) {
    found.push_back((*at)[1]);
  }
  return found;
}

std::string folder_of(const std::string& path) { return path.substr(0, path.find('/')); }

bool starts_with(const std::string& text, const std::string& start) {
  return text.rfind(start, 0) == 0;
}

}  // namespace

TEST_CASE("repo: a layer includes only the layers below it") {
  const std::map<std::string, std::set<std::string>> allowed = {
      {"ot", {"ot"}},
      {"oplog", {"ot", "oplog"}},
      {"server", {"ot", "oplog", "server", "clients"}},
      {"clients", {"ot", "clients"}},
      {"tests", {"ot", "oplog", "server", "clients", "tests"}},
  };
  for (const Source& source : sources()) {
    for (const std::string& included : matches(source.text, "#include \"([^\"]+/[^\"]+)\"")) {
      CAPTURE(source.path);
      CAPTURE(included);
      CHECK(allowed.at(folder_of(source.path)).count(folder_of(included)) == 1);
    }
  }
}

TEST_CASE("repo: each dependency is included where its adapter is, and nowhere else") {
  struct Rule {
    std::string header;
    std::string where;  // a regular expression over paths
  };
  const std::vector<Rule> rules = {
      {"rapidjson/", "ot/json_text[.]cc|tests/.*"},
      {"lmdb.h", "oplog/lmdb_.*|tests/(oplog|support|interop)/.*"},
      {"openssl/", "oplog/(sha256|salts)[.]cc|server/access/key[.]cc|server/tls_.*[.]cc|tests/.*"},
      {"boost/", "(server|clients/cpp|tests/(server|clients|bench|fuzz|suite_server))/.*"},
      {"boost/beast/websocket",
       "server/(connection|http|network|buffered_socket|commands/conform/wire).*|"
       "clients/cpp/client[.]cc|tests/(bench|clients)/.*"},
      {"spdlog/", "server/.*"},
      {"prometheus/", "server/metrics_text[.]cc"},
      {"toml++/", "server/settings/config_file[.]cc"},
      {"CLI/", "server/(main[.]cc|commands/.*)|tests/(sim/main|ot/prove)[.]cc"},
  };
  for (const Source& source : sources()) {
    for (const std::string& included : matches(source.text, "#include <([^>]+)>")) {
      for (const Rule& rule : rules) {
        if (starts_with(included, rule.header)) {
          CAPTURE(source.path);
          CAPTURE(included);
          CHECK(std::regex_match(source.path, std::regex(rule.where)));
        }
      }
    }
  }
}

TEST_CASE("repo: co_await stands in no statement that GCC 12 miscompiles") {
  for (const Source& source : sources()) {
    if (!starts_with(source.path, "server/") && !starts_with(source.path, "clients/cpp/")) {
      continue;
    }
    for (const std::string& statement : matches(source.text, "([^;{}]*co_await[^;]*;)")) {
      const std::string code = std::regex_replace(statement, std::regex("//[^\n]*"), "");
      const std::string awaited = code.substr(code.find("co_await"));
      CAPTURE(source.path);
      CAPTURE(statement);
      CHECK(awaited.find_first_of("{?") == std::string::npos);
      CHECK(awaited.find("&&") == std::string::npos);
      CHECK(awaited.find('[') == std::string::npos);
      CHECK(awaited.find("co_await", 1) == std::string::npos);
    }
  }
}

// GCC 12 destroys a default argument twice where it is made in a statement that awaits.
TEST_CASE("repo: what can be awaited has no default arguments") {
  for (const Source& source : sources()) {
    const std::string code = std::regex_replace(source.text, std::regex("//[^\n]*"), "");
    for (const std::string& parameters : matches(
             code, "awaitable<[^;{}()]*>\\s+(?:\\w+::)*\\w+\\(([^;]*?)\\)\\s*(?:const\\s*)?[;{]")) {
      CAPTURE(source.path);
      CAPTURE(parameters);
      CHECK(parameters.find('=') == std::string::npos);
    }
  }
}

TEST_CASE("repo: test names run what they say, each once per program") {
  std::map<std::string, std::set<std::string>> seen;  // by folder below tests
  for (const Source& source : sources()) {
    if (!starts_with(source.path, "tests/")) {
      continue;
    }
    const std::string program = source.path.substr(0, source.path.find('/', 6));
    for (const std::string& name :
         matches(source.text, "\nTEST_CASE(?:_TEMPLATE)?\\(\\s*\"((?:[^\"\\\\]|\\\\.)*)\"")) {
      CAPTURE(source.path);
      CAPTURE(name);
      CHECK(name.find(';') == std::string::npos);
      CHECK(seen[program].insert(name).second);
    }
  }
}

TEST_CASE("repo: nothing is left for later, and files keep to one idea") {
  const std::regex later(std::string("\\b(TO") + "DO|FIX" + "ME|X" + "XX)\\b");
  for (const Source& source : sources()) {
    CAPTURE(source.path);
    CHECK_FALSE(std::regex_search(source.text, later));
    CHECK(std::count(source.text.begin(), source.text.end(), '\n') <= 500);
  }
}
