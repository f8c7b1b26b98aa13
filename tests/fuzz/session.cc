// Clients, sessions and documents with everything in between, over a log in memory: whatever is
// said, in whatever order with syncs and failures, nobody is shown what is not durable, all are
// shown the same, and the log can be replayed.
//
// Input: bytes that choose steps; a message is made from a few pieces, or taken from the bytes.
#include "server/session.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <set>

#include "ot/builtin_types.h"
#include "ot/reply.h"
#include "ot/utf8.h"
#include "server/rebuild.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/fake_host.h"
#include "tests/support/random.h"

using namespace segue;
using namespace segue::fuzz;
using ot::Json;
using segue::test::Random;

namespace {

constexpr std::size_t steps_max = 300;
constexpr std::size_t peers = 3;
constexpr std::size_t documents_max = 6;

constexpr std::array creates = {R"({"type":"json0","data":{"l":[1],"t":"ab","n":0}})",
                                R"({"type":"text-unicode","data":"ab"})", R"({"type":"json0"})",
                                R"({"type":"http://sharejs.org/types/JSONv0","data":[[1],"ab"]})"};
constexpr std::array edits = {R"([{"p":["l",0],"li":1}])",
                              R"([{"p":["l",1],"li":{"k":[]}}])",
                              R"([{"p":["l",0],"ld":1}])",
                              R"([{"p":["l",0],"lm":1}])",
                              R"([{"p":["t"],"t":"text0","o":[{"p":1,"i":"x"}]}])",
                              R"([{"p":["t",0],"sd":"a"}])",
                              R"([{"p":["n"],"na":1}])",
                              R"([{"p":["l"],"od":[],"oi":"z"}])",
                              R"([{"p":[],"od":null,"oi":{"l":[],"t":"","n":1}}])",
                              R"(["x"])",
                              R"([1,"y"])",
                              R"([{"d":1}])",
                              R"([1,{"d":"b"}])",
                              R"([])"};

// One in a few of something. Else nothing.
std::string sometimes(Random& choose, const std::string& text) {
  return choose.below(3) == 0 ? text : "";
}

std::string message(Random& choose) {
  const auto number = [&] { return std::to_string(choose.below(8)); };
  const std::string doc = std::string(R"("c":"c","d":")") + "xy"[choose.below(2)] + '"';
  const std::string version = choose.below(4) == 0 ? "" : R"(,"v":)" + number();
  const std::string name =
      R"(,"seq":)" + std::to_string(choose.below(32)) +
      sometimes(choose, std::string(R"(,"src":"p)") + "012"[choose.below(3)] + '"');
  switch (choose.below(12)) {
    case 0:
      return R"({"a":"s",)" + doc + version + '}';
    case 1:
      return R"({"a":"f",)" + doc + version + '}';
    case 2:
      return R"({"a":"u",)" + doc + '}';
    case 3:
      return R"({"a":"nf","id":1,)" + doc + version + '}';
    case 4:
      return R"({"a":"nt","id":1,)" + doc + R"(,"ts":)" + std::to_string(choose.below(300)) + '}';
    case 5:
      return std::string(R"({"a":"b)") + "fsu"[choose.below(3)] + R"(","c":"c","b":)" +
             (choose.below(2) == 0 ? R"(["x","y"])" : R"({"x":)" + number() + R"(,"y":null})") +
             '}';
    case 6:
      return R"({"a":"op",)" + doc + version + name + R"(,"del":true})";
    case 7:
      return R"({"a":"op",)" + doc + version + name + R"(,"create":)" +
             creates.at(choose.below(creates.size())) + '}';
    default:
      return R"({"a":"op",)" + doc + version + name + R"(,"op":)" +
             edits.at(choose.below(edits.size())) + '}';
  }
}

std::string raw_text(Random& choose) {
  std::string text;
  for (std::size_t left = choose.below(256); left > 0 && !choose.is_spent(); --left) {
    text += static_cast<char>(choose.below(256));
  }
  return ot::is_utf8(text) ? text : "";  // The transport has made sure of it.
}

struct LiveDocument {
  tests::FakeHost host;
  std::shared_ptr<server::DocumentActor> actor;
};

// The documents, and what may be shown of them.
class Documents {
 public:
  void handle(const ot::DocId& doc, server::DocRequest request) {
    if (LiveDocument* live = find(doc)) live->actor->handle(std::move(request));
  }
  void run() {
    for (auto& [doc, live] : all_) {
      ++live.host.now;
      live.host.run();
      replace_retired(doc, live);
    }
  }
  void sync() {
    for (auto& [doc, live] : all_) {
      live.host.sync(*live.actor);
      replace_retired(doc, live);
    }
  }
  // Until all is on disk: what waits for it holds its document.
  void settle() {
    do {
      run();
      sync();
    } while (std::any_of(all_.begin(), all_.end(),
                         [](auto& entry) { return entry.second.host.unsynced() > 0; }));
  }
  void fail_append() {
    for (auto& [doc, live] : all_) {
      if (live.host.unsynced() == 0) continue;
      live.host.lose_unsynced();
      live.actor->on_failed({ot::Errc::log_full, "no space"});
      live.host.run();
      replace_retired(doc, live);
    }
  }

  // An op, or the ack of one, that is shown to a client.
  void check_shown(const ot::DocId& doc, const Json& message) {
    const ot::Version version{static_cast<std::uint64_t>(message.find("v")->number())};
    const auto entries = find(doc)->host.log().read(doc, version, version + 1, 1);
    expect(entries && entries->size() == 1, "durable before visible");
    const oplog::Entry& entry = entries->front();
    expect(message.find("src")->str() == entry.src.value &&
               message.find("seq")->number() == static_cast<double>(entry.seq.value),
           "an op is shown under the name it was committed under");
    const Json* op = message.find("op");
    if (op != nullptr) {
      expect(ot::json_text(*op) == entry.payload, "an op is shown as it was committed");
    }
  }
  void check_snapshot(const ot::DocId& doc, const Json& shown) {
    const ot::Version version{static_cast<std::uint64_t>(shown.find("v")->number())};
    const auto before = replayed(doc, version);
    expect(before.version() == version, "durable before visible");
    const auto text = ot::parse_json(ot::snapshot_text(before.snapshot()), any_depth);
    expect(text && *text == shown, "a snapshot is what its ops lead to");
  }
  // Whatever was accepted can be loaded again, and each op is there once.
  void check_logs() {
    for (auto& [doc, live] : all_) {
      const auto head = live.host.log().head(doc);
      expect(head && replayed(doc, head->version).version() == head->version,
             "every version is in the log");
      std::set<std::pair<std::string, std::uint64_t>> names;
      const auto entries = live.host.log().read(doc, {}, head->version, SIZE_MAX);
      for (const auto& entry : *entries) {
        expect(names.emplace(entry.src.value, entry.seq.value).second, "exactly once");
      }
    }
  }

  static constexpr ot::JsonLimits any_depth{.depth_max = SIZE_MAX};

 private:
  LiveDocument* find(const ot::DocId& doc) {
    const auto known = all_.find(doc);
    if (known != all_.end()) return &known->second;
    if (all_.size() == documents_max) return nullptr;
    LiveDocument& live = all_[doc];
    // Small, so that history is read from the log, and catching up goes in pieces.
    live.host.limits_.document.history_bytes_max = 1'000;
    live.host.limits_.catch_up_ops = 3;
    live.host.limits_.catch_up_ops_at_once = 2;
    live.actor = std::make_shared<server::DocumentActor>(doc, live.host);
    return &live;
  }
  void replace_retired(const ot::DocId& doc, LiveDocument& live) {
    if (live.host.retired == 0) return;
    live.host.retired = 0;
    live.actor = std::make_shared<server::DocumentActor>(doc, live.host);
  }
  ot::Document replayed(const ot::DocId& doc, ot::Version version) {
    auto rebuilt = server::rebuild(find(doc)->host.log(), doc, version, server::Limits().document,
                                   &ot::find_type);
    if (!rebuilt) fail("the log can be replayed: " + rebuilt.error().detail);
    return std::move(rebuilt->document);
  }

  std::map<ot::DocId, LiveDocument> all_;
};

class Peer final : public server::Client,
                   public server::SessionPort,
                   public std::enable_shared_from_this<Peer> {
 public:
  Peer(std::string src, Documents& documents)
      : Client(0),
        documents_(documents),
        session_(ot::ClientId{std::move(src)}, limits_, &ot::find_type, *this) {
    session_.start();
  }

  bool is_closed() const { return closed_; }
  void say(std::string_view text) {
    if (!closed_) session_.on_message(text);
  }
  void leave() {
    closed_ = true;
    session_.stop();
  }

  // server::SessionPort
  void forward(server::ChannelRequest) override {}
  void forward(server::QueryRequest) override {}
  void forward(const ot::DocId& doc, server::DocRequest request) override {
    request.client = shared_from_this();
    documents_.handle(doc, std::move(request));
  }
  void send(const server::Frame& frame) override {
    for (const std::string& text : tests::messages_of(frame)) check(text);
  }
  void close(server::CloseReason) override { closed_ = true; }

  // server::Client
  void deliver(const server::Frame& frame) override {
    if (!closed_) session_.on_frame(frame);
  }
  void begin_catch_up(std::function<void()> callback) override { callback(); }
  void end_catch_up() override {}
  void deliver_piece(const server::Frame& frame) override { deliver(frame); }
  void when_drained(std::function<void()> callback) override { callback(); }
  void deliver_part(const std::shared_ptr<server::BulkReply>& bulk, const std::string& id,
                    const std::string& text) override {
    if (!closed_) session_.on_bulk_part(bulk, id, text);
  }
  void ignore_input() override { closed_ = true; }

 private:
  void check(const std::string& text) {
    expect(ot::is_utf8(text), "every message sent is UTF-8");
    const auto message = ot::parse_json(text, Documents::any_depth);
    expect(message && message->is_object(), "every message sent is a JSON object");
    if (const Json* error = message->find("error")) return check_error(*error);
    const Json* action = message->find("a");
    expect(action != nullptr && action->is_string(), "every message says what it is");
    const Json* collection = message->find("c");
    const Json* id = message->find("d");
    if (collection == nullptr || id == nullptr) return;
    const ot::DocId doc{collection->str(), id->str()};
    if (action->str() == "op") documents_.check_shown(doc, *message);
    const Json* data = message->find("data");
    if (data != nullptr) documents_.check_snapshot(doc, *data);
  }
  static void check_error(const Json& error) {
    const Json* code = error.find("code");
    expect(code == nullptr || code->str().starts_with("ERR_"), "errors have stable codes");
    expect(error.find("message") != nullptr, "errors have a message");
  }

  Documents& documents_;
  server::Limits limits_;
  bool closed_ = false;
  server::Session session_;
};

class Room {
 public:
  Room() {
    for (std::size_t i = 0; i < peers; ++i) join(i);
  }
  ~Room() {
    for (const auto& peer : peers_) peer->leave();
  }
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;

  void step(Random& choose) {
    const std::size_t i = choose.below(peers);
    if (peers_[i]->is_closed()) join(i);
    switch (choose.below(16)) {
      case 0:
      case 1:
        return documents_.sync();
      case 2:
      case 3:
        return documents_.run();
      case 4:
        return documents_.fail_append();
      case 5:
        return join(i);
      case 6:
        return peers_[i]->say(raw_text(choose));
      default:
        peers_[i]->say(message(choose));
    }
  }
  void finish() {
    documents_.settle();
    documents_.check_logs();
  }

 private:
  // A client that comes back has its old name.
  void join(std::size_t i) {
    if (peers_[i]) peers_[i]->leave();
    peers_[i] = std::make_shared<Peer>("p" + std::to_string(i), documents_);
  }

  Documents documents_;
  std::array<std::shared_ptr<Peer>, peers> peers_;
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Random choose(std::span(data, size));
  Room room;
  for (std::size_t steps = 0; steps < steps_max && !choose.is_spent(); ++steps) room.step(choose);
  room.finish();
  return 0;
}
