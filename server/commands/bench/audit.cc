#include "server/commands/bench/audit.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "ot/builtin_types.h"
#include "ot/json_text.h"

namespace segue::bench {

namespace {

constexpr double audit_limit_s = 120;

std::string request(const ot::DocId& doc, const char* version) {
  return R"({"a":"f","c":)" + ot::json_text(doc.collection) + R"(,"d":)" + ot::json_text(doc.id) +
         version + "}";
}

template <class T>
T must(ot::Result<T> result, const std::string& what) {
  if (!result) {
    throw Broken(what + ": " + result.error().detail);
  }
  return std::move(*result);
}

std::uint64_t integer(const ot::Json& message, std::string_view key) {
  const ot::Json* value = message.find(key);
  return value != nullptr && value->is_number() ? static_cast<std::uint64_t>(value->number()) : 0;
}

// A document as its ops, one after the other, make it.
class Replay {
 public:
  void add(const ot::Json& message) {
    const std::string where = "the op at version " + std::to_string(version_);
    if (integer(message, "v") != version_) {
      throw Broken("in the place of " + where + " there is " + ot::json_text(message));
    }
    auto name = std::pair(message.find("src")->str(), integer(message, "seq"));
    if (!seen_.emplace(std::move(name), version_).second) {
      throw Broken(where + " was committed before");
    }
    if (const ot::Json* create = message.find("create")) {
      type_ = ot::find_type(create->find("type")->str());
      data_ = must(type_->create(create->find("data")), where);
    } else if (const ot::Json* edit = message.find("op")) {
      const ot::AnyOp op = must(type_->parse(*edit), where);
      if (const auto applied = type_->apply(data_, op); !applied) {
        throw Broken(where + ": " + applied.error().detail);
      }
    }
    ++version_;
  }

  void check_snapshot(const ot::Json& snapshot) const {
    if (integer(snapshot, "v") != version_ || !(*snapshot.find("data") == data_)) {
      throw Broken("the ops up to version " + std::to_string(version_) +
                   " do not make the data that the server has");
    }
  }

  void check_member(const Member& member) const {
    if (member.version() != version_) {
      throw Broken(member.src() + " has come to version " + std::to_string(member.version()) +
                   " of " + std::to_string(version_));
    }
    for (std::size_t i = 0; i < member.committed().size(); ++i) {
      const auto found = seen_.find({member.src(), i + 1});
      if (found == seen_.end() || found->second != member.committed()[i]) {
        throw Broken("op " + std::to_string(i + 1) + " of " + member.src() +
                     " was acknowledged and is not there");
      }
    }
  }

 private:
  std::uint64_t version_ = 0;
  const ot::AnyType* type_ = nullptr;
  ot::Json data_;
  std::map<std::pair<std::string, std::uint64_t>, std::uint64_t> seen_;
};

}  // namespace

void run_until(boost::asio::io_context& io, const std::function<bool()>& done, double limit_s,
               const std::string& what) {
  const auto limit =
      std::chrono::steady_clock::now() +
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(limit_s));
  while (!done()) {
    if (io.run_one_until(limit) == 0) {
      throw std::runtime_error("waited in vain for " + what);
    }
  }
}

void audit(boost::asio::io_context& io, const boost::asio::ip::tcp::endpoint& server,
           const ot::DocId& doc, const std::vector<const Member*>& members) {
  Replay replay;
  bool ops_read = false;
  std::optional<ot::Json> snapshot;
  Peer peer(io, server, [&](std::string_view text) {
    const ot::Json message = must(ot::parse_json(text), "a message of the server");
    const std::string action = message.find("a")->str();
    if (action == "op") {
      replay.add(message);
    } else if (action == "f" && message.find("data") != nullptr) {
      snapshot = *message.find("data");
    } else if (action == "f") {
      ops_read = true;
    }
  });
  peer.send(request(doc, ",\"v\":0"));
  run_until(
      io, [&] { return ops_read; }, audit_limit_s, "all ops of " + doc.id);
  peer.send(request(doc, ""));
  run_until(
      io, [&] { return snapshot.has_value(); }, audit_limit_s, "the data of " + doc.id);
  replay.check_snapshot(*snapshot);
  for (const Member* member : members) {
    replay.check_member(*member);
  }
}

}  // namespace segue::bench
