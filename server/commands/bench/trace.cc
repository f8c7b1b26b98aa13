// trace: recorded typing, replayed by clients that transform as editors do.

#include <chrono>
#include <deque>
#include <limits>
#include <memory>
#include <utility>
#include <variant>

#include <boost/asio/io_context.hpp>

#include "clients/reading.h"
#include "clients/sync_state.h"
#include "ot/builtin_types.h"
#include "ot/json_text.h"
#include "server/commands/bench/audit.h"
#include "server/commands/bench/recording.h"
#include "server/commands/bench/scenarios.h"
#include "server/commands/bench/servers.h"
#include "server/random_id.h"

namespace segue::bench {

namespace {

constexpr double step_limit_s = 600;

// One author, each of whose txns becomes one op, since the other one counts them. Types the next
// txn when the last is acknowledged. Ops of the other author come in only as far as the recording
// says that they had when the next txn was typed; an ack may stand behind one that may not come in
// yet, and then the next txn is typed without waiting for the ack.
class Typist {
 public:
  Typist(boost::asio::io_context& io, const Target& target, ot::DocId doc)
      : doc_(std::move(doc)),
        state_({&ot::find_type, {}, ot::Seq{1}, false}),
        peer_(io, resolve(target.url, target.token), [this](std::string_view text) {
          auto message = ot::parse_json(text);
          if (!message) {
            throw Broken("a message of the server: " + message.error().detail);
          }
          waiting_.push_back(std::move(*message));
          go_on();
        }) {
    state_.opened();
    state_.subscribe(doc_);
    go_on();
  }

  bool subscribed() const { return state_.find(doc_)->subscribed(); }
  const ot::Json& text() const { return state_.find(doc_)->data(); }

  void create(const std::string& text) {
    check(state_.create(doc_, "text-unicode", ot::Json(text)));
    go_on();
  }
  bool settled() const { return state_.find(doc_)->settled(); }

  // Starts typing. `txns` outlive this.
  void type(const std::vector<Keystroke>& txns) {
    txns_ = &txns;
    go_on();
  }
  bool done() const {
    return txns_ != nullptr && next_ == txns_->size() && waiting_.empty() && settled();
  }

 private:
  static void check(const ot::Result<void>& edited) {
    if (!edited) {
      throw Broken("an edit does not fit: " + edited.error().detail);
    }
  }

  // Others' ops that may have come in before the next txn.
  std::size_t allowed() const {
    return txns_ != nullptr && next_ < txns_->size() ? (*txns_)[next_].others
                                                     : std::numeric_limits<std::size_t>::max();
  }
  bool is_news(const ot::Json& message) const {
    const auto version = client::whole_number(message.find("v"));
    return txns_ != nullptr && client::string_or_empty(message.find("a")) == "op" &&
           client::string_or_empty(message.find("src")) != state_.src().value && version &&
           *version >= state_.find(doc_)->version().value_or(ot::Version{}).value;
  }

  void go_on() {
    do {
      receive();
    } while (type_next());
    for (const std::string& text : state_.take_messages()) {
      peer_.send(text);
    }
    for (const client::Event& event : state_.take_events()) {
      if (const auto* rejected = std::get_if<client::Rejected>(&event.what)) {
        throw Broken("the server refuses an edit: " + rejected->why.message);
      }
      if (const auto* failed = std::get_if<client::Failed>(&event.what)) {
        throw Broken("the server refuses a subscription: " + failed->why.message);
      }
    }
  }

  void receive() {
    while (!waiting_.empty()) {
      const bool news = is_news(waiting_.front());
      if (news && seen_ == allowed()) {
        return;
      }
      seen_ += news ? 1 : 0;
      state_.receive(waiting_.front());
      waiting_.pop_front();
    }
  }

  bool type_next() {
    const bool may = txns_ != nullptr && next_ < txns_->size() && seen_ == allowed() &&
                     (!waiting_.empty() || state_.find(doc_)->edits_pending() == 0);
    if (may) {
      check(state_.edit(doc_, (*txns_)[next_++].op));
    }
    return may && !waiting_.empty();
  }

  ot::DocId doc_;
  client::SyncState state_;
  std::deque<ot::Json> waiting_;  // messages
  const std::vector<Keystroke>* txns_ = nullptr;
  std::size_t next_ = 0;
  std::size_t seen_ = 0;  // ops of the other author
  Peer peer_;
};

using Typists = std::vector<std::unique_ptr<Typist>>;

Figures figures_of(double txns, double time_us, double server_us, double own_us) {
  return {{"txns_per_s", txns / time_us * 1e6},
          {"server_us_per_txn", server_us / txns},
          {"generator_percent", own_us / time_us * 100}};
}

Figures replay(const Target& target, const Recording& recording) {
  boost::asio::io_context io{1};
  const ot::DocId doc{"bench", server::random_id()};
  Typists typists;
  double txns = 0;
  for (const auto& author : recording.authors) {
    txns += static_cast<double>(author.size());
    Typist& typist = *typists.emplace_back(std::make_unique<Typist>(io, target, doc));
    run_until(
        io, [&] { return typist.subscribed(); }, step_limit_s, "a subscription");
    if (typists.size() == 1) {
      typist.create(recording.start);
      run_until(
          io, [&] { return typist.settled(); }, step_limit_s, "a document");
    }
  }
  const double server_before = target.cpu_us();
  const double own_before = own_cpu_us();
  const auto before = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < typists.size(); ++i) {
    typists[i]->type(recording.authors[i]);
  }
  for (const auto& typist : typists) {
    run_until(
        io, [&] { return typist->done(); }, step_limit_s, "all typing");
  }
  const std::chrono::duration<double, std::micro> time = std::chrono::steady_clock::now() - before;
  const double server_after = target.cpu_us();
  Figures figures =
      figures_of(txns, time.count(), server_after - server_before, own_cpu_us() - own_before);
  audit(io, resolve(target.url, target.token), doc, {});
  for (const auto& typist : typists) {
    if (!(typist->text() == ot::Json(recording.end))) {
      throw Broken("the replayed text is not the recorded one");
    }
  }
  return figures;
}

}  // namespace

std::vector<Row> run_trace(const Options& options) {
  const Recording recording = read_recording(options.trace);
  std::vector<Figures> runs;
  for (std::size_t i = 0; i < options.repeat; ++i) {
    const TestServer server = TestServer::segue(options, options.durable);
    runs.push_back(replay(server.target(), recording));
  }
  return {{"trace", options.durable ? "durable" : "in memory", medians(runs)}};
}

}  // namespace segue::bench
