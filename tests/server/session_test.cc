#include "server/session.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "ot/builtin_types.h"
#include "tests/support/fake_host.h"

using namespace segue;

namespace {

struct FakePort : server::SessionPort {
  void send(const server::Frame& frame) override {
    for (std::string& message : tests::messages_of(frame)) {
      sent.push_back(std::move(message));
    }
  }
  void forward(const ot::DocId& doc, server::DocRequest request) override {
    forwarded.emplace_back(doc, std::move(request));
  }
  void forward(server::ChannelRequest request) override { told.push_back(std::move(request)); }
  void forward(server::QueryRequest request) override { asked.push_back(std::move(request)); }
  void close(server::CloseReason reason) override { closed = reason.code; }
  void on_refused(ot::Errc code) override { refused.emplace_back(ot::errc_name(code)); }

  std::vector<std::string> sent;
  std::vector<std::string> refused;  // codes of ops
  std::vector<std::pair<ot::DocId, server::DocRequest>> forwarded;
  std::vector<server::ChannelRequest> told;
  std::vector<server::QueryRequest> asked;
  int closed = 0;
};

struct Peer {
  std::vector<std::string> say(const std::string& text) {
    session.on_message(text);
    return std::exchange(port.sent, {});
  }
  // The session's own error reply to a message, which must stay open.
  std::string refusal(const std::string& text) {
    const auto sent = say(text);
    CHECK(port.closed == 0);
    CHECK(port.forwarded.empty());
    return sent.size() == 1 ? sent[0] : "";
  }

  FakePort port;
  server::Limits limits;
  server::Session session{ot::ClientId{"random"}, limits, &ot::find_type, port};
};

}  // namespace

TEST_CASE("session: it greets, and answers each handshake alike") {
  Peer peer;
  peer.session.start();
  CHECK(peer.port.sent ==
        std::vector<std::string>{R"({"a":"init","protocol":1,"protocolMinor":2,"id":"random",)"
                                 R"("type":"http://sharejs.org/types/JSONv0"})"});
  peer.port.sent.clear();
  const std::string first = peer.say(R"({"a":"hs","id":null})")[0];
  CHECK(first.find(R"("id":"random")") != std::string::npos);
  CHECK(peer.say(R"({"a":"hs","id":null})")[0] == first);
}

TEST_CASE("session: a client that comes back keeps its src") {
  Peer peer;
  peer.say(R"({"a":"hs","id":"kept"})");
  CHECK(peer.session.src().value == "kept");
  peer.say(R"({"a":"op","c":"c","d":"d","v":0,"seq":1,"del":true})");
  CHECK(peer.port.forwarded.at(0).second.src.value == "kept");
}

TEST_CASE("session: text that is no JSON closes, and so does a scalar") {
  for (const char* text : {"", "{", "{\"a\":\"pp\"}x", "nul", "{'a':1}", "\xef\xbb\xbf{}"}) {
    CAPTURE(text);
    Peer peer;
    CHECK(peer.say(text).empty());
    CHECK(peer.port.closed == 1007);
  }
  for (const char* text : {"1", "null", "\"text\"", "true"}) {
    CAPTURE(text);
    Peer peer;
    CHECK(peer.say(text).empty());
    CHECK(peer.port.closed == 1007);
  }
}

TEST_CASE("session: an unknown message is echoed with its error") {
  Peer peer;
  CHECK(peer.refusal(R"({"a":"zz","x":[1]})") ==
        R"({"a":"zz","x":[1],"error":{"code":"ERR_MESSAGE_BADLY_FORMED",)"
        R"("message":"Invalid or unknown message"}})");
  CHECK(peer.refusal("[1]") ==
        R"({"error":{"code":"ERR_MESSAGE_BADLY_FORMED","message":"Invalid or unknown message"}})");
}

TEST_CASE("session: what cannot be read as a whole is answered by its head") {
  Peer peer;
  peer.limits.message_bytes_max = 100;
  const std::string big = R"({"a":"op","c":"c","d":"d","v":3,"seq":4,"op":[{"p":[0],"li":")" +
                          std::string(200, 'x') + R"("}]})";
  CHECK(peer.refusal(big) ==
        R"({"a":"op","c":"c","d":"d","v":3,"seq":4,"error":{"code":"ERR_MESSAGE_TOO_LARGE",)"
        R"("message":"Message exceeds 100 bytes"}})");
  peer.limits.message_bytes_max = 100'000;
  const std::string deep =
      R"({"a":"op","seq":1,"op":)" + std::string(500, '[') + std::string(500, ']') + "}";
  CHECK(peer.refusal(deep).find(R"({"a":"op","seq":1,"error":{"code":"ERR_TOO_DEEP")") == 0);
  CHECK(peer.refusal(R"({"a":"pp","a":"pp"})").find("ERR_DUPLICATE_KEY") != std::string::npos);
}

