#include "server/presence_hub.h"

#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/fake_host.h"

using namespace segue;
using tests::FakeClient;

namespace {

using Messages = std::vector<std::string>;

// A channel "x" and clients whose src is a letter each.
struct Stage {
  using Person = std::shared_ptr<FakeClient>;

  void tell(const Person& client, const std::string& src,
            decltype(server::ChannelRequest::what) what) {
    hub.handle({client, ot::ClientId{src}, "x", std::move(what)});
    host.run();
  }
  Person listener(const std::string& src) {
    auto client = std::make_shared<FakeClient>();
    tell(client, src, server::Listen{"\"ok\""});
    return client;
  }
  void show(const Person& client, const std::string& src, int value, std::uint64_t number = 0) {
    tell(client, src, server::Speak{});
    tell(client, src, server::Show{presence(src, value, number), std::nullopt, ""});
  }
  static ot::Presence presence(const std::string& src, const ot::Json& value,
                               std::uint64_t number) {
    ot::Presence made;
    made.channel = "x";
    made.id = "of " + src;
    made.src = {src};
    made.value = value;
    made.number = number;
    return made;
  }

  tests::FakeHost host;
  server::PresenceHub hub{host};
};

std::string shown(const std::string& src, const std::string& value, int number = 0) {
  return R"({"a":"p","ch":"x","src":")" + src + R"(","id":"of )" + src + R"(","p":)" + value +
         R"(,"pv":)" + std::to_string(number) + "}";
}
const std::string asked = R"({"a":"pr","ch":"x"})";

}  // namespace

TEST_CASE("presence: who listens hears of others, not of itself") {
  Stage stage;
  auto anna = stage.listener("A");
  auto ben = stage.listener("B");
  CHECK(anna->take() == Messages{"\"ok\"", asked});
  CHECK(ben->take() == Messages{"\"ok\""});
  stage.show(anna, "A", 1);
  CHECK(anna->take().empty());
  CHECK(ben->take() == Messages{shown("A", "1")});
}

TEST_CASE("presence: a newcomer is told what was shown last, before its subscription is answered") {
  Stage stage;
  auto anna = std::make_shared<FakeClient>();
  stage.show(anna, "A", 1, 0);
  stage.show(anna, "A", 2, 1);
  auto ben = stage.listener("B");
  CHECK(ben->take() == Messages{shown("A", "2", 1), "\"ok\""});
}

TEST_CASE("presence: what arrives late does not replace what is newer") {
  Stage stage;
  auto anna = std::make_shared<FakeClient>();
  stage.show(anna, "A", 2, 5);
  stage.show(anna, "A", 1, 4);
  CHECK(stage.listener("B")->take() == Messages{shown("A", "2", 5), "\"ok\""});
}

TEST_CASE("presence: who goes is gone for all, also where it did not listen") {
  Stage stage;
  auto ben = stage.listener("B");
  auto anna = std::make_shared<FakeClient>();
  stage.show(anna, "A", 1, 3);
  ben->take();
  stage.tell(anna, "A", server::Quit{});
  CHECK(ben->take() == Messages{shown("A", "null", 3)});
  CHECK(stage.listener("C")->take() == Messages{"\"ok\""});
}

TEST_CASE("presence: what was on its way when its owner went is not shown") {
  Stage stage;
  auto ben = stage.listener("B");
  auto anna = std::make_shared<FakeClient>();
  ben->take();
  stage.tell(anna, "A", server::Speak{});
  stage.tell(anna, "A", server::Quit{});
  stage.tell(anna, "A", server::Show{Stage::presence("A", 1, 0), std::nullopt, "\"ack\""});
  CHECK(ben->take().empty());
  CHECK(anna->take() == Messages{"\"ack\""});
}

TEST_CASE(
    "presence: the end of an old connection leaves what the new one of its client has shown") {
  Stage stage;
  auto ben = stage.listener("B");
  auto old = std::make_shared<FakeClient>();
  auto fresh = std::make_shared<FakeClient>();
  stage.show(old, "A", 1, 0);
  stage.show(fresh, "A", 2, 1);
  ben->take();
  stage.tell(old, "A", server::Quit{});
  CHECK(ben->take().empty());
  CHECK(stage.listener("C")->take().at(0) == shown("A", "2", 1));
}

TEST_CASE("presence: who quits hears nothing any more, and an empty channel is forgotten") {
  Stage stage;
  auto ben = stage.listener("B");
  stage.tell(ben, "B", server::Quit{});
  ben->take();
  auto anna = std::make_shared<FakeClient>();
  stage.show(anna, "A", 1);
  CHECK(ben->take().empty());
  stage.tell(anna, "A", server::Quit{});
  CHECK(stage.hub.channels() == 0);
}

TEST_CASE(
    "presence: a place in a document is told to newcomers by the document, and taken back there") {
  Stage stage;
  auto anna = std::make_shared<FakeClient>();
  ot::Presence place = Stage::presence("A", 1, 0);
  place.doc = ot::DocId{"c", "d"};
  place.version = ot::Version{3};
  stage.tell(anna, "A", server::Speak{});
  stage.tell(anna, "A", server::Show{place, place.doc, ""});
  auto ben = stage.listener("B");
  REQUIRE(stage.host.routed.size() == 1);
  CHECK(std::holds_alternative<server::ShowAgain>(stage.host.routed[0].second.what));
  CHECK(stage.host.routed[0].second.client == ben);
  stage.tell(anna, "A", server::Quit{});
  REQUIRE(stage.host.routed.size() == 2);
  const auto* gone = std::get_if<ot::PresenceUpdate>(&stage.host.routed[1].second.what);
  REQUIRE(gone != nullptr);
  CHECK(gone->presence.value.is_null());
}
