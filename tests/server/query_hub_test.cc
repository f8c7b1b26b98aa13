#include "server/query_hub.h"

#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "server/channel_request.h"
#include "server/doc_request.h"
#include "tests/support/json_notation.h"
#include "tests/support/room.h"

using namespace segue;
using test::json;

namespace {

using Messages = std::vector<std::string>;

// A room whose document belongs to a collection that is queried. What the document tells goes to
// the queries at once.
struct QueriedRoom : tests::Room {
  void ask(const std::shared_ptr<tests::FakeClient>& client, const std::string& text,
           decltype(server::QueryRequest::what) what) {
    hub.handle({client, ot::ClientId{name(client)}, "c", nullptr, json(text), std::move(what)});
    settle();
  }
  std::shared_ptr<tests::FakeClient> follower(
      const std::string& text, std::optional<std::vector<ot::QuerySubscribe::Known>> known = {}) {
    auto client = join();
    follow(client, text, std::move(known));
    return client;
  }
  void follow(const std::shared_ptr<tests::FakeClient>& client, const std::string& text,
              std::optional<std::vector<ot::QuerySubscribe::Known>> known = {}) {
    ask(client, "{'a':'qs','id':1}",
        server::FollowQuery{*query::Query::parse(json(text)), 1, std::move(known)});
  }
  void create(const std::string& data) {
    auto author = join();
    say(author,
        "{'a':'op','c':'c','d':'d','v':0,'seq':1,'create':{'type':'json0','data':" + data + "}}");
    disk();
  }
  void set(const std::shared_ptr<tests::FakeClient>& author, int version, const std::string& n) {
    say(author, "{'a':'op','c':'c','d':'d','v':" + std::to_string(version) + ",'seq':" +
                    std::to_string(version + 1) + ",'op':[{'p':['n'],'oi':" + n + "}]}");
    settle();
  }
  void disk() {
    sync();
    settle();
  }
  void settle() {
    do {
      for (const server::DocumentNews& told : std::exchange(host.news, {})) {
        hub.on_news(told);
      }
      for (auto& [doc, request] : std::exchange(host.routed, {})) {
        actor->handle(std::move(request));
      }
      host.run();
    } while (!host.news.empty() || !host.routed.empty());
  }

  server::QueryHub hub{host};
};

const std::string set_to_2 =
    R"({"a":"op","c":"c","d":"d","v":1,"src":"B","seq":2,"op":[{"p":["n"],"oi":2}]})";

}  // namespace

TEST_CASE("queries: the first one reads the collection from the log") {
  QueriedRoom room;
  room.create("{'n':1}");
  auto client = room.follower("{'n':1}");
  CHECK(client->take() == Messages{R"({"a":"qs","id":1,"data":[{"v":1,"data":{"n":1},"d":"d"}]})"});
}

TEST_CASE("queries: nobody is shown by one what is not on disk") {
  QueriedRoom room;
  room.create("{'n':1}");
  auto author = room.join();
  auto before = room.follower("{'n':{'$gt':0}}");
  before->take();
  room.set(author, 1, "2");
  auto after = room.follower("{'n':{'$gt':0}}");
  CHECK(before->take().empty());
  CHECK(after->take() == Messages{R"({"a":"qs","id":1,"data":[{"v":1,"data":{"n":1},"d":"d"}]})"});
  room.disk();
  CHECK(before->take() == Messages{set_to_2});
  CHECK(after->take() == Messages{set_to_2});
}

TEST_CASE("queries: an op that was on its way to disk when the collection was read is not missed") {
  QueriedRoom room;
  room.create("{'n':1}");
  room.set(room.join(), 1, "2");
  auto client = room.follower("{'n':2}");
  CHECK(client->take() == Messages{R"({"a":"qs","id":1,"data":[]})"});
  room.actor->tell_queries();  // as every document does when the collection becomes watched
  room.disk();
  CHECK(
      client->take() ==
      Messages{
          R"({"a":"q","id":1,"diff":[{"type":"insert","index":0,"values":[{"v":2,"data":{"n":2},"d":"d"}]}]})"});
}

TEST_CASE("queries: who was shown a document before that op is sent it") {
  QueriedRoom room;
  room.create("{'n':1}");
  room.set(room.join(), 1, "2");
  auto client = room.follower("{'n':{'$gt':0}}");
  CHECK(client->take() == Messages{R"({"a":"qs","id":1,"data":[{"v":1,"data":{"n":1},"d":"d"}]})"});
  room.actor->tell_queries();
  room.disk();
  CHECK(client->take() == Messages{set_to_2});
}

