// The client's state machine against a server that the test plays, message by message. In messages
// ' stands for ".

#include "clients/sync_state.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <doctest/doctest.h>

#include "ot/builtin_types.h"
#include "ot/reply.h"
#include "tests/support/json_notation.h"

namespace {

using namespace segue;
using test::json;
using test::notation;

const ot::DocId plan{"c", "d"};

class Player {
 public:
  explicit Player(client::SyncState::Options options = {})
      : state([&] {
          options.find_type = &ot::find_type;
          return options;
        }()) {}

  void connect() {
    state.opened();
    CHECK(sent().find("hs") != std::string::npos);
    say("{'a':'hs','protocol':1,'protocolMinor':2,'id':'me','type':'" + std::string(ot::json0_uri) +
        "'}");
  }
  // Connected, subscribed, and the document is [1] at version 3.
  void begin() {
    connect();
    state.subscribe(plan);
    CHECK(sent() == "{'a':'s','c':'c','d':'d'}");
    say("{'a':'s','c':'c','d':'d','data':{'v':3,'data':[1]}}");
  }
  void say(const std::string& message) { state.receive(json(message)); }
  // What it has sent since, in one line.
  std::string sent() {
    std::string line;
    for (std::string text : state.take_messages()) {
      std::replace(text.begin(), text.end(), '"', '\'');
      line += line.empty() ? text : " " + text;
    }
    return line;
  }
  void edit(const std::string& op) { REQUIRE(state.edit(plan, json(op))); }
  std::string data() { return notation(state.find(plan)->data()); }
  std::uint64_t version() { return state.find(plan)->version().value().value; }
  std::size_t pending() { return state.find(plan)->edits_pending(); }
  // The events since, of one kind.
  template <class What>
  std::vector<What> events() {
    std::vector<What> found;
    for (const client::Event& event : state.take_events()) {
      if (const What* what = std::get_if<What>(&event.what)) {
        found.push_back(*what);
      }
    }
    return found;
  }

  client::SyncState state;
};

}  // namespace

TEST_CASE("sync: a new client asks for an id, and claims it again when it reconnects") {
  Player player;
  player.state.opened();
  CHECK(player.sent() == "{'a':'hs','protocol':1,'protocolMinor':2,'id':null}");
  CHECK_FALSE(player.state.ready());
  player.say("{'a':'hs','protocol':1,'protocolMinor':2,'id':'me'}");
  CHECK(player.state.ready());
  player.state.lost();
  player.state.opened();
  CHECK(player.sent() == "{'a':'hs','protocol':1,'protocolMinor':2,'id':'me'}");
}

TEST_CASE("sync: a subscription without a version brings a snapshot") {
  Player player;
  player.begin();
  CHECK(player.data() == "[1]");
  CHECK(player.version() == 3);
  CHECK(player.state.find(plan)->type()->name == "json0");
  CHECK(player.state.find(plan)->settled());
  CHECK(player.events<client::Loaded>().size() == 1);
}

TEST_CASE("sync: an edit shows at once, goes out, and is acknowledged") {
  Player player;
  player.begin();
  player.edit("[{'p':[1],'li':2}]");
  CHECK(player.data() == "[1,2]");
  CHECK(player.sent() == "{'a':'op','c':'c','d':'d','v':3,'seq':1,'x':{},'op':[{'p':[1],'li':2}]}");
  CHECK(player.pending() == 1);
  player.say("{'a':'op','c':'c','d':'d','src':'me','seq':1,'v':3}");
  CHECK(player.pending() == 0);
  CHECK(player.version() == 4);
  const auto acks = player.events<client::Acknowledged>();
  REQUIRE(acks.size() == 1);
  CHECK(acks[0].edits == 1);
  CHECK(acks[0].seq == ot::Seq{1});
}

TEST_CASE("sync: while one op is in flight later edits are composed and wait") {
  Player player;
  player.begin();
  player.edit("[{'p':[1],'li':2}]");
  player.sent();
  player.edit("[{'p':[2],'li':3}]");
  player.edit("[{'p':[3],'li':4}]");
  CHECK(player.sent().empty());
  player.say("{'a':'op','c':'c','d':'d','src':'me','seq':1,'v':3}");
  CHECK(player.sent() ==
        "{'a':'op','c':'c','d':'d','v':4,'seq':2,'x':{},'op':[{'p':[2],'li':3},{'p':[3],'li':4}]}");
  player.events<client::Loaded>();
  player.say("{'a':'op','c':'c','d':'d','src':'me','seq':2,'v':4}");
  CHECK(player.events<client::Acknowledged>().at(0).edits == 2);
}

