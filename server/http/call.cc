#include "server/http/call.h"

#include "ot/json_text.h"
#include "server/http/authorize.h"

namespace segue::server {

namespace asio = boost::asio;

namespace {

constexpr std::size_t small_bytes_max = 256u << 10;  // takes about a millisecond

using Done = std::function<void(std::optional<DocAnswer>)>;

// A client for one question. Messages are not for it.
class Call : public Client {
 public:
  Call(std::size_t worker, Done done) : Client(worker), done_(std::move(done)) {}

  void finish(std::optional<DocAnswer> answer) {
    if (done_) {
      std::exchange(done_, nullptr)(std::move(answer));
    }
  }

  void deliver(const Frame&) override {}
  void begin_catch_up(std::function<void()> callback) override { callback(); }
  void end_catch_up() override {}
  void deliver_piece(const Frame&) override {}
  void when_drained(std::function<void()> callback) override { callback(); }
  void deliver_part(const std::shared_ptr<BulkReply>&, const std::string&,
                    const std::string&) override {}
  void ignore_input() override {}
  void close(CloseReason) override { finish(std::nullopt); }

 private:
  Done done_;
};

Answer<ot::Snapshot> snapshot_of(const std::optional<DocAnswer>& answer) {
  if (!answer) {
    return refuse(not_now());
  }
  if (const auto* error = std::get_if<ot::Error>(&*answer)) {
    return refuse(problem_of(*error));
  }
  return std::get<ot::Snapshot>(*answer);
}

// GCC 12 takes one coroutine that did all of it for a faulty one.
asio::awaitable<Answer<Committed>> submit_allowed(Exchange& exchange, ot::Submission submission) {
  Question question = ot::Submit{exchange.doc, std::move(submission)};
  auto answer = co_await ask(exchange, std::move(question));
  if (!answer) {
    co_return refuse(not_now());
  }
  if (const auto* error = std::get_if<ot::Error>(&*answer)) {
    co_return refuse(problem_of(*error));
  }
  if (const auto* lease = std::get_if<LeaseAnswer>(&*answer)) {
    co_return refuse(leased(lease->text));
  }
  co_return std::get<Committed>(std::move(*answer));
}

}  // namespace

Problem not_now() {
  return {Fault::try_again,
          "The document cannot be served now, and nothing was done. Send the request again."};
}

Problem leased(const std::string& lease) {
  return {Fault::leased,
          "`lease` tells who holds it and until when. Send the request again after that.", "",
          ot::Errc::leased, ",\"lease\":" + lease};
}

Problem no_document(ot::Version version) {
  return {Fault::no_document, "Create it by a PUT with If-None-Match: *.", "",
          ot::Errc::doc_does_not_exist, ",\"version\":" + std::to_string(version.value)};
}

Problem no_document_then(ot::Version version) {
  return {Fault::no_document, "It was not there then. Its ops, at .../ops, tell when it was.", "",
          ot::Errc::doc_does_not_exist, ",\"version\":" + std::to_string(version.value)};
}

asio::awaitable<std::optional<DocAnswer>> ask(Exchange& exchange, Question question) {
  return ask_as(exchange, std::move(question), ot::ClientId());
}

asio::awaitable<std::optional<DocAnswer>> ask_as(Exchange& exchange, Question question,
                                                 ot::ClientId src) {
  Worker& worker = exchange.worker;
  DocRequest request{nullptr, std::move(src), {}, nullptr, std::move(question)};
  request.rights = exchange.rights;
  request.projection = exchange.scope.projection;
  return called_back<std::optional<DocAnswer>>(
      [&worker, doc = exchange.doc, request = std::move(request)](Done done) mutable {
        auto call = std::make_shared<Call>(worker.index(), std::move(done));
        request.client = call;
        request.received_us = worker.clock_us();
        request.answer = [call](DocAnswer answer) { call->finish(std::move(answer)); };
        worker.route(doc, std::move(request));
      });
}

asio::awaitable<Answer<ot::Snapshot>> look(Exchange& exchange) {
  Question question = ot::Fetch{exchange.doc, std::nullopt};
  auto answer = co_await ask(exchange, std::move(question));
  co_return snapshot_of(answer);
}

asio::awaitable<Answer<ot::Snapshot>> look_back(Exchange& exchange, ot::Version version) {
  Question question = ot::SnapshotByVersion{exchange.doc, version};
  auto answer = co_await ask(exchange, std::move(question));
  co_return snapshot_of(answer);
}

asio::awaitable<Answer<ot::Snapshot>> look_back_to(Exchange& exchange, std::int64_t time_ms) {
  Question question = ot::SnapshotByTime{exchange.doc, static_cast<double>(time_ms)};
  auto answer = co_await ask(exchange, std::move(question));
  co_return snapshot_of(answer);
}

asio::awaitable<std::string> printed(Worker& worker, ot::Json data) {
  if (data.printed_bytes() <= small_bytes_max) {
    co_return ot::json_text(data);
  }
  auto print = [data = std::move(data)](const oplog::OpLog&) { return ot::json_text(data); };
  auto text = co_await with_log(worker, std::move(print));
  co_return text;
}

asio::awaitable<ot::Result<ot::Json>> parsed(Worker& worker, std::string_view text) {
  const ot::JsonLimits limits = worker.limits().json;
  if (text.size() <= small_bytes_max) {
    co_return ot::parse_json(text, limits);
  }
  auto parse = [text, limits](const oplog::OpLog&) { return ot::parse_json(text, limits); };
  auto value = co_await with_log(worker, std::move(parse));
  co_return value;
}

asio::awaitable<Answer<Committed>> submit(Exchange& exchange, ot::Submission submission) {
  const auto action = access::action_of(submission.kind);
  if (auto allowed = authorize_action(exchange, action); !allowed) {
    exchange.worker.on_refused(allowed.error().code);
    co_return refuse(std::move(allowed.error()));
  }
  ot::ClientId src = submission.src;
  auto owned = co_await authorize_src(exchange, std::move(src));
  if (!owned) {
    co_return refuse(std::move(owned.error()));
  }
  auto committed = co_await submit_allowed(exchange, std::move(submission));
  co_return committed;
}

}  // namespace segue::server
