// Leases, on their way through the document's actor.
#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/room.h"

using namespace segue;
using tests::FakeClient;
using tests::Room;

namespace {

using Person = std::shared_ptr<FakeClient>;

// A json0 document at version 1, whose leases are exclusive.
struct LeaseRoom : Room {
  LeaseRoom() {
    host.exclusive_leases = true;
    auto author = join();
    say(author,
        "{'a':'op','c':'c','d':'d','v':0,'seq':1,'create':{'type':'json0','data':"
        "{'venue':'A','l':[0,1,2]}}}");
    sync();
  }
  void lock(const Person& who, const std::string& path, const std::string& more = "") {
    say(who, "{'a':'lock','c':'c','d':'d','path':" + path + more + "}");
  }
  void edit(const Person& who, const std::string& op, int version = 1) {
    say(who, "{'a':'op','c':'c','d':'d','v':" + std::to_string(version) +
                 ",'seq':" + std::to_string(++seq_) + ",'op':" + op + "}");
  }
  // Is told of leases.
  Person watcher() {
    auto client = join();
    server::DocRequest request{client,
                               {name(client)},
                               json("{'a':'s','c':'c','d':'d'}"),
                               nullptr,
                               ot::Subscribe{{"c", "d"}, std::nullopt}};
    request.knows_leases = true;
    actor->handle(std::move(request));
    host.run();
    return client;
  }
  void leave(const Person& who) {
    actor->handle({who, {name(who)}, {}, nullptr, server::Leave{}});
    host.run();
  }
  static ot::Json json(std::string text) {
    std::replace(text.begin(), text.end(), '\'', '"');
    return *ot::parse_json(text);
  }
  // The member at `path` of the only message that has come.
  static std::string only(const Person& who, const std::vector<std::string>& path) {
    const auto messages = who->take();
    REQUIRE(messages.size() == 1);
    ot::Json at = json(messages[0]);
    for (const std::string& key : path) {
      REQUIRE_MESSAGE(at.find(key) != nullptr, messages[0]);
      at = *at.find(key);
    }
    return at.is_string() ? at.str() : ot::json_text(at);
  }

 private:
  int seq_ = 10;
};

}  // namespace

TEST_CASE("leases: one is given with its path, version, holder and end") {
  LeaseRoom room;
  auto kevin = room.join();
  room.lock(kevin, "['venue']", ",'ttl_ms':5000,'name':'Kevin'");
  const auto messages = kevin->take();
  REQUIRE(messages.size() == 1);
  const ot::Json lease = *LeaseRoom::json(messages[0]).find("lease");
  CHECK(ot::json_text(*lease.find("path")) == R"(["venue"])");
  CHECK(lease.find("v")->number() == 1);
  CHECK(lease.find("src")->str() == "B");
  CHECK(lease.find("author")->str() == "anonymous");
  CHECK(lease.find("name")->str() == "Kevin");
  CHECK(lease.find("exclusive")->boolean());
  CHECK(lease.find("until_ms")->number() == 6'000);
}

TEST_CASE("leases: another is told who has it and until when") {
  LeaseRoom room;
  auto kevin = room.join();
  auto sarah = room.join();
  room.lock(kevin, "['venue']");
  room.lock(sarah, "[]");
  CHECK(LeaseRoom::only(sarah, {"error", "lease", "src"}) == "B");
}

TEST_CASE("leases: an op of another on it is refused, and can be sent again when it has ended") {
  LeaseRoom room;
  auto kevin = room.join();
  auto sarah = room.join();
  room.lock(kevin, "['venue']", ",'ttl_ms':100");
  const std::string op =
      "{'a':'op','c':'c','d':'d','v':1,'seq':7,'op':[{'p':['venue'],'od':'A','oi':'B'}]}";
  room.say(sarah, op);
  room.sync();
  const auto refused = sarah->take();
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].find("ERR_LEASED") != std::string::npos);
  CHECK(refused[0].find("retry") == std::string::npos);
  room.host.pass(100);
  room.say(sarah, op);
  room.sync();
  CHECK(LeaseRoom::only(sarah, {"v"}) == "1");
}

TEST_CASE("leases: the holder's own ops and those beside it go on") {
  LeaseRoom room;
  auto kevin = room.join();
  auto sarah = room.join();
  room.lock(kevin, "['venue']");
  kevin->take();
  room.edit(kevin, "[{'p':['venue'],'od':'A','oi':'B'}]");
  room.edit(sarah, "[{'p':['l',0],'li':9}]");
  room.sync();
  CHECK(LeaseRoom::only(kevin, {"v"}) == "1");
  CHECK(sarah->take().size() == 2);  // the op it had missed, and the ack
}

TEST_CASE("leases: an op that was made before the lease and comes after it is refused") {
  LeaseRoom room;
  auto kevin = room.join();
  auto sarah = room.join();
  room.edit(kevin, "[{'p':['l',0],'li':9}]");
  room.lock(kevin, "['l',1]");
  room.edit(sarah, "[{'p':['l',0],'ld':0}]");  // at version 1: the element that is now at 1
  room.sync();
  CHECK(LeaseRoom::only(sarah, {"error", "code"}) == "ERR_LEASED");
}

TEST_CASE("leases: an op that was committed before is acknowledged again whatever is leased") {
  LeaseRoom room;
  auto kevin = room.join();
  auto sarah = room.join();
  const std::string op = "{'a':'op','c':'c','d':'d','v':1,'seq':7,'op':[{'p':['l',0],'ld':0}]}";
  room.say(sarah, op);
  room.sync();
  sarah->take();
  room.lock(kevin, "[]");
  room.say(sarah, op);
  CHECK(LeaseRoom::only(sarah, {"v"}) == "1");
}

