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
  // What comes of an errand: its answer, or the code of its error.
  std::string errand(server::Errand errand) {
    std::string answer;
    errand.answer = [&](const ot::Result<std::string>& result) {
      answer = result ? *result : std::string(ot::errc_name(result.error().code));
    };
    tell(nullptr, "", std::move(errand));
    return answer;
  }
  std::string visit(const std::string& src, const ot::Json& value, std::uint64_t ttl_ms) {
    return errand({presence(src, value, 0), ttl_ms, {}, 0});
  }
  std::string listed() { return errand({}); }
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

TEST_CASE("presence: who stops to listen is answered after all that was sent to it, and last") {
  Stage stage;
  auto ben = stage.listener("B");
  auto anna = std::make_shared<FakeClient>();
  ben->take();
  stage.hub.handle({anna, {"A"}, "x", server::Speak{}});
  stage.hub.handle({anna, {"A"}, "x", server::Show{Stage::presence("A", 1, 0), std::nullopt, ""}});
  stage.hub.handle({ben, {"B"}, "x", server::Quit{"\"bye\""}});
  stage.hub.handle({anna, {"A"}, "x", server::Show{Stage::presence("A", 2, 1), std::nullopt, ""}});
  stage.host.run();
  CHECK(ben->take() == Messages{shown("A", "1"), "\"bye\""});
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

TEST_CASE(
    "presence hub: who has no connection is seen until the time is over, or it is taken back") {
  Stage stage;
  const auto listener = stage.listener("A");
  listener->take();
  CHECK(stage.visit("B", 1, 100) == "");
  CHECK(listener->take().size() == 1);
  stage.host.pass(60);
  stage.visit("B", 2, 100);
  stage.host.pass(60);  // The first end is over, and was put off.
  CHECK(listener->take().size() == 1);
  stage.host.pass(40);
  const auto gone = listener->take();
  REQUIRE(gone.size() == 1);
  CHECK(gone[0].find("\"p\":null") != std::string::npos);
  stage.visit("B", 3, 100);
  stage.visit("B", ot::Json(), 0);
  CHECK(listener->take().size() == 2);
  CHECK(stage.listed() == R"({"presences":[]})");
}

TEST_CASE("presence hub: the list has those with and without a connection") {
  Stage stage;
  const auto speaker = std::make_shared<FakeClient>();
  stage.show(speaker, "A", 1);
  stage.visit("B", 2, 100);
  CHECK(stage.listed() == R"({"presences":[{"src":"A","id":"of A","value":1},)"
                          R"({"src":"B","id":"of B","value":2}]})");
  stage.tell(speaker, "A", server::Quit{});
  stage.host.pass(100);
  CHECK(stage.hub.channels() == 0);
}

TEST_CASE("presence hub: those without a connection are bounded, and make room when they end") {
  Stage stage;
  stage.host.limits_.visits_max = 2;
  stage.visit("A", 1, 100);
  stage.visit("B", 1, 100);
  CHECK(stage.visit("C", 1, 100) == "ERR_MESSAGE_TOO_LARGE");
  CHECK(stage.visit("B", 2, 200) == "");
  stage.host.pass(100);
  CHECK(stage.visit("C", 1, 100) == "");
}
