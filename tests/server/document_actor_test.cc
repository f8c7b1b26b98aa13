#include "server/document_actor.h"

#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/room.h"

using namespace segue;
using segue::tests::Room;

namespace {

const std::string insert_at_v1 = "{'a':'op','c':'c','d':'d','v':1,'seq':7,'op':[{'p':[0],'li':0}]}";
const std::string fetch = "{'a':'f','c':'c','d':'d'}";

using Messages = std::vector<std::string>;

}  // namespace

TEST_CASE("actor G1: an ack leaves only after its op is on disk") {
  Room room;
  room.create();
  auto author = room.join();
  room.say(author, insert_at_v1);
  CHECK(author->take().empty());
  room.sync();
  CHECK(author->take() == Messages{R"({"a":"op","c":"c","d":"d","src":"B","seq":7,"v":1})"});
}

TEST_CASE(
    "actor G2: neither broadcast nor fetch nor subscription shows an op before it is on disk") {
  Room room;
  room.create();
  auto watcher = room.subscriber();
  auto author = room.join();
  auto reader = room.join();
  room.say(author, insert_at_v1);
  room.say(reader, fetch);
  room.say(reader, "{'a':'s','c':'c','d':'d','v':0}");
  room.say(reader, "{'a':'nf','id':1,'c':'c','d':'d','v':null}");
  CHECK(watcher->take().empty());
  CHECK(reader->take().empty());
  room.sync();
  CHECK(watcher->take() ==
        Messages{R"({"a":"op","c":"c","d":"d","v":1,"src":"C","seq":7,"op":[{"p":[0],"li":0}]})"});
  const Messages seen = reader->take();
  REQUIRE(seen.size() == 5);
  CHECK(seen[0] == R"({"a":"f","c":"c","d":"d","data":{"v":2,"data":[0,1]}})");
}

TEST_CASE("actor G2: a rejection that tells of an op waits for it too") {
  Room room;
  room.create();
  auto author = room.join();
  room.say(author, "{'a':'op','c':'c','d':'d','v':1,'seq':1,'del':true}");
  auto late = room.join();
  room.say(late, insert_at_v1);
  CHECK(late->take().empty());
  room.sync();
  const Messages seen = late->take();
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].find("ERR_DOC_WAS_DELETED") != std::string::npos);
}

TEST_CASE("actor: with asynchronous durability acks do not wait for the disk") {
  Room room;
  room.create();
  room.host.acknowledge_at_once = true;
  auto author = room.join();
  room.say(author, insert_at_v1);
  CHECK(author->take().size() == 1);
}

TEST_CASE("actor: the submitter gets the ops it was missing, then its ack") {
  Room room;
  room.create();
  auto first = room.join();
  auto second = room.join();
  room.say(first, insert_at_v1);
  room.say(second, "{'a':'op','c':'c','d':'d','v':1,'seq':9,'op':[{'p':[1],'li':2}]}");
  room.sync();
  CHECK(second->take() ==
        Messages{R"({"a":"op","c":"c","d":"d","v":1,"src":"B","seq":7,"op":[{"p":[0],"li":0}]})",
                 R"({"a":"op","c":"c","d":"d","src":"C","seq":9,"v":2})"});
}

TEST_CASE("actor: a subscribed submitter gets a missing op once, before its ack") {
  Room room;
  room.create();
  auto author = room.join();
  auto subscriber = room.subscriber();
  room.say(author, insert_at_v1);
  room.say(subscriber, "{'a':'op','c':'c','d':'d','v':1,'seq':9,'op':[{'p':[1],'li':2}]}");
  room.sync();
  const Messages seen = subscriber->take();
  REQUIRE(seen.size() == 2);
  CHECK(seen[0].find("\"v\":1,\"src\":\"B\"") != std::string::npos);
  CHECK(seen[1] == R"({"a":"op","c":"c","d":"d","src":"C","seq":9,"v":2})");
}

TEST_CASE("actor: own ops are not sent back, whichever connection of theirs is subscribed") {
  Room room;
  room.create();
  auto author = room.subscriber();
  auto twin = room.join();
  room.say(twin, "{'a':'s','c':'c','d':'d'}", "B");
  twin->take();
  auto other = room.subscriber();
  room.say(author, insert_at_v1);
  room.sync();
  CHECK(author->take().size() == 1);  // the ack
  CHECK(twin->take().empty());
  CHECK(other->take().size() == 1);
}

