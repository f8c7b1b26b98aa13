#include "ot/result.h"

namespace segue::ot {

// A table, which the compiler checks to be whole.
std::string_view errc_name(Errc code) {  // NOLINT(readability-function-size)
  switch (code) {
    case Errc::uncoded:
      return "";
    case Errc::message_badly_formed:
      return "ERR_MESSAGE_BADLY_FORMED";
    case Errc::op_badly_formed:
      return "ERR_OT_OP_BADLY_FORMED";
    case Errc::op_not_applied:
      return "ERR_OT_OP_NOT_APPLIED";
    case Errc::doc_already_created:
      return "ERR_DOC_ALREADY_CREATED";
    case Errc::doc_does_not_exist:
      return "ERR_DOC_DOES_NOT_EXIST";
    case Errc::doc_was_deleted:
      return "ERR_DOC_WAS_DELETED";
    case Errc::doc_type_not_recognized:
      return "ERR_DOC_TYPE_NOT_RECOGNIZED";
    case Errc::version_ahead:
      return "ERR_OP_VERSION_NEWER_THAN_CURRENT_SNAPSHOT";
    case Errc::transform_ops_not_found:
      return "ERR_SUBMIT_TRANSFORM_OPS_NOT_FOUND";
    case Errc::op_already_submitted:
      return "ERR_OP_ALREADY_SUBMITTED";
    case Errc::no_op:
      return "ERR_NO_OP";
    case Errc::seq_overflow:
      return "ERR_CONNECTION_SEQ_INTEGER_OVERFLOW";
    case Errc::unsupported:
      return "ERR_UNSUPPORTED";
    case Errc::too_deep:
      return "ERR_TOO_DEEP";
    case Errc::too_large:
      return "ERR_MESSAGE_TOO_LARGE";
    case Errc::too_costly:
      return "ERR_TOO_COSTLY";
    case Errc::duplicate_key:
      return "ERR_DUPLICATE_KEY";
    case Errc::bad_string:
      return "ERR_BAD_STRING";
    case Errc::bad_json:
      return "ERR_BAD_JSON";
    case Errc::log_conflict:
      return "ERR_LOG_CONFLICT";
    case Errc::log_full:
      return "ERR_LOG_FULL";
    case Errc::log_io:
      return "ERR_LOG_IO";
    case Errc::log_corrupt:
      return "ERR_LOG_CORRUPT";
    case Errc::log_locked:
      return "ERR_LOG_LOCKED";
    case Errc::log_not_found:
      return "ERR_LOG_NOT_FOUND";
    case Errc::unauthorized:
      return "ERR_UNAUTHORIZED";
    case Errc::forbidden:
      return "ERR_FORBIDDEN";
    case Errc::src_not_yours:
      return "ERR_SRC_NOT_YOURS";
    case Errc::type_without_presence:
      return "ERR_TYPE_DOES_NOT_SUPPORT_PRESENCE";
    case Errc::presence_transform_failed:
      return "ERR_PRESENCE_TRANSFORM_FAILED";
    case Errc::op_not_allowed_in_projection:
      return "ERR_OP_NOT_ALLOWED_IN_PROJECTION";
    case Errc::type_cannot_be_projected:
      return "ERR_TYPE_CANNOT_BE_PROJECTED";
    case Errc::database_adapter_not_found:
      return "ERR_DATABASE_ADAPTER_NOT_FOUND";
    case Errc::bad_query:
      return "ERR_BAD_QUERY";
    case Errc::version_conflict:
      return "ERR_VERSION_CONFLICT";
    case Errc::leased:
      return "ERR_LEASED";
    case Errc::lease_gone:
      return "ERR_LEASE_GONE";
  }
  return "";
}

}  // namespace segue::ot