TEST_CASE("sync: somebody's op passes the op in flight and those behind it") {
  Player player;
  player.begin();
  player.edit("[{'p':[1],'li':'mine'}]");
  player.sent();
  player.edit("[{'p':[2],'li':'later'}]");
  player.say("{'a':'op','c':'c','d':'d','v':3,'src':'x','seq':9,'op':[{'p':[1],'li':'theirs'}]}");
  // The server takes what is in flight as left: it comes first.
  CHECK(player.data() == "[1,'mine','later','theirs']");
  CHECK(player.version() == 4);
  CHECK(player.events<client::RemoteOp>().at(0).src == ot::ClientId{"x"});
}

TEST_CASE("sync: after a loss the op in flight is sent again under its name, before subscribing") {
  Player player;
  player.begin();
  player.edit("[{'p':[1],'li':2}]");
  player.sent();
  player.edit("[{'p':[0],'li':0}]");
  player.state.lost();
  CHECK(player.data() == "[0,1,2]");
  CHECK(player.sent().empty());
  player.connect();
  CHECK(player.sent() ==
        "{'a':'op','c':'c','d':'d','v':3,'seq':1,'src':'me','x':{},'op':[{'p':[1],'li':2}]} "
        "{'a':'s','c':'c','d':'d','v':3}");
}

TEST_CASE("sync: a resent op that was committed long ago is found in the catch-up") {
  Player player;
  player.begin();
  player.edit("[{'p':[1],'li':2}]");
  player.sent();
  player.state.lost();
  player.connect();
  player.sent();
  player.say("{'a':'op','c':'c','d':'d','src':'me','seq':1,'v':4}");
  CHECK(player.pending() == 1);
  CHECK(player.sent() == "{'a':'f','c':'c','d':'d','v':3}");
  player.say("{'a':'op','c':'c','d':'d','v':3,'src':'x','seq':1,'op':[{'p':[0],'li':0}]}");
  player.say("{'a':'op','c':'c','d':'d','v':4,'src':'me','seq':1,'op':[{'p':[2],'li':2}]}");
  CHECK(player.pending() == 0);
  CHECK(player.version() == 5);
  CHECK(player.data() == "[0,1,2]");
}

TEST_CASE("sync: an op that leaves a gap makes it fetch, once, and again if that was too early") {
  Player player;
  player.begin();
  player.say("{'a':'op','c':'c','d':'d','v':5,'src':'x','seq':3,'op':[{'p':[0],'li':5}]}");
  player.say("{'a':'op','c':'c','d':'d','v':6,'src':'x','seq':4,'op':[{'p':[0],'li':6}]}");
  CHECK(player.sent() == "{'a':'f','c':'c','d':'d','v':3}");
  player.say("{'a':'op','c':'c','d':'d','v':3,'src':'x','seq':1,'op':[{'p':[0],'li':3}]}");
  player.say("{'a':'f','c':'c','d':'d'}");
  CHECK(player.sent() == "{'a':'f','c':'c','d':'d','v':4}");
  CHECK_FALSE(player.state.find(plan)->settled());
}

TEST_CASE("sync: a fetch asked for while one is under way is sent after it, and once") {
  Player player;
  player.begin();
  player.state.fetch(plan);
  player.state.fetch(plan);
  CHECK(player.sent() == "{'a':'f','c':'c','d':'d','v':3}");
  player.say("{'a':'f','c':'c','d':'d'}");
  CHECK(player.sent() == "{'a':'f','c':'c','d':'d','v':3}");
  player.say("{'a':'f','c':'c','d':'d'}");
  CHECK(player.sent().empty());
  CHECK(player.events<client::Fetched>().size() == 1);
}

TEST_CASE("sync: an op it has already is ignored") {
  Player player;
  player.begin();
  player.say("{'a':'op','c':'c','d':'d','v':2,'src':'x','seq':1,'op':[{'p':[0],'ld':1}]}");
  CHECK(player.data() == "[1]");
  CHECK(player.sent().empty());
}

