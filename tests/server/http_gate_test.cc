#include "server/http_gate.h"

#include <fstream>
#include <memory>
#include <string>

#include <boost/beast/http/field.hpp>

#include "tests/server/access/support.h"
#include "tests/support/temp_dir.h"

using namespace segue;
using namespace segue::server;
using test::now_s;
namespace http = boost::beast::http;

namespace {

const std::string own_page = "http://127.0.0.1:7070";
const OriginPolicy own_pages("127.0.0.1", 7070, {"https://show.example"}, false);

HttpRequest request_for(const std::string& target, http::verb verb = http::verb::get) {
  HttpRequest request{verb, target, 11};
  request.set(http::field::host, "127.0.0.1:7070");
  return request;
}

HttpRequest with(HttpRequest request, http::field field, const std::string& value) {
  request.set(field, value);
  return request;
}

// A server with one key.
struct Guarded {
  std::string token(const std::string& author = "ann") const {
    return access::make_token(test::claims_of(author), key).value();
  }
  HttpRequest by_bearer(HttpRequest request) const {
    return with(std::move(request), http::field::authorization, "Bearer " + token());
  }
  HttpRequest by_cookie(HttpRequest request) const {
    return with(std::move(request), http::field::cookie, "a=b; segue_token=" + token() + "; c");
  }
  std::string author(const HttpRequest& request) const {
    const auto admitted = gate.admit(request);
    return admitted ? (*admitted)->author() : "";
  }
  unsigned refusal(const HttpRequest& request) const {
    const auto admitted = gate.admit(request);
    return admitted ? 0 : refuse_access(admitted.error()).result_int();
  }
  std::string ticket() const {
    const auto request = by_bearer(request_for("/v1/tickets", http::verb::post));
    const auto body = ot::parse_json(gate.answer_ticket(request).body()).value();
    return body.find("ticket")->str();
  }

  access::Key key = access::Key::generate(access::Algorithm::eddsa, "a");
  std::unique_ptr<access::Access> access = open();
  HttpGate gate{own_pages, access.get(), now_s};

 private:
  std::unique_ptr<access::Access> open() const {
    const test::TempDir directory;
    std::ofstream(directory.str("keys"))
        << ot::json_text(ot::Json::object({{"keys", ot::Json::array({key.jwk()})}}));
    return access::Access::open({directory.str("keys"), "", "", {}, "segue_token"}).value();
  }
};

}  // namespace

TEST_CASE("http gate: without keys everybody comes in, but for foreign pages") {
  const HttpGate gate(own_pages, nullptr, now_s);
  const auto admitted = gate.admit(request_for("/"));
  REQUIRE(admitted.has_value());
  CHECK(*admitted == nullptr);
  CHECK(gate.admit(with(request_for("/"), http::field::origin, own_page)).has_value());
  const auto foreign =
      gate.admit(with(request_for("/"), http::field::origin, "http://evil.example"));
  CHECK(refuse_access(foreign.error()).result() == http::status::forbidden);
  CHECK(!gate.gives_tickets());
}

TEST_CASE("http gate: a bearer token lets in, from any own page or none") {
  const Guarded server;
  CHECK(server.author(server.by_bearer(request_for("/"))) == "ann");
  CHECK(server.author(with(request_for("/"), http::field::authorization,
                           "bEARER  " + server.token("bob") + " ")) == "bob");
  for (const std::string& page : {own_page, std::string("https://show.example")}) {
    CHECK(server.author(with(server.by_bearer(request_for("/")), http::field::origin, page)) ==
          "ann");
  }
}

TEST_CASE("http gate: a cookie lets in a page of ours, and nobody who names no page") {
  const Guarded server;
  CHECK(server.author(with(server.by_cookie(request_for("/")), http::field::origin, own_page)) ==
        "ann");
  CHECK(server.refusal(server.by_cookie(request_for("/"))) == 403);
}

TEST_CASE("http gate: a foreign page is refused whatever it brings") {
  const Guarded server;
  for (const char* page : {"null", "http://evil.example", "https://show.example.evil",
                           "http://show.example", "http://127.0.0.1:7071"}) {
    CAPTURE(page);
    CHECK(server.refusal(with(request_for("/"), http::field::origin, page)) == 403);
    CHECK(server.refusal(with(server.by_cookie(request_for("/")), http::field::origin, page)) ==
          403);
    CHECK(server.refusal(with(server.by_bearer(request_for("/")), http::field::origin, page)) ==
          403);
    const auto request = request_for("/?ticket=" + server.ticket());
    CHECK(server.refusal(with(request, http::field::origin, page)) == 403);
  }
}

