// Places in a document, on their way through its actor.
#include <string>
#include <variant>
#include <vector>

#include <doctest/doctest.h>

#include "ot/reply.h"
#include "server/channel_request.h"
#include "server/document_actor.h"
#include "tests/support/room.h"

using namespace segue;
using segue::tests::Room;

namespace {

// A rich-text document "hello" at version 1, and an insert of "xx" at its start.
struct TextRoom : Room {
  TextRoom() {
    auto author = join();
    say(author,
        "{'a':'op','c':'c','d':'d','v':0,'seq':1,'create':{'type':'rich-text','data':[{'insert':"
        "'hello'}]}}");
    sync();
  }
  void insert(const std::shared_ptr<tests::FakeClient>& author, int version) {
    say(author, "{'a':'op','c':'c','d':'d','v':" + std::to_string(version) +
                    ",'seq':" + std::to_string(version + 1) + ",'op':[{'insert':'xx'}]}");
  }
  void place(const std::shared_ptr<tests::FakeClient>& client, int version,
             const std::string& value = "{'index':3,'length':0}") {
    say(client, "{'a':'p','ch':'c.d','id':'i','pv':0,'c':'c','d':'d','t':'rich-text','v':" +
                    std::to_string(version) + ",'p':" + value + "}");
  }
  // What went to the channel, as it would be sent.
  std::vector<std::string> shown() {
    std::vector<std::string> messages;
    for (const server::ChannelRequest& request : std::exchange(host.published, {})) {
      messages.push_back(ot::presence_message(std::get<server::Show>(request.what).presence));
    }
    return messages;
  }
};

std::string message(int version, const std::string& value) {
  return R"({"a":"p","ch":"c.d","src":"B","id":"i","p":)" + value +
         R"(,"pv":0,"c":"c","d":"d","v":)" + std::to_string(version) +
         R"(,"t":"http://sharejs.org/types/rich-text/v1"})";
}

}  // namespace

TEST_CASE("presence in a document: it is shown to the channel and acknowledged in full") {
  TextRoom room;
  auto client = room.join();
  room.place(client, 1);
  const std::string expected = message(1, R"({"index":3,"length":0})");
  REQUIRE(room.host.published.size() == 1);
  CHECK(std::get<server::Show>(room.host.published[0].what).reply == expected);
  CHECK(room.shown() == std::vector{expected});
}

TEST_CASE("presence in a document: a place in an old version is carried over the ops since") {
  TextRoom room;
  auto client = room.join();
  room.insert(room.join(), 1);
  room.sync();
  room.place(client, 1);
  CHECK(room.shown() == std::vector{message(2, R"({"index":5,"length":0})")});
}

TEST_CASE("presence in a document: it waits until the ops it was carried over are on disk") {
  TextRoom room;
  auto client = room.join();
  room.insert(room.join(), 1);
  room.place(client, 1);
  CHECK(room.shown().empty());
  CHECK(client->take().empty());
  room.sync();
  CHECK(room.shown().size() == 1);
}

TEST_CASE("presence in a document: it is published after the broadcast of the op before it") {
  TextRoom room;
  auto watcher = room.subscriber();
  auto client = room.join();
  room.insert(client, 1);
  room.place(client, 2);
  CHECK(watcher->take().empty());
  room.host.sync(*room.actor);
  CHECK(watcher->take().size() == 1);
  CHECK(room.shown().size() == 1);
}

TEST_CASE("presence in a document: older than the history in memory, it is carried over the log") {
  TextRoom room;
  auto author = room.join();
  auto client = room.join();
  for (int version = 1; version < 40; ++version) {
    room.insert(author, version);
    room.sync();
  }
  room.host.limits_.document.history_bytes_max = 0;
  room.host.limits_.catch_up_ops = 7;
  room.actor = std::make_shared<server::DocumentActor>(ot::DocId{"c", "d"}, room.host);
  room.place(client, 1);
  const auto shown = room.shown();
  REQUIRE(shown.size() == 1);
  CHECK(shown[0].find(R"("p":{"index":81,"length":0})") != std::string::npos);
  CHECK(shown[0].find(R"("v":40)") != std::string::npos);
}

TEST_CASE("presence in a document: deleting the document takes everybody's place") {
  TextRoom room;
  auto client = room.join();
  room.say(room.join(), "{'a':'op','c':'c','d':'d','v':1,'seq':9,'del':true}");
  room.sync();
  room.place(client, 1);
  CHECK(room.shown() == std::vector{message(2, "null")});
}

TEST_CASE("presence in a document: what is no place is refused where it has to be carried") {
  TextRoom room;
  auto client = room.join();
  room.insert(room.join(), 1);
  room.sync();
  room.place(client, 1, "'nowhere'");
  CHECK(room.shown().empty());
  CHECK(client->take().at(0).find("ERR_PRESENCE_TRANSFORM_FAILED") != std::string::npos);
}

TEST_CASE(
    "presence in a document: a newcomer is told it at the newest version, once that is on disk") {
  TextRoom room;
  auto newcomer = room.join();
  room.insert(room.join(), 1);
  ot::Presence place;
  place.channel = "c.d";
  place.id = "i";
  place.src = {"B"};
  place.value = *ot::parse_json(R"({"index":3,"length":0})");
  place.doc = ot::DocId{"c", "d"};
  place.version = ot::Version{1};
  place.type = ot::find_type("rich-text");
  room.actor->handle({newcomer, {"C"}, {}, nullptr, server::ShowAgain{place}});
  room.host.run();
  CHECK(newcomer->take().empty());
  room.sync();
  CHECK(newcomer->take() == std::vector{message(2, R"({"index":5,"length":0})")});
}
