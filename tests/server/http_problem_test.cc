#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include <boost/beast/http/field.hpp>
#include <doctest/doctest.h>

#include "ot/json_text.h"
#include "server/http/problem.h"

using namespace segue;
using namespace segue::server;
namespace http = boost::beast::http;

TEST_CASE("http problem: type, title, status, detail, code, field and what else there is to say") {
  const HttpResponse response = respond({Fault::version_conflict, "Go \"on\".", "If-Match",
                                         ot::Errc::version_conflict, ",\"version\":7"});
  CHECK(response.result_int() == 409);
  CHECK(response[http::field::content_type] == "application/problem+json");
  CHECK(response.body() ==
        R"({"type":"/problems/version-conflict","title":"The document has changed since",)"
        R"("status":409,"detail":"Go \"on\".","code":"ERR_VERSION_CONFLICT","field":"If-Match",)"
        R"("version":7})"
        "\n");
}

TEST_CASE("http problem: what may pass says when to come again") {
  const HttpResponse response = respond(problem_of({ot::Errc::log_full, "full"}));
  CHECK(response.result_int() == 503);
  CHECK(response[http::field::retry_after] == "1");
}

TEST_CASE("http problem: each has a name of its own, and its row in spec/problems.md") {
  std::ifstream file(std::string(SEGUE_SOURCE_DIR) + "/spec/problems.md");
  std::ostringstream text;
  text << file.rdbuf();
  std::set<std::string_view> names;
  std::size_t index = 0;
  for (const FaultInfo& info : all_faults()) {
    CAPTURE(info.name);
    CHECK(static_cast<std::size_t>(info.fault) == index++);
    CHECK(names.insert(info.name).second);
    const std::string row =
        "| " + std::to_string(info.status) + " | `" + std::string(info.name) + "` |";
    CHECK(text.str().find(row) != std::string::npos);
  }
}