TEST_CASE("sync: a refused edit is taken back, and what was built on it stays") {
  Player player;
  player.begin();
  player.edit("[{'p':[0],'li':'bad'}]");
  player.sent();
  player.edit("[{'p':[2],'li':'good'}]");
  player.say(
      "{'a':'op','c':'c','d':'d','v':3,'seq':1,'op':[],'error':{'code':'ERR_X','message':'no'}}");
  CHECK(player.data() == "[1,'good']");
  CHECK(player.sent() ==
        "{'a':'op','c':'c','d':'d','v':3,'seq':2,'x':{},'op':[{'p':[1],'li':'good'}]}");
  const auto rejected = player.events<client::Rejected>();
  REQUIRE(rejected.size() == 1);
  CHECK(rejected[0].why.code == "ERR_X");
  CHECK(rejected[0].edits == 1);
}

TEST_CASE("sync: where a refusal cannot be taken back all is given up and fetched") {
  Player player;
  player.begin();
  REQUIRE(player.state.remove(plan));
  player.sent();
  REQUIRE(player.state.create(plan, "json0", json("['new']")));
  player.say("{'a':'op','c':'c','d':'d','v':3,'seq':1,'error':{'code':'ERR_X','message':'no'}}");
  CHECK(player.pending() == 0);
  CHECK(player.sent() == "{'a':'f','c':'c','d':'d'}");
  CHECK(player.events<client::Rejected>().at(0).edits == 2);
  player.say("{'a':'f','c':'c','d':'d','data':{'v':7,'data':['theirs']}}");
  CHECK(player.data() == "['theirs']");
  CHECK(player.state.find(plan)->settled());
}

TEST_CASE("sync: somebody's delete ends edits, and somebody's edit ends at a delete") {
  Player player;
  player.begin();
  player.edit("[{'p':[0],'li':0}]");
  player.sent();
  player.say("{'a':'op','c':'c','d':'d','v':3,'src':'x','seq':1,'del':true}");
  CHECK(player.pending() == 0);
  CHECK(player.events<client::Rejected>().at(0).why.code == "ERR_DOC_WAS_DELETED");

  Player other;
  other.begin();
  REQUIRE(other.state.remove(plan));
  other.sent();
  other.say("{'a':'op','c':'c','d':'d','v':3,'src':'x','seq':1,'op':[{'p':[0],'li':0}]}");
  CHECK(other.pending() == 1);
  CHECK(other.version() == 4);
  CHECK(other.state.find(plan)->type() == nullptr);
}

TEST_CASE("sync: the late ack of an op that was given up does not pass for an empty op") {
  Player player;
  player.begin();
  player.edit("[{'p':[0],'li':0}]");
  player.sent();
  player.say("{'a':'op','c':'c','d':'d','v':3,'src':'x','seq':1,'del':true}");  // gives up
  CHECK(player.sent() == "{'a':'f','c':'c','d':'d'}");
  player.say("{'a':'f','c':'c','d':'d','data':{'v':5,'data':[]}}");
  player.say("{'a':'op','c':'c','d':'d','src':'me','seq':1,'v':5}");
  CHECK(player.version() == 5);
  CHECK(player.sent() == "{'a':'f','c':'c','d':'d','v':5}");
}

TEST_CASE("sync: a document can be created unseen, and edited before the server knows of it") {
  Player player;
  player.connect();
  REQUIRE(player.state.create(plan, "json0", json("[]")));
  player.edit("[{'p':[0],'li':1}]");
  CHECK(player.sent() == "{'a':'op','c':'c','d':'d','v':null,'seq':1,'x':{},'create':{'type':'" +
                             std::string(ot::json0_uri) + "','data':[]}}");
  player.say("{'a':'op','c':'c','d':'d','src':'me','seq':1,'v':0}");
  CHECK(player.sent() == "{'a':'op','c':'c','d':'d','v':1,'seq':2,'x':{},'op':[{'p':[0],'li':1}]}");
}

