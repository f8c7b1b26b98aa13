// The writing handlers: each makes its request a change or a submission.

#include <boost/beast/http/field.hpp>

#include "ot/json_text.h"
#include "ot/message.h"
#include "server/http/call.h"
#include "server/http/change.h"
#include "server/http/handlers.h"
#include "server/http/json_patch.h"
#include "server/http/write_request.h"

namespace segue::server {

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

Problem version_required() {
  return {Fault::version_required,
          "Say which version the write was made from by If-Match, such as \"7\"; "
          "If-None-Match: * creates.",
          "If-Match"};
}

Answer<ot::Submission> create_of(const Exchange& exchange, const WriteRequest& write,
                                 ot::Json data) {
  const std::string* name = exchange.target.find("type");
  const ot::AnyType* type = exchange.worker.types()(name != nullptr ? *name : "json0");
  if (type == nullptr) {
    return refuse({Fault::unknown_type, "It must be the name or the URI of a type.", "type"});
  }
  ot::Submission submission = write.submission(ot::OpKind::create);
  submission.type = type;
  submission.value = std::move(data);
  return submission;
}

constexpr std::string_view merge_patch = "application/merge-patch+json";
constexpr std::string_view json_patch = "application/json-patch+json";

Change change_of(const Exchange& exchange, std::string_view type, ot::Json patch) {
  if (type == merge_patch) {
    return [patch = std::move(patch)](const ot::Json& doc) -> Answer<ot::Json> {
      return apply_merge_patch(doc, patch);
    };
  }
  return [patch = std::move(patch),
          bytes_max = exchange.worker.limits().document.document_bytes_max](const ot::Json& doc) {
    return apply_json_patch(doc, patch, bytes_max);
  };
}

// An op as it would come over a WebSocket.
Answer<ot::Submission> submission_of(const Exchange& exchange, WriteRequest& write, ot::Json body) {
  if (!body.is_object()) {
    return refuse({Fault::bad_json, "An op is an object.", ""});
  }
  body.set("a", "op");
  body.set("c", exchange.doc.collection);
  body.set("d", exchange.doc.id);
  const ot::Json* src = body.find("src");
  const bool in_body = src != nullptr || body.find("seq") != nullptr;
  if (in_body && write.named) {
    return refuse(
        {Fault::bad_header, "A write has either src and seq, or a key.", "Idempotency-Key"});
  }
  if (in_body && (src == nullptr || src->is_null())) {
    return refuse({Fault::bad_json, "It must be given along with seq.", "src"});
  }
  if (!in_body) {
    body.set("src", write.src.value);
    body.set("seq", write.seq.value);
  }
  if (const auto reason = body.remove("reason")) {
    if (!reason->is_string() || reason->str().size() > 1'000) {
      return refuse({Fault::bad_json, "It must be a string of at most 1,000 bytes.", "reason"});
    }
    write.reason = reason->str();
  }
  const auto message =
      ot::decode_message(body, exchange.worker.types(), exchange.worker.limits().message);
  if (!message) {
    Problem problem = problem_of(message.error());
    problem.fault =
        message.error().code == ot::Errc::message_badly_formed ? Fault::bad_json : problem.fault;
    return refuse(std::move(problem));
  }
  ot::Submission submission = std::get<ot::Submit>(*message).op;
  submission.reason = write.reason;
  return submission;
}

}  // namespace

asio::awaitable<HttpResponse> put_document(Exchange& exchange) {
  const auto write = read_write(exchange);
  if (!write) {
    co_return respond(write.error());
  }
  if (!write->create && !write->base && !write->any) {
    co_return respond(version_required());
  }
  auto body = co_await read_json_body(exchange, "application/json");
  if (!body) {
    co_return respond(body.error());
  }
  if (!write->create) {
    Change change = [body = *body](const ot::Json&) { return body; };
    auto response = co_await commit_change(exchange, *write, std::move(change));
    co_return response;
  }
  auto create = create_of(exchange, *write, std::move(*body));
  if (!create) {
    co_return respond(create.error());
  }
  auto response = co_await commit_submission(exchange, *write, std::move(*create));
  co_return response;
}

asio::awaitable<HttpResponse> patch_document(Exchange& exchange) {
  const auto write = read_write(exchange);
  if (!write) {
    co_return respond(write.error());
  }
  if (write->create) {
    co_return respond({Fault::bad_header, "A patch creates nothing.", "If-None-Match"});
  }
  const std::string type = media_type(exchange.header(http::field::content_type));
  if (type != merge_patch && type != json_patch) {
    co_return respond({Fault::media_type,
                       "It must be application/json-patch+json or application/merge-patch+json.",
                       "Content-Type"});
  }
  auto patch = co_await read_json_body(exchange, type);
  if (!patch) {
    co_return respond(patch.error());
  }
  Change change = change_of(exchange, type, std::move(*patch));
  auto response = co_await commit_change(exchange, *write, std::move(change));
  co_return response;
}

asio::awaitable<HttpResponse> delete_document(Exchange& exchange) {
  const auto write = read_write(exchange);
  if (!write) {
    co_return respond(write.error());
  }
  if (!write->base && !write->any) {
    co_return respond(version_required());
  }
  auto response = co_await commit_delete(exchange, *write);
  co_return response;
}

asio::awaitable<HttpResponse> post_op(Exchange& exchange) {
  auto write = read_write(exchange);
  if (!write) {
    co_return respond(write.error());
  }
  if (write->create || write->any || write->base) {
    co_return respond(
        {Fault::bad_header, "An op says by `v` which version it is for.", "If-Match"});
  }
  auto body = co_await read_json_body(exchange, "application/json");
  if (!body) {
    co_return respond(body.error());
  }
  auto submission = submission_of(exchange, *write, std::move(*body));
  if (!submission) {
    co_return respond(submission.error());
  }
  write->create = submission->kind == ot::OpKind::create;
  auto response = co_await commit_submission(exchange, *write, std::move(*submission));
  co_return response;
}

}  // namespace segue::server