TEST_CASE("actor: the submitted op goes left of what was committed before it") {
  Room room;
  room.create();
  auto first = room.join();
  auto second = room.join();
  room.say(first, "{'a':'op','c':'c','d':'d','v':1,'seq':1,'op':[{'p':[0],'li':'first'}]}");
  room.say(second, "{'a':'op','c':'c','d':'d','v':1,'seq':1,'op':[{'p':[0],'li':'second'}]}");
  room.sync();
  room.say(first, fetch);
  CHECK(first->take().back() ==
        R"({"a":"f","c":"c","d":"d","data":{"v":3,"data":["second","first",1]}})");
}

TEST_CASE("actor G3: an op sent again is acknowledged at its version and not committed twice") {
  Room room;
  room.create();
  auto author = room.join();
  room.say(author, insert_at_v1);
  room.say(author, insert_at_v1);
  CHECK(author->take().empty());  // The second ack, too, waits for the disk.
  room.sync();
  const std::string ack = R"({"a":"op","c":"c","d":"d","src":"B","seq":7,"v":1})";
  CHECK(author->take() == Messages{ack, ack});
  room.say(author, "{'a':'op','c':'c','d':'d','v':2,'seq':7,'op':[{'p':[0],'li':0}]}");
  room.say(author, "{'a':'op','c':'c','d':'d','v':null,'seq':7,'op':[{'p':[0],'li':0}]}");
  CHECK(author->take() == Messages{ack, ack});
  CHECK(room.host.unsynced() == 0);
}

TEST_CASE("actor G3: a new actor, as after a restart, asks the log whether an op is known") {
  Room room;
  room.create();
  auto author = room.join();
  room.say(author, insert_at_v1);
  room.sync();
  author->take();
  room.host.limits_.document.history_bytes_max = 0;
  room.actor = std::make_shared<server::DocumentActor>(ot::DocId{"c", "d"}, room.host);
  room.say(author, insert_at_v1);
  CHECK(author->take() == Messages{R"({"a":"op","c":"c","d":"d","src":"B","seq":7,"v":1})"});
  CHECK(room.host.unsynced() == 0);
}

TEST_CASE("actor G3: another op under a known src and seq is an error") {
  Room room;
  room.create();
  auto author = room.join();
  room.say(author, insert_at_v1);
  room.sync();
  author->take();
  room.say(author, "{'a':'op','c':'c','d':'d','v':1,'seq':7,'op':[{'p':[0],'li':'other'}]}");
  room.say(author, "{'a':'op','c':'c','d':'d','v':1,'seq':7,'del':true}");
  const Messages seen = author->take();
  REQUIRE(seen.size() == 2);
  CHECK(seen[0].find("ERR_OP_ALREADY_SUBMITTED") != std::string::npos);
  CHECK(seen[1].find("ERR_OP_ALREADY_SUBMITTED") != std::string::npos);
}

TEST_CASE("actor: a client gets nothing of a document after it unsubscribed") {
  Room room;
  room.create();
  auto watcher = room.subscriber();
  auto author = room.join();
  room.say(watcher, "{'a':'u','c':'c','d':'d'}");
  CHECK(watcher->take() == Messages{R"({"a":"u","c":"c","d":"d"})"});
  room.say(author, insert_at_v1);
  room.sync();
  CHECK(watcher->take().empty());
}

TEST_CASE("actor: ops that memory no longer holds are read from the log, in order and all") {
  Room room;
  room.create();
  room.host.limits_.document.history_bytes_max = 0;
  room.host.limits_.catch_up_ops = 3;
  room.actor = std::make_shared<server::DocumentActor>(ot::DocId{"c", "d"}, room.host);
  auto author = room.join();
  for (int i = 1; i <= 10; ++i) {
    room.say(author, "{'a':'op','c':'c','d':'d','v':" + std::to_string(i) +
                         ",'seq':" + std::to_string(i) + ",'op':[{'p':[0],'li':0}]}");
    room.sync();
  }
  auto late = room.join();
  room.say(late, "{'a':'s','c':'c','d':'d','v':0}");
  const Messages caught_up = late->take();
  REQUIRE(caught_up.size() == 12);
  for (int v = 0; v <= 10; ++v) {
    CAPTURE(v);
    CHECK(caught_up[static_cast<std::size_t>(v)].find("\"v\":" + std::to_string(v) + ",") !=
          std::string::npos);
  }
  CHECK(caught_up.back() == R"({"a":"s","c":"c","d":"d"})");

  auto behind = room.join();
  room.say(behind, insert_at_v1);
  room.sync();
  const Messages seen = behind->take();
  REQUIRE(seen.size() == 11);
  CHECK(seen.front().find("\"v\":1,") != std::string::npos);
  CHECK(seen.back().find("\"v\":11}") != std::string::npos);
  CHECK(late->take().size() == 1);
}

