#include "server/access/access.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <sys/resource.h>

#include "tests/server/access/support.h"
#include "tests/support/temp_dir.h"

using namespace segue;
using access::Access;
using access::Action;
using access::Algorithm;
using access::Key;
using access::Revocations;
using access::SrcAuthors;
using access::Tickets;
using test::claims_of;
using test::now_s;

namespace {

access::Identity identity_of(std::string author, std::string token_id,
                             std::optional<double> issued_s) {
  access::Identity identity;
  identity.author = std::move(author);
  identity.token_id = std::move(token_id);
  identity.issued_s = issued_s;
  return identity;
}

std::shared_ptr<const access::Rights> rights_of(const std::string& author) {
  return access::Rights::make(identity_of(author, "", now_s),
                              std::make_shared<const access::Policy>())
      .value();
}

// While it lives, this process cannot open a file.
class NoDescriptors {
 public:
  NoDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit now = before_;
    now.rlim_cur = 0;
    ::setrlimit(RLIMIT_NOFILE, &now);
  }
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;
  ~NoDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

// Files as an operator keeps them, and what is in force by them.
class Files {
 public:
  Files() {
    write("keys", keys_text({key}));
    write("policy", R"({"rules":[{"collection":"*","allow":["read"]}]})");
    write("revoked", "");
    access = Access::open({path("keys"), path("policy"), path("revoked"), {}, "cookie"}).value();
  }

  std::string path(const std::string& name) const { return directory_.str(name); }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name) + ".new") << text;
    std::filesystem::rename(path(name) + ".new", path(name));
  }
  static std::string keys_text(const std::vector<Key>& keys) {
    ot::Json list = ot::Json::array();
    for (const Key& one : keys) {
      list.push_back(one.jwk());
    }
    return ot::json_text(ot::Json::object({{"keys", list}}));
  }
  std::string token(const std::string& author = "ann") const {
    return access::make_token(claims_of(author), key).value();
  }
  std::string refusal(const access::Rights& rights) const {
    const auto renewed = access->renew(rights, now_s);
    return renewed ? "" : renewed.error().detail;
  }
  std::size_t mistakes() { return access->reload(Access::Which::changed).size(); }

 private:
  test::TempDir directory_;

 public:
  Key key = Key::generate(Algorithm::eddsa, "a");
  std::unique_ptr<Access> access;
};

}  // namespace

// ---- revocations

TEST_CASE("revocations: a line takes one token, or an author's older ones, out of force") {
  const auto revoked = Revocations::parse(
      "{\"jti\":\"t1\"}\n\n  \n{\"sub\":\"ann\",\"before\":100}\r\n"
      "{\"sub\":\"ann\",\"before\":50}\n");
  REQUIRE(revoked.has_value());
  CHECK(revoked->cover(identity_of("bob", "t1", 200)));
  CHECK_FALSE(revoked->cover(identity_of("bob", "t2", 0)));
  CHECK(revoked->cover(identity_of("ann", "t2", 99)));
  CHECK_FALSE(revoked->cover(identity_of("ann", "t2", 100)));
  CHECK(revoked->cover(identity_of("ann", "t2", std::nullopt)));
  CHECK_FALSE(Revocations::parse("")->cover(identity_of("ann", "", 0)));
}

TEST_CASE("revocations: a last line that is still being written is left for later") {
  CHECK(Revocations::parse("{\"jti\":\"t1\"}\n{\"jti\":\"t")->cover(identity_of("a", "t1", 0)));
  CHECK(Revocations::parse("{\"jti\":\"t1\"}")->cover(identity_of("a", "t1", 0)));
}

TEST_CASE("revocations: a line that says something else is a mistake") {
  for (const char* bad : {"x\n", "7\n", "{}\n", "{\"jti\":7}\n", "{\"sub\":\"a\"}\n",
                          "{\"sub\":\"a\",\"before\":\"1\"}\n", "{\"jti\":\"a\",\"x\":1}\n"}) {
    CAPTURE(bad);
    const auto revoked = Revocations::parse(std::string("{\"jti\":\"ok\"}\n") + bad);
    REQUIRE_FALSE(revoked.has_value());
    CHECK(revoked.error().detail.starts_with("line 2: "));
  }
}