TEST_CASE("queries: a document that goes is taken out before the op that did it") {
  QueriedRoom room;
  room.create("{'n':1}");
  auto client = room.follower("{'n':1}");
  client->take();
  auto author = room.join();
  room.set(author, 1, "5");
  room.disk();
  const Messages seen = client->take();
  REQUIRE(seen.size() == 2);
  CHECK(seen[0] == R"({"a":"q","id":1,"diff":[{"type":"remove","index":0,"howMany":1}]})");
  CHECK(seen[1].find(R"("a":"op")") != std::string::npos);
  room.set(author, 2, "6");
  room.disk();
  CHECK(client->take().empty());
}

TEST_CASE("queries: own ops are not sent back") {
  QueriedRoom room;
  room.create("{'n':1}");
  auto client = room.follower("{}");
  client->take();
  room.set(client, 1, "2");
  room.disk();
  CHECK(client->take().size() == 1);  // the ack
}

TEST_CASE("queries: a client that comes back gets ops, then the difference, then the reply") {
  QueriedRoom room;
  room.create("{'n':1}");
  room.set(room.join(), 1, "2");
  room.disk();
  auto client = room.follower("{'n':2}", {{{"gone", ot::Version{3}}, {"d", ot::Version{1}}}});
  const Messages seen = client->take();
  REQUIRE(seen.size() == 3);
  CHECK(seen[0] == set_to_2);
  CHECK(seen[1] == R"({"a":"q","id":1,"diff":[{"type":"remove","index":0,"howMany":1}]})");
  CHECK(seen[2] == R"({"a":"qs","id":1})");
}

TEST_CASE("queries: who ends one, or goes, hears no more") {
  QueriedRoom room;
  room.create("{'n':1}");
  auto first = room.follower("{}");
  auto second = room.follower("{}");
  room.ask(first, "{'a':'qu','id':1}", server::EndQuery{1});
  room.ask(second, "{}", server::LeaveQueries{});
  first->take();
  second->take();
  room.set(room.join(), 1, "2");
  room.disk();
  CHECK(first->take().empty());
  CHECK(second->take().empty());
}

TEST_CASE("queries: a count is told without the documents") {
  QueriedRoom room;
  room.create("{'n':1}");
  auto client = room.follower("{'n':1,'$count':true}");
  CHECK(client->take() == Messages{R"({"a":"qs","id":1,"data":[],"extra":1})"});
  room.set(room.join(), 1, "2");
  room.disk();
  CHECK(client->take() == Messages{R"({"a":"q","id":1,"extra":0})"});
}

TEST_CASE("queries: a collection that nobody follows may make room for another one") {
  QueriedRoom room;
  room.create("{'n':1}");
  room.ask(room.join(), "{'a':'qf','id':1}", server::RunQuery{*query::Query::parse(json("{}"))});
  REQUIRE(room.hub.collections() == 1);
  room.host.limits_.query_bytes_max = 10'000;
  room.host.readers_busy = true;
  room.hub.handle({room.join(), ot::ClientId{"x"}, "other", nullptr, json("{'a':'qf','id':2}"),
                   server::RunQuery{*query::Query::parse(json("{}"))}});
  const auto news_of = [](const ot::DocId& doc, std::size_t bytes) {
    return server::DocumentNews{
        doc, {ot::Version{9}, ot::find_type("json0"), ot::Json(std::string(bytes, 'x'))}, {}, {}};
  };
  room.hub.on_news(news_of({"other", "large"}, 20'000));  // It is still being read.
  room.hub.on_news(news_of({"c", "d"}, 10));
  CHECK(room.hub.collections() == 1);
}

TEST_CASE("queries: results and memory are bounded") {
  QueriedRoom room;
  room.create("{'n':1}");
  room.host.limits_.query.results_max = 0;
  auto client = room.follower("{}");
  CHECK(client->take().at(0).find("ERR_MESSAGE_TOO_LARGE") != std::string::npos);
  room.host.limits_.query.results_max = 1;
  room.follow(client, "{}");
  client->take();
  room.host.limits_.query_bytes_max = 10;
  room.set(room.join(), 1, "2");
  room.disk();
  const Messages seen = client->take();
  REQUIRE(seen.size() == 2);
  CHECK(seen[1].find(R"({"a":"q","id":1,"error":{"code":"ERR_MESSAGE_TOO_LARGE")") == 0);
  CHECK(room.hub.collections() == 0);
}