TEST_CASE("actor: a client's requests keep their order while one of them waits for the log") {
  Room room;
  room.create();
  room.host.limits_.document.history_bytes_max = 0;
  room.actor = std::make_shared<server::DocumentActor>(ot::DocId{"c", "d"}, room.host);
  auto author = room.join();
  room.say(author, insert_at_v1);
  room.sync();
  auto client = room.join();
  const auto send = [&](const char* text) { room.say(client, text); };
  send("{'a':'f','c':'c','d':'d','v':0}");
  send("{'a':'f','c':'c','d':'d'}");
  const Messages seen = client->take();
  REQUIRE(seen.size() == 4);
  CHECK(seen[2] == R"({"a":"f","c":"c","d":"d"})");
  CHECK(seen[3].find("\"data\":{") != std::string::npos);
}

TEST_CASE("actor G4: when the log fails, no op is answered and the clients are sent away") {
  Room room;
  room.create();
  auto watcher = room.subscriber();
  auto author = room.join();
  room.say(author, insert_at_v1);
  room.actor->on_failed({ot::Errc::log_full, "full"});
  room.host.run();
  CHECK(author->take().empty());
  CHECK(author->closed == 1013);
  CHECK(watcher->closed == 1013);
  CHECK(room.host.retired == 1);
}

TEST_CASE("actor G10: while the log is full edits wait, reads and acks of known ops go on") {
  Room room;
  room.create();
  auto author = room.join();
  room.say(author, insert_at_v1);
  room.sync();
  author->take();
  room.host.log_now = oplog::LogState::full;
  const std::string next = "{'a':'op','c':'c','d':'d','v':2,'seq':8,'op':[{'p':[0],'li':9}]}";
  room.say(author, next);
  auto reader = room.join();
  room.say(reader, fetch);
  room.say(reader, insert_at_v1, "B");
  CHECK(author->take().empty());
  CHECK(author->closed == 0);
  CHECK(room.host.unsynced() == 0);
  CHECK(reader->take() == Messages{R"({"a":"f","c":"c","d":"d","data":{"v":2,"data":[0,1]}})",
                                   R"({"a":"op","c":"c","d":"d","src":"B","seq":7,"v":1})"});

  room.host.log_now = oplog::LogState::ready;
  room.actor->on_room();
  room.sync();
  CHECK(author->take() == Messages{R"({"a":"op","c":"c","d":"d","src":"B","seq":8,"v":2})"});
}

TEST_CASE("actor G10: a client whose edit waits for room keeps the order of its requests") {
  Room room;
  room.create();
  auto author = room.join();
  room.host.log_now = oplog::LogState::full;
  room.say(author, insert_at_v1);
  room.say(author, fetch);
  CHECK(author->take().empty());
  room.host.log_now = oplog::LogState::ready;
  room.actor->on_room();
  room.sync();
  const Messages seen = author->take();
  REQUIRE(seen.size() == 2);
  CHECK(seen[1] == R"({"a":"f","c":"c","d":"d","data":{"v":2,"data":[0,1]}})");
}

TEST_CASE("actor G11: after an I/O error edits go back to their authors, and reads go on") {
  Room room;
  room.create();
  room.host.log_now = oplog::LogState::failed;
  auto author = room.join();
  auto reader = room.join();
  room.say(author, insert_at_v1);
  room.say(reader, fetch);
  CHECK(author->take().empty());
  CHECK(author->closed == 1013);
  CHECK(reader->take().size() == 1);
  CHECK(reader->closed == 0);
}

TEST_CASE("actor: a checkpoint is stored once the ops since the last one outweigh the document") {
  Room room;
  room.host.limits_.checkpoint_ops_bytes_min = 1;
  room.create();  // Its one op is already larger than the document.
  const auto checkpoint = [&] { return *room.host.log().checkpoint({"c", "d"}, ot::Version{99}); };
  REQUIRE(checkpoint().has_value());
  CHECK(checkpoint()->version == ot::Version{1});
  CHECK(checkpoint()->data == "[1]");
  auto author = room.join();
  room.host.limits_.checkpoint_ops_bytes_min = 1'000'000;
  room.say(author, insert_at_v1);
  room.sync();
  CHECK(checkpoint()->version == ot::Version{1});
}

