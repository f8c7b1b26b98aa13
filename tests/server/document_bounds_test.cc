// What one client may cost a document, and the others.
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "server/document_actor.h"
#include "tests/support/room.h"

using namespace segue;
using segue::tests::Room;

namespace {

const std::string insert_at_v1 = "{'a':'op','c':'c','d':'d','v':1,'seq':7,'op':[{'p':[0],'li':0}]}";
const std::string fetch = "{'a':'f','c':'c','d':'d'}";

using Messages = std::vector<std::string>;

// Takes long to rewrite.
std::string long_insert_at_v1() {
  std::string components;
  for (int i = 0; i < 200; ++i) {
    components += "{'p':[0],'li':0},";
  }
  return "{'a':'op','c':'c','d':'d','v':1,'seq':7,'op':[" + components + "{'p':[0],'li':0}]}";
}

}  // namespace

TEST_CASE("actor G8: an op that takes long to rewrite holds up nobody but its author") {
  Room room;
  room.host.limits_.document.steps_max = 1000;
  room.actor = std::make_shared<server::DocumentActor>(ot::DocId{"c", "d"}, room.host);
  room.create();
  const auto inserts = [](std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
      text += (i == 0 ? "" : ",") + std::string("{'p':[0],'li':0}");
    return "{'a':'op','c':'c','d':'d','v':1,'seq':7,'op':[" + text + "]}";
  };
  room.say(room.join(), inserts(100));
  room.sync();

  room.host.readers_busy = true;
  auto late = room.join();
  room.say(late, inserts(20));
  room.say(late, fetch);
  auto other = room.join();
  room.say(other, insert_at_v1);
  room.sync();
  REQUIRE(other->take().size() == 2);  // the first op and its own ack
  CHECK(late->take().empty());

  room.host.readers_busy = false;
  room.host.run();
  room.sync();
  const Messages seen = late->take();
  REQUIRE(seen.size() == 4);
  CHECK(seen[0].find("\"v\":1,") != std::string::npos);
  CHECK(seen[1].find("\"v\":2,") != std::string::npos);
  CHECK(seen[2] == R"({"a":"op","c":"c","d":"d","src":"C","seq":7,"v":3})");
  CHECK(seen[3].find(R"("data":{"v":4,)") != std::string::npos);
}

TEST_CASE("actor G8: who cannot be sent any more what it missed meanwhile is to come again") {
  Room room;
  room.host.limits_.document.steps_max = 0;
  room.host.limits_.document.history_bytes_max = 0;
  room.actor = std::make_shared<server::DocumentActor>(ot::DocId{"c", "d"}, room.host);
  room.create();
  room.say(room.join(), insert_at_v1);
  room.host.readers_busy = true;
  auto late = room.join();
  room.say(late, long_insert_at_v1());
  room.sync();  // The history is forgotten.
  room.host.readers_busy = false;
  room.host.run();
  CHECK(late->closed == 1013);
  CHECK(room.host.unsynced() == 0);
}

TEST_CASE("actor G8: what a client sends behind a request that waits is bounded") {
  Room room;
  room.host.limits_.requests_waiting_bytes_max = 80;
  room.create();
  auto author = room.join();
  room.host.log_now = oplog::LogState::full;
  room.say(author, insert_at_v1);
  for (int i = 0; i < 4 && author->closed == 0; ++i) {
    room.say(author, fetch);
  }
  CHECK(author->closed == 1013);
}

TEST_CASE("actor G8: who is sent away, with too much waiting, is no subscriber any more") {
  for (const bool unsubscribed : {false, true}) {
    CAPTURE(unsubscribed);
    Room room;
    room.host.limits_.requests_waiting_bytes_max = 20;
    room.create();
    auto author = room.subscriber();
    room.host.log_now = oplog::LogState::full;
    room.say(author, insert_at_v1);
    room.say(author, unsubscribed ? "{'a':'u','c':'c','d':'d'}" : fetch);
    REQUIRE(author->closed == 1013);
    if (!unsubscribed) {  // Else its connection knows of nothing to leave.
      room.actor->handle({author, ot::ClientId{"B"}, {}, nullptr, server::Leave{}});
    }
    room.host.log_now = oplog::LogState::ready;
    room.actor->on_room();
    room.sync();
    CHECK(room.actor->subscribers() == 0);
  }
}

TEST_CASE("actor G8: an op waits for room no longer than its author can be sent what it missed") {
  Room room;
  room.host.limits_.document.steps_max = 0;
  room.host.limits_.document.history_bytes_max = 0;
  room.actor = std::make_shared<server::DocumentActor>(ot::DocId{"c", "d"}, room.host);
  room.create();
  room.say(room.join(), insert_at_v1);
  room.host.readers_busy = true;
  auto late = room.join();
  room.say(late, long_insert_at_v1());
  room.host.log_now = oplog::LogState::full;
  room.host.readers_busy = false;
  room.host.run();  // It is rewritten, and waits.
  room.sync();      // The history is forgotten.
  room.host.log_now = oplog::LogState::ready;
  room.actor->on_room();
  room.host.run();
  CHECK(late->closed == 1013);
  CHECK(room.host.unsynced() == 0);
}

TEST_CASE("actor G8: nothing is read for a client that has gone, and it is not subscribed") {
  Room room;
  room.create();
  room.host.limits_.document.history_bytes_max = 0;
  room.actor = std::make_shared<server::DocumentActor>(ot::DocId{"c", "d"}, room.host);
  room.say(room.join(), insert_at_v1);
  room.sync();
  room.host.readers_busy = true;
  auto client = room.join();
  client->end();
  for (const char* text :
       {"{'a':'s','c':'c','d':'d','v':0}", "{'a':'s','c':'c','d':'d'}",
        "{'a':'nf','id':1,'c':'c','d':'d','v':1}", "{'a':'nt','id':1,'c':'c','d':'d','ts':5}"}) {
    room.say(client, text);
    CHECK(room.host.reads_waiting() == 0);
  }
  CHECK(room.actor->subscribers() == 0);
}

TEST_CASE("actor G8: a client's looks back are read one at a time") {
  Room room;
  room.create();
  room.say(room.join(), insert_at_v1);
  room.sync();
  room.host.readers_busy = true;
  auto client = room.join();
  for (int i = 0; i < 3; ++i) {
    room.say(client, "{'a':'nf','id':1,'c':'c','d':'d','v':1}");
    room.say(client, "{'a':'nt','id':1,'c':'c','d':'d','ts':5}");
  }
  CHECK(room.host.reads_waiting() == 1);
  room.host.readers_busy = false;
  room.host.run();
  CHECK(client->take().size() == 6);
}