TEST_CASE("session: a bulk reply gathers its documents in one message") {
  Peer peer;
  CHECK(peer.say(R"({"a":"bs","c":"c","b":["x","y"]})").empty());
  REQUIRE(peer.port.forwarded.size() == 2);
  const auto bulk = peer.port.forwarded[0].second.bulk;
  peer.session.on_bulk_part(bulk, "y", R"({"v":0,"type":null})");
  CHECK(peer.port.sent.empty());
  peer.session.on_bulk_part(bulk, "x", R"({"v":1,"data":5})");
  CHECK(peer.port.sent ==
        std::vector<std::string>{R"({"a":"bs","c":"c","data":{"x":{"v":1,"data":5},)"
                                 R"("y":{"v":0,"type":null}}})"});
}

TEST_CASE("session: while a bulk reply is gathered no op overtakes it") {
  Peer peer;
  peer.say(R"({"a":"bs","c":"c","b":["x","y"]})");
  const auto bulk = peer.port.forwarded[0].second.bulk;
  peer.session.on_bulk_part(bulk, "x", R"({"v":1,"data":5})");
  peer.session.on_frame(server::Frame::text(R"({"a":"op","c":"c","d":"x","v":1})"));
  CHECK(peer.port.sent.empty());
  peer.session.on_bulk_part(bulk, "y", R"({"v":0,"type":null})");
  REQUIRE(peer.port.sent.size() == 2);
  CHECK(peer.port.sent[0].find("\"a\":\"bs\"") != std::string::npos);
  CHECK(peer.port.sent[1].find("\"a\":\"op\"") != std::string::npos);
}

TEST_CASE("session: what waits for a bulk reply is bounded, and nothing is held beyond that") {
  Peer peer;
  peer.limits.outbox_frames_max = 2;
  peer.say(R"({"a":"bs","c":"c","b":["x"]})");
  for (int i = 0; i < 5; ++i) {
    CHECK(peer.port.closed == (i < 3 ? 0 : 4008));
    peer.session.on_frame(server::Frame::text("{}"));
  }
  peer.session.on_bulk_part(peer.port.forwarded[0].second.bulk, "x", R"({"v":1,"data":5})");
  CHECK(peer.port.sent.size() == 3);
}

TEST_CASE("session: a bulk of no documents is answered at once") {
  Peer peer;
  CHECK(peer.say(R"({"a":"bf","c":"c","b":[]})") ==
        std::vector<std::string>{R"({"a":"bf","c":"c","data":{}})"});
  CHECK(peer.say(R"({"a":"bu","c":"c","b":[]})") ==
        std::vector<std::string>{R"({"a":"bu","c":"c","b":[]})"});
}

TEST_CASE("session: at its end it leaves the documents it is subscribed to") {
  Peer peer;
  peer.say(R"({"a":"s","c":"c","d":"one"})");
  peer.say(R"({"a":"s","c":"c","d":"two"})");
  peer.say(R"({"a":"f","c":"c","d":"three"})");
  peer.say(R"({"a":"u","c":"c","d":"two"})");
  peer.port.forwarded.clear();
  peer.session.stop();
  REQUIRE(peer.port.forwarded.size() == 1);
  CHECK(peer.port.forwarded[0].first.id == "one");
}

namespace {

// The kinds of what a session told a channel, in order.
std::string told(const Peer& peer) {
  std::string kinds;
  for (const server::ChannelRequest& request : peer.port.told) {
    kinds += std::array{"listen ", "speak ", "ask ", "show ", "errand ", "quit "}.at(
        request.what.index());
  }
  return kinds;
}

}  // namespace

TEST_CASE("session: who listens to a channel twice listens once") {
  Peer peer;
  CHECK(peer.say(R"({"a":"ps","ch":"x","seq":1})").empty());  // the channel answers
  CHECK(peer.say(R"({"a":"ps","ch":"x","seq":2})") ==
        std::vector<std::string>{R"({"a":"ps","ch":"x","seq":2})"});
  CHECK(told(peer) == "listen ");
}

