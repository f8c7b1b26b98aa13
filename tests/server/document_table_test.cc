#include "server/document_table.h"

#include <memory>
#include <string>

#include <doctest/doctest.h>

#include "server/load_queue.h"
#include "tests/support/fake_host.h"

using namespace segue;
using segue::tests::FakeClient;
using segue::tests::FakeHost;

namespace {

// A table of empty documents, of which it holds `room`.
struct Table {
  explicit Table(std::size_t room) : documents(room * one_document()) {}

  static std::size_t one_document() {
    FakeHost host;
    return server::DocumentActor({"c", "d"}, host).memory_bytes();
  }
  void add(const std::string& id) {
    auto actor = std::make_shared<server::DocumentActor>(ot::DocId{"c", id}, host);
    const auto& added = documents.add(actor, nullptr);
    documents.measure(*added.actor);
  }
  bool has(const std::string& id) {
    bool found = false;
    documents.for_each([&](server::DocumentActor& actor) { found |= actor.id().id == id; });
    return found;
  }

  FakeHost host;
  server::DocumentTable documents;
};

server::DocRequest fetch_of(const std::string& id) {
  return {std::make_shared<FakeClient>(), ot::ClientId{id}, ot::Json(), nullptr,
          ot::Fetch{{"c", id}, std::nullopt}};
}

}  // namespace

TEST_CASE("document table: what was not used for longest goes first, and only as much as needed") {
  Table table(2);
  table.add("a");
  table.add("b");
  table.add("c");
  CHECK(table.documents.find({"c", "a"}) != nullptr);
  CHECK(table.documents.make_room(10));
  CHECK(table.documents.size() == 2);
  CHECK(table.has("a"));
  CHECK_FALSE(table.has("b"));
}

TEST_CASE("document table: a document in use stays, although there is no room") {
  Table table(1);
  table.add("a");
  table.add("b");
  const auto in_use = table.documents.find({"c", "a"})->actor;
  const auto too = table.documents.find({"c", "b"})->actor;
  CHECK_FALSE(table.documents.make_room(10));
  CHECK(table.documents.size() == 2);
}

TEST_CASE("document table: it looks at no more documents than it is told to") {
  Table table(1);
  table.add("busy");
  const auto in_use = table.documents.find({"c", "busy"})->actor;
  table.add("a");
  table.add("b");
  CHECK_FALSE(table.documents.make_room(1));
  CHECK(table.documents.size() == 3);
  CHECK(table.documents.make_room(2));
  CHECK(table.documents.size() == 1);
  CHECK(table.has("busy"));
}

TEST_CASE("document table: a document that was replaced no longer counts") {
  Table table(2);
  table.add("a");
  const auto old = table.documents.find({"c", "a"})->actor;
  table.documents.drop(*old);
  CHECK(table.documents.bytes() == 0);
  table.add("a");
  table.documents.drop(*old);
  CHECK(table.documents.size() == 1);
  CHECK(table.documents.observer_of(*old) == nullptr);
}

TEST_CASE("load queue: requests wait in order, and one document's are taken together") {
  server::LoadQueue queue(3);
  const server::LoadQueue::Time start{};
  queue.push({"c", "a"}, fetch_of("a1"), start);
  queue.push({"c", "b"}, fetch_of("b1"), start);
  queue.push({"c", "a"}, fetch_of("a2"), start);
  CHECK(queue.full());
  CHECK(queue.front() == ot::DocId{"c", "a"});
  const auto taken = queue.take({"c", "a"});
  REQUIRE(taken.size() == 2);
  CHECK(taken[0].src.value == "a1");
  CHECK(taken[1].src.value == "a2");
  CHECK(queue.front() == ot::DocId{"c", "b"});
}

TEST_CASE("load queue: what a client wants of one document is forgotten, and nothing else") {
  server::LoadQueue queue(4);
  const server::LoadQueue::Time start{};
  const auto request = fetch_of("a");
  queue.push({"c", "a"}, request, start);
  queue.push({"c", "a"}, fetch_of("another's"), start);
  queue.push({"c", "b"}, request, start);
  queue.forget({"c", "a"}, request.client.get());
  CHECK(queue.size() == 2);
  REQUIRE(queue.take({"c", "a"}).size() == 1);
  CHECK(queue.take({"c", "b"}).size() == 1);
}

TEST_CASE("load queue: what has waited too long is handed back") {
  server::LoadQueue queue(3);
  const server::LoadQueue::Time start{};
  queue.push({"c", "a"}, fetch_of("a"), start);
  queue.push({"c", "b"}, fetch_of("b"), start + std::chrono::seconds(2));
  const auto late = queue.take_older(start + std::chrono::seconds(1));
  REQUIRE(late.has_value());
  CHECK(late->src.value == "a");
  CHECK_FALSE(queue.take_older(start + std::chrono::seconds(1)).has_value());
}
