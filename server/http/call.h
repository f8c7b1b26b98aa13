// What a request asks of documents and of the log, as awaitables. Each question to a document comes
// from a Client of its own, so nothing of a document reaches HTTP by another way than a WebSocket.
//
// Strand: the worker's that is given, which the coroutine runs on.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "ot/document.h"
#include "server/doc_request.h"
#include "server/http/exchange.h"
#include "server/http/problem.h"
#include "server/worker.h"

namespace segue::server {

// Waits for a callback: `begin` is called with it, and calls it once, later, on this strand.
template <class T, class Begin>
boost::asio::awaitable<T> called_back(Begin begin) {
  return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(T)>(
      [](auto handler, Begin start) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        start([shared](T value) { std::move (*shared)(std::move(value)); });
      },
      boost::asio::use_awaitable, std::move(begin));
}

// Runs `job` where it may block or take long, with the log at hand.
template <class Job>
auto with_log(Worker& worker, Job job) {
  using T = std::invoke_result_t<Job&, const oplog::OpLog&>;
  return called_back<T>([&worker, job = std::move(job)](auto done) mutable {
    auto result = std::make_shared<std::optional<T>>();
    worker.read([result, job = std::move(job)](
                    const oplog::OpLog& log) mutable { result->emplace(job(log)); },
                [result, done] { done(std::move(**result)); });
  });
}

using Question = decltype(DocRequest::what);

// The answer of the exchange's document to any question but a subscription, in the name and the
// scope of the exchange. Nothing: it was not judged, try again.
boost::asio::awaitable<std::optional<DocAnswer>> ask(Exchange& exchange, Question question);
// The same under a src, which whoever asks for a lease has. No default argument: GCC 12 destroys it
// twice where this is awaited.
boost::asio::awaitable<std::optional<DocAnswer>> ask_as(Exchange& exchange, Question question,
                                                        ot::ClientId src);

// The document as it is. Its type is null where there is none.
boost::asio::awaitable<Answer<ot::Snapshot>> look(Exchange& exchange);
// As it was.
boost::asio::awaitable<Answer<ot::Snapshot>> look_back(Exchange& exchange, ot::Version version);
boost::asio::awaitable<Answer<ot::Snapshot>> look_back_to(Exchange& exchange, std::int64_t time_ms);
// Errors: those of the document; leased; forbidden, unauthorized.
boost::asio::awaitable<Answer<Committed>> submit(Exchange& exchange, ot::Submission submission);

// JSON text and back; what is large is not read or printed on the worker. The text stays where it
// is.
boost::asio::awaitable<std::string> printed(Worker& worker, ot::Json data);
boost::asio::awaitable<ot::Result<ot::Json>> parsed(Worker& worker, std::string_view text);

Problem not_now();
// `lease`: printed, another's that is in the way.
Problem leased(const std::string& lease);
Problem no_document(ot::Version version);
Problem no_document_then(ot::Version version);

}  // namespace segue::server