// ---- tickets

TEST_CASE("tickets: each works once") {
  Tickets tickets;
  REQUIRE(tickets.issue("a", rights_of("ann"), 0));
  CHECK(tickets.redeem("b", 1) == nullptr);
  CHECK(tickets.redeem("a", 1)->author() == "ann");
  CHECK(tickets.redeem("a", 1) == nullptr);
}

TEST_CASE("tickets: each works for half a minute") {
  Tickets tickets;
  REQUIRE(tickets.issue("a", rights_of("ann"), 0));
  REQUIRE(tickets.issue("b", rights_of("ann"), 0));
  CHECK(tickets.redeem("a", 29.9) != nullptr);
  CHECK(tickets.redeem("b", 30) == nullptr);
}

TEST_CASE("tickets: no more than a number are out at a time") {
  Tickets tickets;
  for (std::size_t i = 0; i < Tickets::out_max; ++i) {
    REQUIRE(tickets.issue(std::to_string(i), rights_of("ann"), 0));
  }
  CHECK_FALSE(tickets.issue("more", rights_of("ann"), 29));
  CHECK(tickets.issue("more", rights_of("ann"), 30));
}

// ---- the authors of srcs

TEST_CASE("src authors: a src nobody used belongs to whoever claims it first") {
  SrcAuthors srcs;
  CHECK(srcs.is_author("x", "ann") == std::nullopt);
  CHECK(srcs.claim("x", "ann", std::nullopt));
  CHECK(srcs.is_author("x", "ann") == true);
  CHECK(srcs.is_author("x", "bob") == false);
  CHECK_FALSE(srcs.claim("x", "bob", std::nullopt));
}

TEST_CASE("src authors: what the log says counts, unless somebody was quicker") {
  SrcAuthors srcs;
  CHECK_FALSE(srcs.claim("x", "bob", "ann"));
  CHECK(srcs.is_author("x", "ann") == true);
  CHECK(srcs.claim("y", "ann", "ann"));
}

TEST_CASE("src authors: those that nobody asked for longest are forgotten") {
  SrcAuthors srcs(2);
  CHECK(srcs.claim("x", "ann", std::nullopt));
  CHECK(srcs.claim("y", "ann", std::nullopt));
  CHECK(srcs.is_author("x", "ann") == true);
  CHECK(srcs.claim("z", "ann", std::nullopt));
  CHECK(srcs.is_author("y", "ann") == std::nullopt);
  CHECK(srcs.is_author("x", "ann") == true);
}

// ---- what is in force

TEST_CASE("access: a token gives the rights of the policy") {
  const Files files;
  const auto rights = files.access->check(files.token(), now_s);
  REQUIRE(rights.has_value());
  CHECK((*rights)->author() == "ann");
  CHECK((*rights)->allow(Action::read, "c", "d"));
  CHECK_FALSE((*rights)->allow(Action::write, "c", "d"));
}

TEST_CASE("access: a changed policy gives other rights") {
  Files files;
  const auto rights = files.access->check(files.token(), now_s).value();
  files.write("policy", R"({"rules":[{"collection":"*","allow":["write"]}]})");
  const auto before = files.access->generation();
  CHECK(files.mistakes() == 0);
  CHECK(files.access->generation() == before + 1);
  CHECK(files.access->renew(*rights, now_s).value()->allow(Action::write, "c", "d"));
  CHECK_FALSE(files.access->renew(*rights, now_s).value()->allow(Action::read, "c", "d"));
  CHECK(rights->allow(Action::read, "c", "d"));
}

TEST_CASE("access: nothing happens while no file changes, unless it is asked for") {
  Files files;
  const auto before = files.access->generation();
  CHECK(files.mistakes() == 0);
  CHECK(files.access->generation() == before);
  CHECK(files.access->reload(Access::Which::all).empty());
  CHECK(files.access->generation() == before + 1);
}