TEST_CASE("http gate: no token, one that is not valid or one in the query is 401") {
  const Guarded server;
  CHECK(server.refusal(request_for("/")) == 401);
  CHECK(server.refusal(with(request_for("/"), http::field::origin, own_page)) == 401);
  CHECK(server.refusal(request_for("/?token=" + server.token())) == 401);
  CHECK(server.refusal(request_for("/?access_token=" + server.token())) == 401);
  CHECK(server.refusal(
            with(request_for("/"), http::field::authorization, "Basic " + server.token())) == 401);
  CHECK(server.refusal(with(request_for("/"), http::field::authorization,
                            "Bearer " + server.token() + "x")) == 401);
  const auto page = with(request_for("/"), http::field::origin, own_page);
  CHECK(server.refusal(with(page, http::field::cookie, "other=" + server.token())) == 401);
  CHECK(server.refusal(with(page, http::field::cookie, "xsegue_token=" + server.token())) == 401);
  CHECK(server.refusal(with(page, http::field::cookie, "segue_token=x")) == 401);
  const auto refused = refuse_access(server.gate.admit(page).error());
  CHECK(refused[http::field::www_authenticate] == "Bearer");
  CHECK(refused.body() == "a token is needed\n");
}

TEST_CASE("http gate: a token that is there and bad is not made up for by another") {
  const Guarded server;
  const auto page = with(server.by_cookie(request_for("/")), http::field::origin, own_page);
  CHECK(server.author(page) == "ann");
  CHECK(server.refusal(with(page, http::field::authorization, "Bearer x")) == 401);
  HttpRequest with_ticket = page;
  with_ticket.target("/?ticket=x");
  CHECK(server.refusal(with_ticket) == 401);
}

TEST_CASE("http gate: a ticket stands for the token it was made from, once") {
  const Guarded server;
  const std::string ticket = server.ticket();
  const auto request = request_for("/v1/ws?x=1&ticket=" + ticket);
  CHECK(server.author(request) == "ann");
  CHECK(server.refusal(request) == 401);
}

TEST_CASE("http gate: a ticket is given for a token or a page's cookie, by POST") {
  const Guarded server;
  const auto post = request_for("/v1/tickets", http::verb::post);
  const auto given = server.gate.answer_ticket(server.by_bearer(post));
  CHECK(given.result() == http::status::created);
  CHECK(given[http::field::cache_control] == "no-store");
  CHECK(server.gate.answer_ticket(with(server.by_cookie(post), http::field::origin, own_page))
            .result() == http::status::created);
  CHECK(server.gate.answer_ticket(server.by_cookie(post)).result() == http::status::forbidden);
  CHECK(server.gate.answer_ticket(post).result() == http::status::unauthorized);
  CHECK(server.gate.answer_ticket(server.by_bearer(request_for("/v1/tickets"))).result() ==
        http::status::method_not_allowed);
}

TEST_CASE("http gate: a ticket buys no other ticket, and is not used up by trying") {
  const Guarded server;
  const std::string ticket = server.ticket();
  const auto post = request_for("/v1/tickets?ticket=" + ticket, http::verb::post);
  CHECK(server.gate.answer_ticket(post).result() == http::status::unauthorized);
  CHECK(server.author(request_for("/?ticket=" + ticket)) == "ann");
}

TEST_CASE("http gate: pages that may connect may read the ticket they ask for, others not") {
  const Guarded server;
  const auto post = server.by_bearer(request_for("/v1/tickets", http::verb::post));
  const std::string page = "https://show.example";
  const auto given = server.gate.answer_ticket(with(post, http::field::origin, page));
  CHECK(given[http::field::access_control_allow_origin] == page);
  CHECK(given[http::field::vary] == "Origin");
  const auto asked =
      with(request_for("/v1/tickets", http::verb::options), http::field::origin, page);
  CHECK(server.gate.answer_ticket(asked).result() == http::status::no_content);
  CHECK(server.gate.answer_ticket(asked)[http::field::access_control_allow_headers] ==
        "authorization");
  const auto foreign =
      server.gate.answer_ticket(with(post, http::field::origin, "http://evil.example"));
  CHECK(foreign.result() == http::status::forbidden);
  CHECK(foreign.count(http::field::access_control_allow_origin) == 0);
}