TEST_CASE("leases: who announced them is told of all there are, then of each change, in order") {
  LeaseRoom room;
  auto kevin = room.join();
  room.lock(kevin, "['l',1]", ",'ttl_ms':100");
  auto watcher = room.watcher();
  auto messages = watcher->take();
  REQUIRE(messages.size() == 2);
  CHECK(messages[0].starts_with(R"({"a":"s")"));
  CHECK(messages[1].find(R"("path":["l",1],"v":1)") != std::string::npos);
  room.edit(kevin, "[{'p':['l',0],'li':9}]");
  CHECK(watcher->take().empty());  // not before the op is on disk
  room.sync();
  messages = watcher->take();
  REQUIRE(messages.size() == 2);
  CHECK(messages[0].starts_with(R"({"a":"op")"));
  CHECK(messages[1].find(R"("path":["l",2],"v":2)") != std::string::npos);
  room.host.pass(100);
  CHECK(LeaseRoom::only(watcher, {"lease", "gone"}) == "expired");
}

TEST_CASE("leases: who did not announce them is sent nothing of them") {
  LeaseRoom room;
  auto kevin = room.join();
  auto stock = room.subscriber();
  room.lock(kevin, "['venue']");
  room.leave(kevin);
  CHECK(stock->take().empty());
}

TEST_CASE("leases: the end of a connection ends them at once, but not those it has handed on") {
  LeaseRoom room;
  auto kevin = room.join();
  auto watcher = room.watcher();
  watcher->take();
  room.lock(kevin, "['venue']");
  watcher->take();
  auto kevin_again = room.join();
  room.say(kevin_again, "{'a':'lock','c':'c','d':'d','path':['venue']}", room.name(kevin));
  watcher->take();
  room.leave(kevin);
  CHECK(watcher->take().empty());
  room.leave(kevin_again);
  CHECK(LeaseRoom::only(watcher, {"lease", "gone"}) == "released");
}

TEST_CASE("leases: a renewed one lasts, and its renewal needs no more than one alarm at a time") {
  LeaseRoom room;
  auto kevin = room.join();
  room.lock(kevin, "['venue']", ",'ttl_ms':100");
  const std::string id = LeaseRoom::only(kevin, {"lease", "id"});
  for (int i = 0; i < 10; ++i) {
    room.host.pass(60);
    room.say(kevin, "{'a':'renew','c':'c','d':'d','ttl_ms':100,'lease':'" + id + "'}");
    CHECK(LeaseRoom::only(kevin, {"lease", "id"}) == id);
    CHECK(room.host.alarms() == 1);
  }
  room.host.pass(100);
  CHECK(room.host.alarms() == 0);
  room.say(kevin, "{'a':'renew','c':'c','d':'d','lease':'" + id + "'}");
  CHECK(LeaseRoom::only(kevin, {"error", "code"}) == "ERR_LEASE_GONE");
}

TEST_CASE("leases: a path of an old version is carried to the newest") {
  LeaseRoom room;
  auto kevin = room.join();
  auto sarah = room.join();
  room.edit(kevin, "[{'p':['l',0],'li':9}]");
  room.sync();
  room.lock(sarah, "['l',0]", ",'v':1");
  CHECK(LeaseRoom::only(sarah, {"lease", "path"}) == R"(["l",1])");
  room.edit(kevin, "[{'p':['venue'],'od':'A'}]", 2);
  room.edit(kevin, "[{'p':['l',0],'ld':9}]", 3);
  room.sync();
  room.lock(sarah, "['l',0]", ",'v':3");
  CHECK(LeaseRoom::only(sarah, {"error", "code"}) == "ERR_VERSION_CONFLICT");
}

TEST_CASE("leases: there has to be something at the path, but for a last key") {
  LeaseRoom room;
  auto kevin = room.join();
  for (const char* path :
       {"['l',3]", "['l','x']", "['venue','x']", "['nothing','x']", "['l',-1]"}) {
    room.lock(kevin, path);
    CHECK(LeaseRoom::only(kevin, {"error", "code"}) == "ERR_OT_OP_NOT_APPLIED");
  }
  room.lock(kevin, "['new']");
  CHECK(LeaseRoom::only(kevin, {"lease", "path"}) == R"(["new"])");
}

TEST_CASE("leases: a document gives as many as its limit, and no more") {
  LeaseRoom room;
  room.host.limits_.document_leases_max = 2;
  auto kevin = room.join();
  room.lock(kevin, "['l',0]");
  room.lock(kevin, "['l',1]");
  kevin->take();
  room.lock(kevin, "['l',2]");
  CHECK(LeaseRoom::only(kevin, {"error", "code"}) == "ERR_MESSAGE_TOO_LARGE");
}

TEST_CASE("leases: a document is not dropped from memory while anybody has one") {
  LeaseRoom room;
  auto kevin = room.join();
  CHECK(room.actor->is_idle(1));
  room.lock(kevin, "['venue']", ",'ttl_ms':100");
  CHECK_FALSE(room.actor->is_idle(1));
  room.host.pass(100);
  CHECK(room.actor->is_idle(1));
}

TEST_CASE("leases: a failed write sends their holders away") {
  LeaseRoom room;
  auto kevin = room.join();
  room.lock(kevin, "['venue']");
  room.actor->on_failed({});
  room.host.run();
  CHECK(kevin->closed == 1013);
}