TEST_CASE(
    "actor G1: a checkpoint holds only what is in the log, also with asynchronous durability") {
  Room room;
  room.host.acknowledge_at_once = true;
  room.host.limits_.checkpoint_ops_bytes_min = 1;
  auto author = room.join();
  room.say(author, "{'a':'op','c':'c','d':'d','v':0,'seq':1,'create':{'type':'json0','data':[1]}}");
  CHECK_FALSE(room.host.log().checkpoint({"c", "d"}, ot::Version{9})->has_value());
  room.say(author, insert_at_v1);
  room.sync();
  const auto stored = *room.host.log().checkpoint({"c", "d"}, ot::Version{9});
  REQUIRE(stored.has_value());
  CHECK(stored->version == ot::Version{2});
}

TEST_CASE("actor: it opens from the newest checkpoint, whatever the ops before it say") {
  Room room;
  room.host.limits_.checkpoint_ops_bytes_min = 1;
  room.create();
  const auto marked = room.host.store({{"c", "d"}, ot::Version{1}, "json0", R"(["marked"])"});
  REQUIRE(marked.has_value());
  room.actor = std::make_shared<server::DocumentActor>(ot::DocId{"c", "d"}, room.host);
  auto reader = room.join();
  room.say(reader, fetch);
  CHECK(reader->take() ==
        Messages{R"({"a":"f","c":"c","d":"d","data":{"v":1,"data":["marked"]}})"});
}

TEST_CASE("actor: it is idle only when nobody uses it and the log has all of it") {
  Room room;
  room.create();
  const auto idle = [&] { return room.actor->is_idle(room.actor.use_count()); };
  CHECK(idle());
  auto watcher = room.subscriber();
  CHECK_FALSE(idle());
  room.say(watcher, "{'a':'u','c':'c','d':'d'}");
  CHECK(idle());
  room.host.acknowledge_at_once = true;
  room.say(room.join(), insert_at_v1);
  CHECK_FALSE(idle());
  room.sync();
  CHECK(idle());
}

TEST_CASE("actor: time never runs backwards within a document") {
  Room room;
  room.create();
  room.host.now = 500;
  auto author = room.join();
  room.say(author, insert_at_v1);
  room.sync();
  room.say(author, "{'a':'nt','id':1,'c':'c','d':'d','ts':999}");
  room.say(author, "{'a':'nt','id':2,'c':'c','d':'d','ts':1000}");
  const Messages seen = author->take();
  REQUIRE(seen.size() == 3);
  CHECK(seen[1] == R"({"a":"nt","id":1,"v":0,"type":null,"m":null})");
  CHECK(seen[2].find("\"id\":2,\"v\":2,") != std::string::npos);
}

TEST_CASE("actor: a client that wants values gets them when a message would have come") {
  Room room;
  room.create();
  auto reader = room.join();
  std::vector<server::DocAnswer> answers;
  const auto ask = [&](auto what) {
    server::DocRequest request{reader, {"R"}, {}, nullptr, what};
    request.answer = [&](server::DocAnswer answer) { answers.push_back(std::move(answer)); };
    room.actor->handle(std::move(request));
    room.host.run();
  };
  ot::Submit submit;
  submit.op.base = ot::Version{1};
  submit.op.seq = ot::Seq{1};
  submit.op.value = ot::parse_json(R"([{"p":[0],"li":0}])").value();
  submit.op.reason = "why";
  ask(submit);
  ask(ot::Fetch{});
  CHECK(answers.empty());
  room.sync();
  REQUIRE(answers.size() == 2);
  const auto& committed = std::get<server::Committed>(answers[0]);
  CHECK(committed.at == ot::Version{1});
  CHECK(committed.after->version == ot::Version{2});
  CHECK(ot::json_text(committed.after->data) == "[0,1]");
  CHECK(std::get<ot::Snapshot>(answers[1]).version == ot::Version{2});
  ask(submit);
  CHECK_FALSE(std::get<server::Committed>(answers[2]).after.has_value());
  submit.op.seq = ot::Seq{2};
  submit.op.only_at_base = true;
  ask(submit);
  CHECK(std::get<ot::Error>(answers[3]).code == ot::Errc::version_conflict);
  CHECK(room.host.log().read({"c", "d"}, {1}, {2}, 1).value().front().reason == "why");
  CHECK(reader->take().empty());
}
