#include "server/http/change.h"

#include <string>
#include <utility>

#include "server/http/call.h"
#include "server/http/written.h"

namespace segue::server {

namespace asio = boost::asio;

namespace {

constexpr int attempts_max = 20;  // of a write that takes the document as it is

// An op, and what it says as JSON. Empty where there is nothing to do.
struct Made {
  ot::AnyOp op;
  ot::Json value;
};

bool is_empty(const ot::Json& op) { return op.is_null() || (op.is_array() && op.size() == 0); }

Answer<Made> make_op(const ot::Snapshot& base, const Change& change, std::size_t op_bytes_max) {
  const auto target = change(base.data);
  if (!target) {
    return refuse(target.error());
  }
  if (*target == base.data) {
    return Made{};
  }
  auto op = base.type->diff(base.data, *target);
  if (!op) {
    return refuse(problem_of(op.error()));
  }
  ot::Json value = base.type->to_json(*op);
  if (value.printed_bytes() > op_bytes_max) {
    return refuse({Fault::too_large, "The change would be an op of more than " +
                                         std::to_string(op_bytes_max) + " bytes."});
  }
  return is_empty(value) ? Made{} : Made{std::move(*op), std::move(value)};
}

// `can_merge`: with merge=1 it would have been done.
Problem moved_on(ot::Version now, bool can_merge) {
  return {Fault::version_conflict,
          "It is at version " + std::to_string(now.value) + ". Make the change again from there" +
              (can_merge ? ", or send it with merge=1." : "."),
          "If-Match", ot::Errc::version_conflict};
}

// The answer to a write that names itself, where an earlier attempt of it was committed.
asio::awaitable<std::optional<HttpResponse>> repeated(Exchange& exchange, WriteRequest write) {
  if (!write.named) {
    co_return std::nullopt;
  }
  auto find = [doc = exchange.doc, src = write.src, seq = write.seq](const oplog::OpLog& log) {
    return log.find(doc, src, seq);
  };
  auto found = co_await with_log(exchange.worker, std::move(find));
  if (!found) {
    co_return respond(problem_of(found.error()));
  }
  if (!*found) {
    co_return std::nullopt;
  }
  Origin origin{{**found, nullptr, {}}};
  Committed committed{**found, std::nullopt};
  auto response =
      co_await written(exchange, std::move(write), std::move(origin), std::move(committed));
  co_return response;
}

asio::awaitable<HttpResponse> missing(Exchange& exchange, WriteRequest write, ot::Version version) {
  auto done = co_await repeated(exchange, std::move(write));
  if (done) {
    co_return std::move(*done);
  }
  co_return respond(no_document(version));
}

// The document that a change is made from, or why there is none.
using Start = tl::expected<ot::Snapshot, HttpResponse>;

asio::awaitable<Start> start_from_past(Exchange& exchange, WriteRequest write, ot::Snapshot now) {
  const ot::Version base = *write.base;
  if (base <= now.version && (write.merge || write.named)) {
    auto past = co_await look_back(exchange, base);
    if (!past) {
      co_return tl::unexpected(respond(past.error()));
    }
    if (past->type == now.type) {
      co_return std::move(*past);
    }
  }
  Problem problem = moved_on(now.version, !write.merge && base <= now.version);
  auto refused = co_await conflict(exchange, base, std::move(now), std::move(problem));
  co_return tl::unexpected(std::move(refused));
}

asio::awaitable<Start> start(Exchange& exchange, WriteRequest write) {
  auto now = co_await look(exchange);
  if (!now) {
    co_return tl::unexpected(respond(now.error()));
  }
  if (now->type == nullptr) {
    auto response = co_await missing(exchange, std::move(write), now->version);
    co_return tl::unexpected(std::move(response));
  }
  if (write.from_now() || *write.base == now->version) {
    co_return std::move(*now);
  }
  auto start = co_await start_from_past(exchange, std::move(write), std::move(*now));
  co_return start;
}

asio::awaitable<HttpResponse> refuse_write(Exchange& exchange, std::optional<ot::Version> base,
                                           Problem problem, bool can_merge) {
  const bool may_go_on =
      problem.fault == Fault::version_conflict || problem.fault == Fault::document_deleted ||
      problem.fault == Fault::document_exists || problem.fault == Fault::write_differs;
  if (!may_go_on) {
    co_return respond(problem);
  }
  auto now = co_await look(exchange);
  if (!now) {
    co_return respond(now.error());
  }
  if (problem.fault == Fault::version_conflict) {
    problem = moved_on(now->version, can_merge);
  }
  const ot::Version known = base.value_or(now->version);
  auto response = co_await conflict(exchange, known, std::move(*now), std::move(problem));
  co_return response;
}

// The author has changed nothing since its version; others may have.
asio::awaitable<HttpResponse> change_nothing(Exchange& exchange, WriteRequest write,
                                             ot::Version base) {
  auto now = co_await look(exchange);
  if (!now) {
    co_return respond(now.error());
  }
  if (now->version == base || write.merge || write.from_now()) {
    auto response = co_await unchanged(exchange, std::move(write), std::move(*now));
    co_return response;
  }
  Problem problem = moved_on(now->version, true);
  auto response = co_await conflict(exchange, base, std::move(*now), std::move(problem));
  co_return response;
}

// Whether it replaces what was committed since its base, seen or not. The log is told.
bool overwrites(WriteRequest& write, ot::Version now) {
  if (!write.force || !write.base || *write.base >= now) {
    return false;
  }
  if (write.reason.empty()) {
    write.reason = "forced over versions " + std::to_string(write.base->value) + " to " +
                   std::to_string(now.value - 1);
  }
  return true;
}

// One attempt. Nothing: the document has moved on, and the change is to be made from there.
asio::awaitable<std::optional<HttpResponse>> try_change(Exchange& exchange, WriteRequest write,
                                                        Change change) {
  auto start_at = co_await start(exchange, write);
  if (!start_at) {
    co_return std::move(start_at.error());
  }
  const ot::Snapshot base = std::move(*start_at);
  auto make = [base, change, op_bytes_max = exchange.worker.limits().http_op_bytes_max](
                  const oplog::OpLog&) { return make_op(base, change, op_bytes_max); };
  auto made = co_await with_log(exchange.worker, std::move(make));
  if (!made) {
    co_return respond(made.error());
  }
  if (!made->op) {
    auto response = co_await change_nothing(exchange, std::move(write), base.version);
    co_return response;
  }
  const bool is_forced = overwrites(write, base.version);
  ot::Submission submission = write.submission(ot::OpKind::edit);
  submission.base = base.version;
  submission.value = std::move(made->value);
  submission.only_at_base = !write.merge;
  auto committed = co_await submit(exchange, std::move(submission));
  if (committed) {
    exchange.worker.metrics().forced.add(is_forced ? 1 : 0);
    Origin origin{base, made->op};
    auto response = co_await written(exchange, write, std::move(origin), std::move(*committed));
    co_return response;
  }
  if (write.from_now() && committed.error().fault == Fault::version_conflict) {
    co_return std::nullopt;
  }
  auto response = co_await refuse_write(exchange, base.version, committed.error(), true);
  co_return response;
}

}  // namespace

asio::awaitable<HttpResponse> commit_change(Exchange& exchange, WriteRequest write, Change change) {
  if (write.from_now()) {
    // Made from the document as it is now, it would be another op than the first time.
    auto done = co_await repeated(exchange, write);
    if (done) {
      co_return std::move(*done);
    }
  }
  for (int attempt = 0; attempt < attempts_max; ++attempt) {
    auto response = co_await try_change(exchange, write, change);
    if (response) {
      co_return std::move(*response);
    }
  }
  co_return respond(not_now());
}

asio::awaitable<HttpResponse> commit_delete(Exchange& exchange, WriteRequest write) {
  const auto now = co_await look(exchange);
  if (!now) {
    co_return respond(now.error());
  }
  if (now->type == nullptr) {
    auto response = co_await missing(exchange, std::move(write), now->version);
    co_return response;
  }
  ot::Submission submission = write.submission(ot::OpKind::remove);
  submission.base = write.base;
  submission.only_at_base = write.base.has_value();
  auto response = co_await commit_submission(exchange, std::move(write), std::move(submission));
  co_return response;
}

asio::awaitable<HttpResponse> commit_submission(Exchange& exchange, WriteRequest write,
                                                ot::Submission submission) {
  const auto base = submission.base;
  auto committed = co_await submit(exchange, std::move(submission));
  if (!committed) {
    auto refused = co_await refuse_write(exchange, base, committed.error(), false);
    co_return refused;
  }
  Origin origin{{base.value_or(committed->at), nullptr, {}}};
  auto response = co_await written(exchange, write, std::move(origin), std::move(*committed));
  co_return response;
}

}  // namespace segue::server
