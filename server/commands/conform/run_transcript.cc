#include "server/commands/conform/run_transcript.h"

#include <map>
#include <memory>
#include <utility>

#include "ot/json_text.h"
#include "server/commands/conform/wire.h"

namespace segue::server {

namespace {

using ot::Json;

// One run. Connections are opened when they are first used.
class Play {
 public:
  Play(const Transcript& transcript, const client::Url& url, const std::string& tag,
       std::chrono::milliseconds patience)
      : transcript_(transcript), url_(url), patience_(patience) {
    names_ = {{"c", "conform"},
              {"d", tag},
              {"e", tag + "-e"},
              {"json0", "http://sharejs.org/types/JSONv0"},
              {"text", "http://sharejs.org/types/text-unicode"},
              {"rich", "http://sharejs.org/types/rich-text/v1"}};
  }

  Ran run() {
    for (std::size_t v = 0; v < transcript_.given.size() && !ran_; ++v) commit(v);
    for (std::size_t i = 0; i < transcript_.steps.size() && !ran_; ++i) take(transcript_.steps[i]);
    return ran_.value_or(Ran{});
  }

 private:
  void commit(std::size_t version) {
    Json op = Json::object({{"a", "op"}, {"c", "$c"}, {"d", "$d"}, {"v", version}});
    op.set("seq", version + 1);
    transcript_.given[version].for_each_member(
        [&](std::string_view key, const Json& value) { op.set(key, value); });
    send(0, op);
    const Json ack =
        Json::object({{"a", "op"}, {"c", "$c"}, {"d", "$d"}, {"seq", version + 1}, {"v", version}});
    receive({Step::Kind::receive_at_least, 0, ack, std::nullopt});
  }

  void take(const Step& step) {
    switch (step.kind) {
      case Step::Kind::open:
        connect(step.connection);
        break;
      case Step::Kind::send:
        send(step.connection, step.message);
        break;
      case Step::Kind::send_text:
        send_frame(step, Wire::Frame::text);
        break;
      case Step::Kind::send_binary:
        send_frame(step, Wire::Frame::binary);
        break;
      case Step::Kind::receive:
      case Step::Kind::receive_at_least:
        receive(step);
        break;
      case Step::Kind::drop:
        wires_.erase(step.connection);
        break;
      case Step::Kind::closed:
        expect_end(step);
        break;
      case Step::Kind::differ:
        expect_difference(step);
        break;
    }
  }

  Wire& connect(int connection) {
    auto& wire = wires_[connection];
    wire = std::make_unique<Wire>(url_, patience_);
    return *wire;
  }

  // Opened, with its handshake done.
  Wire& ready(int connection) {
    if (const auto known = wires_.find(connection); known != wires_.end()) return *known->second;
    Wire& wire = connect(connection);
    const Json greeting = Json::object({{"a", "init"}, {"id", "$string"}});
    receive({Step::Kind::receive_at_least, connection, greeting, std::nullopt});
    const Json hs = Json::object({{"a", "hs"}, {"id", nullptr}, {"protocol", 1}});
    send(connection, hs);
    receive({Step::Kind::receive_at_least, connection,
             Json::object({{"a", "hs"}, {"id", "$string"}}), std::nullopt});
    return wire;
  }

  void send(int connection, const Json& message) {
    Wire& wire = ready(connection);
    if (ran_) return;
    sent_ = ot::json_text(filled(message, names_));
    wire.send(sent_);
  }

  void send_frame(const Step& step, Wire::Frame frame) {
    Wire& wire = ready(step.connection);
    if (ran_) return;
    sent_ = step.message.str();
    wire.send(sent_, frame);
  }

  void receive(const Step& step) {
    Wire& wire = ready(step.connection);
    if (ran_) return;
    const auto text = wire.receive();
    const auto message = text ? ot::parse_json(*text) : ot::fail(ot::Errc::bad_json, "");
    if (message) learn(step.connection, *message);
    const Json expected = filled(step.message, names_);
    const Extent extent = step.kind == Step::Kind::receive ? Extent::exactly : Extent::at_least;
    if (message && matches(expected, *message, extent)) return;
    differ(step, wire, text, ot::json_text(expected));
  }

  void expect_end(const Step& step) {
    Wire& wire = ready(step.connection);
    if (ran_) return;
    const auto text = wire.receive();
    const auto code = wire.close_code();
    if (code && (step.message.is_null() || step.message == Json(*code))) return;
    differ(step, wire, text, "the end of the connection, code " + ot::json_text(step.message));
  }

  // Something else came: it may be what is known of ShareDB.
  void differ(const Step& step, const Wire& wire, const std::optional<std::string>& text,
              const std::string& expected) {
    const auto message = text ? ot::parse_json(*text) : ot::fail(ot::Errc::bad_json, "");
    if (step.hole && message && matches(filled(*step.hole, names_), *message, Extent::at_least)) {
      ran_ = Ran{Verdict::hole, transcript_.hole};
      return;
    }
    const auto code = wire.close_code();
    const std::string end =
        code ? "the end of the connection, code " + std::to_string(*code) : "nothing";
    fail(expected, text.value_or(end));
  }

  // A greeting and a handshake tell the src of their connection: "$1".
  void learn(int connection, const Json& message) {
    const Json* action = message.find("a");
    const Json* id = message.find("id");
    if (action == nullptr || id == nullptr || !id->is_string()) return;
    if (*action == Json("init") || *action == Json("hs")) {
      names_[std::to_string(connection)] = *id;
    }
  }

  void expect_difference(const Step& step) {
    const Json values = filled(step.message, names_);
    if (values[0] == values[1]) fail("two values", ot::json_text(values));
  }

  void fail(const std::string& expected, const std::string& got) {
    ran_ = Ran{Verdict::failed, "sent " + sent_ + "\nexpected " + expected + "\ngot " + got};
  }

  const Transcript& transcript_;
  const client::Url& url_;
  std::chrono::milliseconds patience_;
  Names names_;
  std::map<int, std::unique_ptr<Wire>> wires_;
  std::string sent_ = "nothing";
  std::optional<Ran> ran_;
};

}  // namespace

Ran run_transcript(const Transcript& transcript, const client::Url& url, const std::string& tag,
                   std::chrono::milliseconds patience) {
  return Play(transcript, url, tag, patience).run();
}

}  // namespace segue::server
