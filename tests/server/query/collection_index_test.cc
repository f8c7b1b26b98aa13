#include "server/query/collection_index.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "ot/builtin_types.h"
#include "server/query/reply.h"
#include "tests/support/json_notation.h"
#include "tests/support/random.h"

using namespace segue;
using test::json;

namespace {

query::Query parse(const std::string& text) { return *query::Query::parse(json(text)); }

// A collection, and lists that clients keep by the edits alone.
struct Stage {
  struct Client {
    query::LiveQuery* live;
    std::vector<std::string> list;
    std::size_t edits = 0;
  };

  void put(const std::string& id, const std::optional<ot::Json>& data) {
    const ot::AnyType* type = data ? ot::find_type("json0") : nullptr;
    apply(id, {ot::Version{++version}, type, data.value_or(ot::Json())});
  }
  void apply(const std::string& id, ot::Snapshot snapshot) {
    const auto applied = index.apply(id, std::move(snapshot));
    looked_at = applied.updates.size();
    for (const auto& update : applied.updates) {
      for (auto& client : clients) {
        if (client->live == update.query) {
          follow(*client, update.edits);
        }
      }
    }
  }
  Client& watch(const std::string& text) {
    auto client = std::make_unique<Client>(Client{&index.add(parse(text)), {}});
    client->list = ids(client->live->shown());
    clients.push_back(std::move(client));
    return *clients.back();
  }
  static void follow(Client& client, const std::vector<query::Edit>& edits) {
    auto& list = client.list;
    for (const query::Edit& edit : edits) {
      ++client.edits;
      const auto at = static_cast<std::ptrdiff_t>(edit.index);
      switch (edit.kind) {
        case query::Edit::Kind::insert:
          REQUIRE(edit.index <= list.size());
          list.insert(list.begin() + at, edit.entry->id);
          break;
        case query::Edit::Kind::remove:
          REQUIRE(edit.index < list.size());
          list.erase(list.begin() + at);
          break;
        case query::Edit::Kind::move: {
          REQUIRE(edit.index < list.size());
          const std::string moved = list[edit.index];
          list.erase(list.begin() + at);
          REQUIRE(edit.to <= list.size());
          list.insert(list.begin() + static_cast<std::ptrdiff_t>(edit.to), moved);
        }
      }
    }
  }
  static std::vector<std::string> ids(std::span<query::Entry* const> shown) {
    std::vector<std::string> all;
    for (const query::Entry* entry : shown) {
      all.push_back(entry->id);
    }
    return all;
  }

