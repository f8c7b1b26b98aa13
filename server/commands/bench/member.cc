#include "server/commands/bench/member.h"

#include <charconv>
#include <stdexcept>
#include <utility>

#include "clients/request.h"
#include "ot/assert.h"
#include "ot/json_text.h"

namespace segue::bench {

namespace {

// Messages are searched, not parsed: both servers print without white space, and nothing that the
// generator writes holds these words, so where one stands it is the message's own field. Parsing
// would cost more than the server takes to send.
bool has(std::string_view message, std::string_view field) {
  return message.find(field) != std::string_view::npos;
}

std::uint64_t number_after(std::string_view message, std::string_view key) {
  const auto at = message.find(key);
  std::uint64_t number = 0;
  if (at == std::string_view::npos ||
      std::from_chars(message.data() + at + key.size(), message.data() + message.size(), number)
              .ec != std::errc()) {
    throw std::runtime_error("no " + std::string(key) + " in " + std::string(message));
  }
  return number;
}

// A long message's beginning and end; the error stands at either.
std::string ends(std::string_view message) {
  constexpr std::size_t kept = 300;
  if (message.size() <= 2 * kept) {
    return std::string(message);
  }
  return std::string(message.substr(0, kept)) + " ... " +
         std::string(message.substr(message.size() - kept));
}

std::string text_after(std::string_view message, std::string_view key) {
  const auto begin = message.find(key) + key.size();
  return std::string(message.substr(begin, message.find('"', begin) - begin));
}

}  // namespace

Member::Member(boost::asio::io_context& io, const Address& server, ot::DocId doc,
               int receive_buffer)
    : peer_(
          io, server, [this](std::string_view message) { on_message(message); }, receive_buffer),
      name_("\"c\":" + ot::json_text(doc.collection) + ",\"d\":" + ot::json_text(doc.id)) {
  peer_.send(client::handshake_request({}));
}

void Member::subscribe(std::uint64_t version) {
  OT_ASSERT(connected());
  version_ = version;
  peer_.send("{\"a\":\"s\"," + name_ + ",\"v\":" + std::to_string(version) + "}");
}

void Member::submit_at(std::uint64_t base, std::string_view body) {
  OT_ASSERT(connected());
  OT_ASSERT(!in_flight_);
  in_flight_ = true;
  message_.assign("{\"a\":\"op\",").append(name_).append(",\"v\":").append(std::to_string(base));
  message_.append(",\"seq\":").append(std::to_string(committed_.size() + 1)).append(",\"x\":{},");
  message_.append(body).append("}");
  peer_.send(message_);
}

void Member::on_message(std::string_view message) {
  if (has(message, "\"error\":")) {
    throw std::runtime_error("the server refuses: " + ends(message));
  }
  if (has(message, R"("a":"op")")) {
    // By way of a query there are other documents' ops, too.
    has(message, name_) ? on_op(message) : on_other_(message);
  } else if (has(message, R"("a":"s")")) {
    subscribed_ = true;
  } else if (has(message, R"("a":"hs")")) {
    src_ = text_after(message, "\"id\":\"");
    src_field_ = "\"src\":\"" + src_ + "\"";
  } else {
    on_other_(message);
  }
}

void Member::on_op(std::string_view message) {
  const std::uint64_t at = number_after(message, "\"v\":");
  // While it is not subscribed it only hears of its own ops and of those it was missing.
  if (subscribed_ && at > version_) {
    throw std::runtime_error("an op was left out: version " + std::to_string(version_) +
                             " is followed by " + std::to_string(at));
  }
  const bool own = in_flight_ && has(message, src_field_) &&
                   number_after(message, "\"seq\":") == committed_.size() + 1;
  if (at >= version_) {
    version_ = at + 1;
    received_ += own ? 0 : 1;
  }
  if (own) {
    in_flight_ = false;
    committed_.push_back(at);
    on_ack_();
  }
}

}  // namespace segue::bench