TEST_CASE("session: a request to listen that was overtaken by one to quit has no effect") {
  Peer peer;
  CHECK(peer.say(R"({"a":"pu","ch":"x","seq":2})").empty());  // the channel answers
  CHECK(peer.say(R"({"a":"ps","ch":"x","seq":1})").size() == 1);
  CHECK(told(peer) == "quit ");
}

TEST_CASE(
    "session: who quits a channel, listening or not, is answered by it: nothing comes after") {
  Peer peer;
  peer.say(R"({"a":"ps","ch":"x","seq":1})");
  CHECK(peer.say(R"({"a":"pu","ch":"x","seq":2})").empty());
  CHECK(peer.say(R"({"a":"pu","ch":"x","seq":3})").empty());
  REQUIRE(told(peer) == "listen quit quit ");
  CHECK(std::get<server::Quit>(peer.port.told[1].what).reply == R"({"a":"pu","ch":"x","seq":2})");
  CHECK(std::get<server::Quit>(peer.port.told[2].what).reply == R"({"a":"pu","ch":"x","seq":3})");
}

TEST_CASE("session: a presence goes to its channel, with the ack in full") {
  Peer peer;
  CHECK(peer.say(R"({"a":"p","ch":"x","id":"i","p":{"at":1},"pv":0})").empty());
  REQUIRE(told(peer) == "speak show ");
  CHECK(std::get<server::Show>(peer.port.told[1].what).reply ==
        R"({"a":"p","ch":"x","src":"random","id":"i","p":{"at":1},"pv":0})");
}

TEST_CASE("session: a place in a document goes by way of the document") {
  Peer peer;
  const std::string place = R"({"a":"p","ch":"c.d","id":"i","p":{"index":1,"length":0},"pv":0,)"
                            R"("c":"c","d":"d","v":3,"t":"rich-text"})";
  CHECK(peer.say(place).empty());
  REQUIRE(peer.port.forwarded.size() == 1);
  CHECK(peer.port.forwarded[0].first == ot::DocId{"c", "d"});
  CHECK(told(peer) == "speak ");
}

TEST_CASE("session: a place in a document whose type knows no places is refused") {
  Peer peer;
  CHECK(peer.refusal(
                R"({"a":"p","ch":"c.d","id":"i","p":1,"pv":0,"c":"c","d":"d","v":3,"t":"json0"})")
            .find(R"("code":"ERR_TYPE_DOES_NOT_SUPPORT_PRESENCE")") != std::string::npos);
}

TEST_CASE("session: at its end it quits the channels it had to do with") {
  Peer peer;
  peer.say(R"({"a":"ps","ch":"heard","seq":1})");
  peer.say(R"({"a":"p","ch":"spoken","id":"i","p":1,"pv":0})");
  peer.say(R"({"a":"p","ch":"spoken","id":"i","p":null,"pv":1})");
  peer.say(R"({"a":"ps","ch":"left","seq":2})");
  peer.say(R"({"a":"pu","ch":"left","seq":3})");
  peer.port.told.clear();
  peer.session.stop();
  CHECK(told(peer) == "quit quit ");
}

TEST_CASE("session: presences and channels of one connection are bounded") {
  Peer peer;
  peer.limits.channels_max = 2;
  peer.limits.presences_max = 2;
  peer.limits.presence_bytes_max = 10;
  const auto show = [&](const std::string& id, const std::string& value) {
    const auto refused =
        peer.say(R"({"a":"p","ch":"x","pv":0,"id":")" + id + R"(","p":)" + value + "}");
    return refused.empty() ? std::string() : refused[0];
  };
  CHECK(show("one", "1234567890").find("error") == std::string::npos);
  CHECK(show("one", "12345678901").find("ERR_MESSAGE_TOO_LARGE") != std::string::npos);
  CHECK(show("two", "1").find("error") == std::string::npos);
  CHECK(show("three", "1").find("ERR_MESSAGE_TOO_LARGE") != std::string::npos);
  show("two", "null");
  CHECK(show("three", "1").find("error") == std::string::npos);
  CHECK(peer.say(R"({"a":"ps","ch":"y","seq":1})").empty());
  CHECK(peer.say(R"({"a":"ps","ch":"z","seq":2})").at(0).find("ERR_MESSAGE_TOO_LARGE") !=
        std::string::npos);
  peer.say(R"({"a":"pu","ch":"y","seq":3})");
  CHECK(peer.say(R"({"a":"ps","ch":"z","seq":4})").empty());
}