TEST_CASE("access: a revoked token is refused, also by a connection that has it") {
  Files files;
  const auto rights = files.access->check(files.token(), now_s).value();
  CHECK(files.refusal(*rights).empty());
  files.write("revoked", "{\"jti\":\"t1\"}\n");
  CHECK(files.mistakes() == 0);
  CHECK(files.refusal(*rights) == "the token was revoked");
  CHECK(files.access->check(files.token(), now_s).error().detail == "the token was revoked");
}

TEST_CASE("access: keys rotate, and with a key its tokens go") {
  Files files;
  const auto rights = files.access->check(files.token(), now_s).value();
  const Key next = Key::generate(Algorithm::rs256, "b");
  files.write("keys", Files::keys_text({files.key, next}));
  CHECK(files.mistakes() == 0);
  CHECK(files.refusal(*rights).empty());
  CHECK(files.access->check(access::make_token(claims_of("ann"), next).value(), now_s));
  files.write("keys", Files::keys_text({next}));
  CHECK(files.mistakes() == 0);
  CHECK(files.refusal(*rights) == "the token's key is no longer in force");
  CHECK_FALSE(files.access->check(files.token(), now_s).has_value());
}

TEST_CASE("access: another key of the same name does not keep a token in force") {
  Files files;
  const auto rights = files.access->check(files.token(), now_s).value();
  files.write("keys", Files::keys_text({Key::generate(Algorithm::eddsa, "a")}));
  CHECK(files.mistakes() == 0);
  CHECK(files.refusal(*rights) == "the token's key is no longer in force");
}

TEST_CASE("access: a file with a mistake changes nothing, and is reported once") {
  Files files;
  files.write("revoked", "{\"jti\":\"t1\"}\n");
  CHECK(files.mistakes() == 0);
  for (const char* name : {"keys", "policy", "revoked"}) {
    files.write(name, "nonsense\n");
    const auto wrong = files.access->reload(Access::Which::changed);
    REQUIRE(wrong.size() == 1);
    CHECK(wrong[0].detail.starts_with(files.path(name) + ": "));
    CHECK(files.mistakes() == 0);
  }
  std::filesystem::remove(files.path("revoked"));
  CHECK(files.mistakes() == 1);
  CHECK(files.access->check(files.token(), now_s).error().detail == "the token was revoked");
}

TEST_CASE(
    "access: a file that could not be read for want of a descriptor is read when there is one") {
  Files files;
  const auto rights = files.access->check(files.token(), now_s).value();
  files.write("revoked", R"({"sub":"ann","before":9e9})");
  {
    const NoDescriptors limit;
    CHECK(files.mistakes() == 1);
    CHECK(files.mistakes() == 0);  // That was said.
  }
  CHECK(files.refusal(*rights).empty());
  CHECK(files.mistakes() == 0);
  CHECK(files.refusal(*rights) == "the token was revoked");
}

TEST_CASE("access: rights end when the token expires") {
  const Files files;
  const auto rights = files.access->check(files.token(), now_s).value();
  CHECK(files.access->renew(*rights, now_s + 3599).has_value());
  CHECK(files.access->renew(*rights, now_s + 3600).error().detail == "the token has expired");
}

TEST_CASE("access: a ticket is worth what its token is worth by then") {
  Files files;
  const auto rights = files.access->check(files.token(), now_s).value();
  for (const char* name : {"a", "b"}) {
    REQUIRE(files.access->tickets().issue(name, rights, now_s));
  }
  CHECK(files.access->redeem("a", now_s).value()->author() == "ann");
  CHECK(files.access->redeem("a", now_s).error().detail ==
        "the ticket is not valid, or was used before");
  files.write("revoked", "{\"sub\":\"ann\",\"before\":1900000000}\n");
  CHECK(files.mistakes() == 0);
  CHECK(files.access->redeem("b", now_s).error().detail == "the token was revoked");
}

TEST_CASE("access: it does not start on a file that is missing or wrong") {
  const Files files;
  CHECK_FALSE(Access::open({files.path("none"), "", "", {}, "c"}).has_value());
  CHECK_FALSE(Access::open({files.path("keys"), files.path("none"), "", {}, "c"}).has_value());
  CHECK_FALSE(Access::open({files.path("keys"), files.path("keys"), "", {}, "c"}).has_value());
  CHECK(Access::open({files.path("keys"), "", "", {}, "c"}).has_value());
}
