#include "server/http/problem.h"

#include <array>

#include <boost/beast/http/field.hpp>

#include "ot/json_text.h"

namespace segue::server {

namespace http = boost::beast::http;

namespace {

constexpr std::array faults = {
    FaultInfo{Fault::bad_request, 400, "bad-request", "The request is not well-formed"},
    FaultInfo{Fault::bad_target, 400, "bad-target", "The path or the query is not well-formed"},
    FaultInfo{Fault::bad_parameter, 400, "bad-parameter", "A parameter has no such value"},
    FaultInfo{Fault::bad_header, 400, "bad-header", "A header has no such value"},
    FaultInfo{Fault::bad_name, 400, "bad-name", "No collection or document can be named so"},
    FaultInfo{Fault::bad_json, 400, "bad-json", "The body cannot be read as JSON"},
    FaultInfo{Fault::unauthorized, 401, "unauthorized", "A token is needed"},
    FaultInfo{Fault::forbidden, 403, "forbidden", "No rule allows this"},
    FaultInfo{Fault::foreign_origin, 403, "foreign-origin", "This origin may not use this server"},
    FaultInfo{Fault::foreign_host, 403, "foreign-host", "This server does not go by this name"},
    FaultInfo{Fault::no_resource, 404, "no-resource", "There is nothing at this path"},
    FaultInfo{Fault::no_document, 404, "no-document", "The document does not exist"},
    FaultInfo{Fault::no_version, 404, "no-version", "The document has no such version yet"},
    FaultInfo{Fault::no_lease, 404, "no-lease", "There is no such lease"},
    FaultInfo{Fault::method, 405, "method", "The resource has no such method"},
    FaultInfo{Fault::not_acceptable, 406, "not-acceptable", "There is no such representation"},
    FaultInfo{Fault::timeout, 408, "timeout", "The request did not arrive in time"},
    FaultInfo{Fault::version_conflict, 409, "version-conflict", "The document has changed since"},
    FaultInfo{Fault::document_exists, 409, "document-exists", "The document exists already"},
    FaultInfo{Fault::document_deleted, 409, "document-deleted", "The document was deleted"},
    FaultInfo{Fault::write_differs, 409, "write-differs", "Another write was done under this name"},
    FaultInfo{Fault::too_large, 413, "too-large", "This is too large"},
    FaultInfo{Fault::target_too_long, 414, "target-too-long", "The path or the query is too long"},
    FaultInfo{Fault::media_type, 415, "media-type", "The body is of a kind that is not read here"},
    FaultInfo{Fault::bad_op, 422, "bad-op", "The document's type refuses this"},
    FaultInfo{Fault::patch_failed, 422, "patch-failed", "The patch does not fit the document"},
    FaultInfo{Fault::too_costly, 422, "too-costly", "This takes too much work"},
    FaultInfo{Fault::no_diff, 422, "no-diff", "Documents of this type cannot be compared"},
    FaultInfo{Fault::no_blame, 422, "no-blame", "This document has no members"},
    FaultInfo{Fault::unknown_type, 422, "unknown-type", "There is no such OT type here"},
    FaultInfo{Fault::leased, 423, "leased", "Somebody else is at work there"},
    FaultInfo{Fault::version_required, 428, "version-required", "The write must name a version"},
    FaultInfo{Fault::head_too_large, 431, "head-too-large", "The headers are too large"},
    FaultInfo{Fault::broken_document, 500, "broken-document", "The log of the document is damaged"},
    FaultInfo{Fault::try_again, 503, "try-again", "This cannot be done now"},
};

const FaultInfo& info_of(Fault fault) { return faults.at(static_cast<std::size_t>(fault)); }

Fault fault_of(ot::Errc code) {
  using ot::Errc;
  switch (code) {
    case Errc::bad_json:
    case Errc::duplicate_key:
    case Errc::bad_string:
    case Errc::too_deep:
      return Fault::bad_json;
    case Errc::doc_already_created:
      return Fault::document_exists;
    case Errc::doc_does_not_exist:
      return Fault::no_document;
    case Errc::doc_was_deleted:
      return Fault::document_deleted;
    case Errc::doc_type_not_recognized:
      return Fault::unknown_type;
    case Errc::lease_gone:
      return Fault::no_lease;
    case Errc::leased:
      return Fault::leased;
    case Errc::forbidden:
      return Fault::forbidden;
    case Errc::version_ahead:
      return Fault::no_version;
    case Errc::version_conflict:
      return Fault::version_conflict;
    case Errc::op_already_submitted:
      return Fault::write_differs;
    case Errc::too_large:
      return Fault::too_large;
    case Errc::too_costly:
      return Fault::too_costly;
    case Errc::unsupported:
      return Fault::no_diff;
    case Errc::log_corrupt:
      return Fault::broken_document;
    case Errc::log_conflict:
    case Errc::log_full:
    case Errc::log_io:
    case Errc::log_locked:
    case Errc::log_not_found:
    case Errc::transform_ops_not_found:
      return Fault::try_again;
    default:
      return Fault::bad_op;
  }
}

void append_member(std::string& out, std::string_view key, std::string_view value) {
  out += ",\"";
  out += key;
  out += "\":";
  ot::print_json_string(value, out);
}

}  // namespace

std::span<const FaultInfo> all_faults() { return faults; }

Problem problem_of(const ot::Error& error) {
  return {fault_of(error.code), error.detail + '.', "", error.code};
}

HttpResponse make_response(http::status status, std::string_view content_type, std::string body) {
  HttpResponse response{status, 11};
  response.set(http::field::content_type, beast_view(content_type));
  response.set("X-Content-Type-Options", "nosniff");
  response.set("Referrer-Policy", "no-referrer");
  response.body() = std::move(body);
  response.prepare_payload();
  return response;
}

HttpResponse respond(const Problem& problem) {
  const FaultInfo& info = info_of(problem.fault);
  std::string body = "{\"type\":\"/problems/" + std::string(info.name) + '"';
  append_member(body, "title", info.title);
  body += ",\"status\":" + std::to_string(info.status);
  append_member(body, "detail", problem.detail);
  if (const auto code = ot::errc_name(problem.code); !code.empty()) {
    append_member(body, "code", code);
  }
  if (!problem.field.empty()) {
    append_member(body, "field", problem.field);
  }
  body += problem.members + "}\n";
  HttpResponse response = make_response(static_cast<http::status>(info.status),
                                        "application/problem+json", std::move(body));
  response.set(http::field::cache_control, "no-store");
  if (problem.fault == Fault::try_again) {
    response.set(http::field::retry_after, "1");
  }
  return response;
}

}  // namespace segue::server