TEST_CASE("session: leases are announced to who announces them, and to nobody else") {
  Peer peer;
  const std::string told = peer.say(R"({"a":"hs","id":null,"segue":{"leases":true}})")[0];
  CHECK(told.ends_with(R"("segue":{"leases":true}})"));
  peer.say(R"({"a":"s","c":"c","d":"d"})");
  CHECK(peer.port.forwarded.at(0).second.knows_leases);
  Peer stock;
  CHECK(stock.say(R"({"a":"hs","id":null})")[0].find("segue") == std::string::npos);
  stock.say(R"({"a":"s","c":"c","d":"d"})");
  CHECK_FALSE(stock.port.forwarded.at(0).second.knows_leases);
}

TEST_CASE("session: leases of one connection are bounded, and those that have ended do not count") {
  Peer peer;
  peer.limits.leases_max = 2;
  const std::string lock = R"({"a":"lock","c":"c","d":"d","path":["x"]})";
  CHECK(peer.say(lock).empty());
  CHECK(peer.say(lock).empty());
  CHECK(peer.say(lock).at(0).find("ERR_MESSAGE_TOO_LARGE") != std::string::npos);
  peer.port.forwarded.pop_back();  // its mark with it
  CHECK(peer.say(lock).empty());
}

TEST_CASE("session: at its end it leaves the documents in which it may have a lease") {
  Peer peer;
  peer.say(R"({"a":"lock","c":"c","d":"held","path":["x"]})");
  peer.say(R"({"a":"lock","c":"c","d":"refused","path":["x"]})");
  peer.port.forwarded.pop_back();
  const server::DocRequest held = peer.port.forwarded.at(0).second;
  peer.port.forwarded.clear();
  peer.session.stop();
  REQUIRE(peer.port.forwarded.size() == 1);
  CHECK(peer.port.forwarded[0].first == ot::DocId{"c", "held"});
  CHECK(std::holds_alternative<server::Leave>(peer.port.forwarded[0].second.what));
}

TEST_CASE("session: subscriptions of one connection are bounded, and one that ends makes room") {
  Peer peer;
  peer.limits.subscriptions_max = 2;
  const auto refused = [&](const std::string& text) {
    const auto sent = peer.say(text);
    return !sent.empty() && sent[0].find("ERR_MESSAGE_TOO_LARGE") != std::string::npos;
  };
  CHECK(refused(R"({"a":"bs","c":"c","b":["one","two","three"]})"));
  CHECK_FALSE(refused(R"({"a":"bs","c":"c","b":{"one":1,"two":1}})"));
  CHECK_FALSE(refused(R"({"a":"s","c":"c","d":"two"})"));
  CHECK_FALSE(refused(R"({"a":"bf","c":"c","b":{"three":1}})"));
  CHECK(refused(R"({"a":"s","c":"c","d":"three"})"));
  CHECK_FALSE(refused(R"({"a":"bu","c":"c","b":["one"]})"));
  CHECK_FALSE(refused(R"({"a":"s","c":"c","d":"three"})"));
}

TEST_CASE("session: only a message that is valid counts as one") {
  Peer peer;
  peer.say(R"({"a":"nothing"})");
  peer.say("[" + std::string(200, '[') + "]");
  CHECK_FALSE(peer.session.has_understood());
  peer.say(R"({"a":"pp"})");
  CHECK(peer.session.has_understood());
}

TEST_CASE("session: ops that it refuses itself are counted, other messages are not") {
  Peer peer;
  peer.limits.message_bytes_max = 100;
  peer.say(R"({"a":"op","c":"c","d":"d","v":-1,"seq":1,"op":[]})");
  peer.say(R"({"a":"op","c":"c","d":"d","v":1,"seq":1,"op":[")" + std::string(100, 'x') + "\"]}");
  peer.say(R"({"a":"f","c":"c","d":""})");
  CHECK(peer.port.refused ==
        std::vector<std::string>{"ERR_MESSAGE_BADLY_FORMED", "ERR_MESSAGE_TOO_LARGE"});
}
