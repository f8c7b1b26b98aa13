// Problem: why a request is refused, and what to do about it (RFC 9457). The kinds, their names and
// statuses are stable; spec/problems.md explains each.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "ot/json.h"
#include "ot/result.h"
#include "server/http/message.h"

namespace segue::server {

enum class Fault : std::uint8_t {
  bad_request,
  bad_target,
  bad_parameter,
  bad_header,
  bad_name,
  bad_json,
  unauthorized,
  forbidden,
  foreign_origin,
  foreign_host,
  no_resource,
  no_document,
  no_version,
  no_lease,
  method,
  not_acceptable,
  timeout,
  version_conflict,
  document_exists,
  document_deleted,
  write_differs,
  too_large,
  target_too_long,
  media_type,
  bad_op,
  patch_failed,
  too_costly,
  no_diff,
  no_blame,
  unknown_type,
  leased,
  version_required,
  head_too_large,
  broken_document,
  try_again,
};

struct FaultInfo {
  Fault fault;
  unsigned status;
  std::string_view name;  // type is "/problems/" and this
  std::string_view title;
};
std::span<const FaultInfo> all_faults();

struct Problem {
  Fault fault = Fault::bad_request;
  std::string detail;                 // a sentence for people, with a full stop
  std::string field = {};             // a header, a parameter, a path in the body; may be empty
  ot::Errc code = ot::Errc::uncoded;  // the same fault on the WebSocket
  std::string members = {};           // printed members that go last: `,"version":7`
};

template <class T>
using Answer = tl::expected<T, Problem>;

inline tl::unexpected<Problem> refuse(Problem problem) {
  return tl::unexpected<Problem>(std::move(problem));
}

// What an error of a document or of the log is over HTTP.
Problem problem_of(const ot::Error& error);

HttpResponse respond(const Problem& problem);

}  // namespace segue::server