  query::CollectionIndex index;
  std::vector<std::unique_ptr<Client>> clients;
  std::uint64_t version = 0;
  std::size_t looked_at = 0;
};

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("live query: a document comes, moves and goes with its data") {
  Stage stage;
  stage.put("a", json("{'n':1}"));
  auto& sorted = stage.watch("{'n':{'$lt':10},'$sort':{'n':1}}");
  stage.put("b", json("{'n':3}"));
  stage.put("c", json("{'n':2}"));
  CHECK(sorted.list == Ids{"a", "c", "b"});
  stage.put("a", json("{'n':9}"));
  CHECK(sorted.list == Ids{"c", "b", "a"});
  CHECK(sorted.edits == 3);
  stage.put("b", json("{'n':10}"));
  stage.put("c", std::nullopt);
  CHECK(sorted.list == Ids{"a"});
}

TEST_CASE("live query: a change of a field that it does not speak of is no change for it") {
  Stage stage;
  auto& client = stage.watch("{'n':1}");
  stage.put("a", json("{'n':1,'x':1}"));
  stage.put("a", json("{'n':1,'x':2}"));
  CHECK(client.edits == 1);
  CHECK(stage.index.find("a")->snapshot.data == json("{'n':1,'x':2}"));
}

TEST_CASE("live query: old news of a document changes nothing") {
  Stage stage;
  auto& client = stage.watch("{'n':1}");
  const ot::AnyType* type = ot::find_type("json0");
  stage.apply("a", {ot::Version{5}, type, json("{'n':2}")});
  stage.apply("a", {ot::Version{4}, type, json("{'n':1}")});
  stage.apply("a", {ot::Version{5}, type, json("{'n':1}")});
  CHECK(client.list.empty());
}

TEST_CASE("live query: a count follows the matches") {
  Stage stage;
  auto& live = stage.index.add(parse("{'n':1,'$count':true}"));
  CHECK(live.count() == 0);
  stage.put("a", json("{'n':1}"));
  stage.put("b", json("{'n':1}"));
  CHECK(live.count() == 2);
  CHECK(live.shown().empty());
  stage.put("a", json("{'n':2}"));
  stage.put("b", std::nullopt);
  CHECK(live.count() == 0);
}

TEST_CASE("live query: one with a limit keeps its place when the edge moves") {
  Stage stage;
  for (int i = 0; i < 6; ++i) {
    stage.put(std::string(1, static_cast<char>('a' + i)), json("{'n':" + std::to_string(i) + "}"));
  }
  auto& client = stage.watch("{'$sort':{'n':1},'$skip':1,'$limit':3}");
  CHECK(client.list == Ids{"b", "c", "d"});
  stage.put("a", json("{'n':9}"));  // from before the edge to after it
  CHECK(client.list == Ids{"c", "d", "e"});
  CHECK(client.edits == 2);
  stage.put("d", std::nullopt);
  CHECK(client.list == Ids{"c", "e", "f"});
  stage.put("f", json("{'n':0}"));
  CHECK(client.list == Ids{"b", "c", "e"});
}

TEST_CASE("live query: who no longer follows is forgotten by all documents") {
  Stage stage;
  stage.put("a", json("{'n':1}"));
  auto& live = stage.index.add(parse("{'n':1}"));
  CHECK(stage.index.find("a")->shown_in.size() == 1);
  stage.index.remove(live);
  CHECK(stage.index.find("a")->shown_in.empty());
  CHECK(stage.index.queries() == 0);
  stage.put("a", json("{'n':2}"));
}

// Every list kept by edits is at all times what the query finds when run anew.
TEST_CASE("live query: random changes, followed by edits alone, give what a new run gives") {
  const std::vector<std::string> queries = {
      "{}",
      "{'$sort':{'n':1}}",
      "{'$sort':{'n':-1,'s':1},'$limit':3}",
      "{'$skip':2,'$limit':2}",
      "{'s':'x'}",
      "{'s':{'$in':['x','y']},'n':{'$gt':2},'$sort':{'n':1},'$skip':1,'$limit':2}",
      "{'s':'x','n':2}",
      "{'t':'x'}",
      "{'n':{'$gte':1},'$limit':1}",
      "{'$or':[{'n':1},{'s':'y'}],'$sort':{'s':-1}}",
      "{'s':null}",
      "{'$nor':[{'n':1}],'$skip':3}"};
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    test::Random random(seed);
    Stage stage;
    const auto change = [&] {
      const std::string id(1, static_cast<char>('a' + random.below(12)));
      if (random.below(6) == 0) {
        return stage.put(id, std::nullopt);
      }
      ot::Json data = ot::Json::object({{"n", ot::Json(static_cast<int>(random.below(5)))}});
      if (random.below(4) != 0) {
        data.set("s", ot::Json(std::string(1, "xyz"[random.below(3)])));
      }
      if (random.below(3) == 0) {
        data.set("t", json(random.below(2) == 0 ? "['x','y']" : "'x'"));
      }
      stage.put(id, data);
    };
    for (int i = 0; i < 10; ++i) {
      change();
    }
    for (const std::string& text : queries) {
      stage.watch(text);
    }
    for (int i = 0; i < 100; ++i) {
      change();
      for (std::size_t q = 0; q < queries.size(); ++q) {
        CAPTURE(queries[q]);
        const auto anew = stage.index.evaluate(parse(queries[q]));
        REQUIRE(stage.clients[q]->list == Stage::ids(anew->shown()));
      }
    }
    for (const auto& client : stage.clients) {
      for (const std::string& id : client->list) {
        const auto& shown_in = stage.index.find(id)->shown_in;
        REQUIRE(std::count(shown_in.begin(), shown_in.end(), client->live) == 1);
      }
    }
  }
}

TEST_CASE("live query: a limited one finds more when those it kept are used up") {
  Stage stage;
  const int all = 600;
  for (int i = 0; i < all; ++i) {
    stage.put("d" + std::to_string(i), json("{'n':" + std::to_string(i) + "}"));
  }
  auto& client = stage.watch("{'n':{'$gte':0},'$sort':{'n':1},'$limit':2}");
  for (int i = 0; i < all - 2; ++i) {
    stage.put("d" + std::to_string(i), std::nullopt);
    REQUIRE(client.list == Ids{"d" + std::to_string(i + 1), "d" + std::to_string(i + 2)});
  }
}

TEST_CASE("live query: the difference from what a client has leads to what is shown, exactly") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    CAPTURE(seed);
    test::Random random(seed);
    Stage stage;
    for (char c = 'a'; c < 'i'; ++c) {
      if (random.below(3) != 0) {
        stage.put(std::string(1, c), json("{'n':" + std::to_string(random.below(9)) + "}"));
      }
    }
    auto& live = stage.index.add(parse("{'$sort':{'n':1}}"));
    std::vector<ot::QuerySubscribe::Known> known;
    Stage::Client client{&live, {}};
    for (std::size_t i = random.below(9); i > 0; --i) {
      known.push_back({std::string(1, static_cast<char>('a' + random.below(10))), std::nullopt});
      client.list.push_back(known.back().id);
    }
    Stage::follow(client, query::difference(known, live.shown()));
    CHECK(client.list == Stage::ids(live.shown()));
  }
}
