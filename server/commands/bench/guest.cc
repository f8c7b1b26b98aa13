#include "server/commands/bench/guest.h"

#include <stdexcept>
#include <utility>

#include "clients/reading.h"
#include "ot/json_text.h"

namespace segue::bench {

std::string room_edit(std::uint64_t n) {
  const std::string field = std::to_string(n % 8);
  const std::string value = std::to_string(1'000'000'000 + n);
  return n % 2 == 0 ? R"("op":[{"p":["f)" + field + R"("],"od":"","oi":")" + value + "\"}]"
                    : R"("op":[{"p":["n"],"na":)" + std::string(n % 4 == 1 ? "1" : "-1") + "}]";
}

Guest::Guest(boost::asio::io_context& io, const Address& server, Place place)
    : place_(std::move(place)), member_(io, server, place_.room) {
  member_.on_other([this](std::string_view message) { on_other(message); });
}

void Guest::come_in() {
  if (asked_ || !member_.connected()) {
    return;
  }
  asked_ = true;
  member_.subscribe(place_.version);
  peer().send(R"({"a":"ps","ch":")" + room() + R"(","seq":1})");
  peer().send(R"({"a":"qs","id":1,"c":")" + place_.queried + R"(","q":)" + place_.query + "}");
  show();
}

void Guest::edit(std::uint64_t n) { member_.submit(room_edit(n)); }

void Guest::show() {
  const std::string number = std::to_string(++shown_);
  peer().send(R"({"a":"p","ch":")" + room() + R"(","id":"me","p":)" + number + R"(,"pv":)" +
              number + "}");
}

void Guest::on_other(std::string_view message) {
  if (message.starts_with(R"({"a":"p",)")) {
    on_presence(message);
  } else if (message.starts_with(R"({"a":"ps")") || message.starts_with(R"({"a":"qs")")) {
    ++answers_;
  }
}

void Guest::on_presence(std::string_view message) {
  const auto presence = ot::parse_json(message);
  const std::string src = client::string_or_empty(presence ? presence->find("src") : nullptr);
  const auto number = client::whole_number(presence ? presence->find("pv") : nullptr);
  if (src.empty() || !number) {
    throw std::runtime_error("a presence of nobody: " + std::string(message));
  }
  if (src == member_.src()) {
    confirmed_ = *number;
    return;
  }
  const auto known = others_.find(src);
  if (known != others_.end() && known->second > *number) {
    return;
  }
  if (presence->find("p")->is_null()) {
    others_.erase(src);
  } else {
    others_[src] = *number;
  }
}

}  // namespace segue::bench