TEST_CASE("sync: a client ahead of its server gives up what is here and fetches") {
  Player player;
  player.begin();
  player.state.lost();
  player.connect();
  CHECK(player.sent() == "{'a':'s','c':'c','d':'d','v':3}");
  player.say(
      "{'a':'s','c':'c','d':'d','v':3,'error':{"
      "'code':'ERR_OP_VERSION_NEWER_THAN_CURRENT_SNAPSHOT','message':'m'}}");
  CHECK(player.sent() == "{'a':'f','c':'c','d':'d'} {'a':'s','c':'c','d':'d'}");
  player.say("{'a':'f','c':'c','d':'d','data':{'v':1,'data':[0]}}");
  player.say("{'a':'s','c':'c','d':'d','data':{'v':1,'data':[0]}}");
  CHECK(player.data() == "[0]");
  CHECK(player.version() == 1);
  CHECK(player.state.find(plan)->settled());
}

TEST_CASE("sync: after a loss documents of one collection are subscribed to in bulk") {
  Player player;
  for (const char* id : {"a", "b", "e"}) {
    player.state.subscribe({"c", id});
  }
  player.connect();
  CHECK(player.sent() == "{'a':'bs','c':'c','b':['a','b','e']}");
  player.say(
      "{'a':'bs','c':'c','data':{'a':{'v':1,'data':1},'b':{'v':2,'data':2},"
      "'e':{'error':{'message':'no'}}}}");
  CHECK(player.state.find({"c", "a"})->subscribed());
  CHECK_FALSE(player.state.find({"c", "e"})->subscribed());
  CHECK(player.events<client::Failed>().size() == 1);
  player.state.lost();
  player.connect();
  CHECK(player.sent() == "{'a':'bs','c':'c','b':{'a':1,'b':2}}");
  player.say("{'a':'bs','c':'c','b':{'a':1,'b':2}}");
  CHECK(player.state.find({"c", "b"})->subscribed());
}

TEST_CASE("sync: where a bulk request is refused each document is asked for alone") {
  Player player;
  for (const char* id : {"a", "b"}) {
    player.state.subscribe({"c", id});
  }
  player.connect();
  player.say("{'a':'bs','c':'c','data':{'a':{'v':1,'data':1},'b':{'v':2,'data':2}}}");
  player.state.lost();
  player.connect();
  CHECK(player.sent() == "{'a':'bs','c':'c','b':{'a':1,'b':2}}");
  player.say("{'a':'bs','c':'c','b':{'a':1,'b':2},'error':{'message':'no'}}");
  CHECK(player.sent() == "{'a':'s','c':'c','d':'a','v':1} {'a':'s','c':'c','d':'b','v':2}");
  player.say("{'a':'s','c':'c','d':'a'}");
  CHECK(player.state.find({"c", "a"})->settled());
}

TEST_CASE("sync: unsubscribing and subscribing again wait for each other's replies") {
  Player player;
  player.begin();
  player.state.unsubscribe(plan);
  player.state.subscribe(plan);
  CHECK(player.sent() == "{'a':'u','c':'c','d':'d'}");
  player.say("{'a':'u','c':'c','d':'d'}");
  CHECK(player.sent() == "{'a':'s','c':'c','d':'d','v':3}");
  player.say("{'a':'s','c':'c','d':'d'}");
  CHECK(player.state.find(plan)->settled());
}

TEST_CASE("sync: an edit that does not fit the document changes nothing") {
  Player player;
  player.begin();
  CHECK_FALSE(player.state.edit(plan, json("[{'p':['x'],'oi':1}]")));
  CHECK_FALSE(player.state.edit({"c", "other"}, json("[]")));
  CHECK_FALSE(player.state.create(plan, "json0"));
  CHECK(player.pending() == 0);
  CHECK(player.data() == "[1]");
  CHECK(player.sent().empty());
}

TEST_CASE("sync: what no server says is ignored") {
  Player player;
  player.begin();
  for (const char* message :
       {"{}", "[1]", "{'a':7}", "{'a':'op'}", "{'a':'op','c':'c','d':'d'}",
        "{'a':'op','c':'c','d':'d','v':-1}", "{'a':'op','c':'c','d':'d','v':1.5,'op':[]}",
        "{'a':'s','c':'c','d':'d','data':{'v':9}}", "{'a':'u','c':'c','d':'d'}", "{'a':'bs'}",
        "{'a':'op','c':'c','d':'d','error':{}}", "{'a':'f','c':'c','d':'d','data':{'v':'x'}}"}) {
    player.say(message);
  }
  CHECK(player.data() == "[1]");
  CHECK(player.state.find(plan)->settled());
}
