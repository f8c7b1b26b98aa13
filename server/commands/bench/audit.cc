#include "server/commands/bench/audit.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "clients/reading.h"
#include "clients/request.h"
#include "ot/builtin_types.h"
#include "ot/json_text.h"
#include "server/commands/bench/figures.h"

namespace segue::bench {

namespace {

constexpr double audit_limit_s = 120;

template <class T>
T must(ot::Result<T> result, const std::string& what) {
  if (!result) {
    throw Broken(what + ": " + result.error().detail);
  }
  return std::move(*result);
}

std::uint64_t integer(const ot::Json& message, std::string_view key) {
  const auto number = client::whole_number(message.find(key));
  if (!number) {
    throw Broken("no " + std::string(key) + " in " + ot::json_text(message));
  }
  return *number;
}

std::string text(const ot::Json& message, std::string_view key) {
  return client::string_or_empty(message.find(key));
}

// A document as its ops, one after the other, make it.
class Replay {
 public:
  void add(const ot::Json& message) {
    const std::string where = "the op at version " + std::to_string(version_);
    if (integer(message, "v") != version_) {
      throw Broken("in the place of " + where + " there is " + ot::json_text(message));
    }
    auto name = std::pair(text(message, "src"), integer(message, "seq"));
    if (!seen_.emplace(std::move(name), version_).second) {
      throw Broken(where + " was committed before");
    }
    if (const ot::Json* create = message.find("create")) {
      type_ = ot::find_type(text(*create, "type"));
      if (type_ == nullptr) {
        throw Broken(where + " creates a document of an unknown type");
      }
      data_ = must(type_->create(create->find("data")), where);
    } else if (const ot::Json* edit = message.find("op")) {
      if (type_ == nullptr) {
        throw Broken(where + " edits a document that does not exist");
      }
      const ot::AnyOp op = must(type_->parse(*edit), where);
      if (const auto applied = type_->apply(data_, op); !applied) {
        throw Broken(where + ": " + applied.error().detail);
      }
    }
    ++version_;
  }

  void check_snapshot(const ot::Json& snapshot) const {
    const ot::Json* data = snapshot.find("data");
    if (integer(snapshot, "v") != version_ || data == nullptr || !(*data == data_)) {
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
  const auto limit = std::chrono::steady_clock::now() + duration_of_s(limit_s);
  while (!done()) {
    if (io.run_one_until(limit) == 0) {
      throw std::runtime_error("waited in vain for " + what);
    }
  }
}

void audit(boost::asio::io_context& io, const Address& server, const ot::DocId& doc,
           const std::vector<const Member*>& members) {
  Replay replay;
  bool ops_read = false;
  std::optional<ot::Json> snapshot;
  Peer peer(io, server, [&](std::string_view received) {
    const ot::Json message = must(ot::parse_json(received), "a message of the server");
    const std::string action = text(message, "a");
    if (message.find("error") != nullptr) {
      throw std::runtime_error("the server refuses: " + ot::json_text(message));
    }
    if (action == "op") {
      replay.add(message);
    } else if (action == "f" && message.find("data") != nullptr) {
      snapshot = *message.find("data");
    } else if (action == "f") {
      ops_read = true;
    }
  });
  peer.send(client::doc_request("f", doc, ot::Version{}));
  run_until(
      io, [&] { return ops_read; }, audit_limit_s, "all ops of " + doc.id);
  peer.send(client::doc_request("f", doc));
  run_until(
      io, [&] { return snapshot.has_value(); }, audit_limit_s, "the data of " + doc.id);
  replay.check_snapshot(*snapshot);
  for (const Member* member : members) {
    replay.check_member(*member);
  }
}

}  // namespace segue::bench
