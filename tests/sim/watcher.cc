#include "tests/sim/watcher.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ot/json_text.h"
#include "server/query/collection_index.h"
#include "tests/sim/reading.h"
#include "tests/sim/world.h"

namespace segue::sim {

namespace {

constexpr std::uint64_t watcher_streams = 70;
// A field that decides, an order with a limit, and all.
constexpr std::array queries = {
    R"({"n":{"$gte":3}})",
    R"({"n":{"$gte":0},"$sort":{"n":-1},"$limit":1})",
    R"({})",
};

// What tells two results apart where several documents are equal in order.
std::string rank(const ot::Json& data) {
  const ot::Json* n = data.is_object() ? data.find("n") : nullptr;
  return n != nullptr ? ot::json_text(*n) : "";
}

}  // namespace

Watcher::Watcher(World& world, std::size_t number)
    : world_(world),
      name_("w" + std::to_string(number)),
      dice_(world.seed(), watcher_streams + number),
      query_(queries[number % queries.size()]) {}

void Watcher::start() {
  connect();
  act_later();
}

// ---- the connection

void Watcher::connect() {
  if (link_ != nullptr) {
    return;
  }
  src_.clear();
  listens_ = 0;
  follows_ = false;
  others_.clear();
  results_.clear();
  versions_.clear();
  link_ = world_.new_link(*this);
  link_->open();
  send(R"({"a":"hs"})");
}

void Watcher::reconnect_later() {
  world_.scheduler().after(dice_.between(20 * ms, 600 * ms), dice_, [this] { connect(); });
}

void Watcher::on_closed() {
  world_.note({name_, " has lost its connection"});
  link_.reset();
  reconnect_later();
}

void Watcher::leave() {
  link_->leave(dice_.chance(50));
  on_closed();
}

void Watcher::send(std::string text) {
  world_.note({name_, " > ", text});
  link_->send(std::move(text));
}

// ---- what it does

void Watcher::act_later() {
  world_.scheduler().after(dice_.long_tailed(10 * ms, 1'500 * ms), dice_, [this] {
    if (!settling_) {
      act();
      act_later();
    }
  });
}

void Watcher::act() {
  if (link_ == nullptr || src_.empty()) {
    return;
  }
  const std::size_t what = dice_.below(20);
  if (what < 2) {
    return leave();
  }
  if (what < 4) {  // It also takes back what it shows.
    send(R"({"a":"pu","ch":"stage","seq":)" + std::to_string(++listens_) + "}");
    send(R"({"a":"ps","ch":"stage","seq":)" + std::to_string(++listens_) + "}");
  }
  show();
}

void Watcher::show() {
  const std::string number = std::to_string(++shown_);
  send(R"({"a":"p","ch":"stage","id":"me","p":)" + number + R"(,"pv":)" + number + "}");
}

void Watcher::settle_down() {
  settling_ = true;
  if (link_ != nullptr) {
    link_->heal();
  }
}

// ---- what comes

void Watcher::on_message(const std::string& text) {
  world_.note({name_, " < ", text});
  const ot::Json message = *ot::parse_json(text);
  const std::string action = text_at(message, "a");
  if (message.find("error") != nullptr) {  // The query could not be answered now.
    return leave();
  }
  if (action == "hs") {
    src_ = text_at(message, "id");
    send(R"({"a":"ps","ch":"stage","seq":)" + std::to_string(++listens_) + "}");
    send(R"({"a":"qs","id":1,"c":"sim","q":)" + query_ + "}");
    show();
  } else if (action == "p") {
    on_presence(message);
  } else if (action == "pu") {
    others_.clear();  // What comes now belongs to the next subscription.
  } else if (action == "qs") {
    on_results(*message.find("data"));
  } else if (action == "q" && message.find("diff") != nullptr) {
    on_diff(*message.find("diff"));
  } else if (action == "op") {
    on_op(message);
  }
}

void Watcher::on_presence(const ot::Json& message) {
  const std::string src = text_at(message, "src");
  const std::uint64_t number = *number_at(message, "pv");
  const auto known = others_.find(src);
  if (src == src_ || (known != others_.end() && known->second > number)) {
    return;
  }
  if (message.find("p")->is_null()) {
    others_.erase(src);
  } else {
    others_[src] = number;
  }
}

void Watcher::insert(std::size_t index, const ot::Json& values) {
  values.for_each_element([&](const ot::Json& document) {
    const std::string id = text_at(document, "d");
    results_.insert(results_.begin() + static_cast<std::ptrdiff_t>(index++), id);
    versions_[id] = {*number_at(document, "v")};
  });
}

void Watcher::on_results(const ot::Json& results) {
  follows_ = true;
  insert(0, results);
}

void Watcher::on_diff(const ot::Json& diff) {
  diff.for_each_element([this](const ot::Json& edit) {
    const std::string type = text_at(edit, "type");
    const auto at = static_cast<std::size_t>(*number_at(edit, type == "move" ? "from" : "index"));
    if (type == "insert") {
      return insert(at, *edit.find("values"));
    }
    const auto count = static_cast<std::size_t>(*number_at(edit, "howMany"));
    const auto first = results_.begin() + static_cast<std::ptrdiff_t>(at);
    const std::vector<std::string> taken(first, first + static_cast<std::ptrdiff_t>(count));
    results_.erase(first, first + static_cast<std::ptrdiff_t>(count));
    if (type == "move") {
      const auto to = static_cast<std::ptrdiff_t>(*number_at(edit, "to"));
      results_.insert(results_.begin() + to, taken.begin(), taken.end());
    }
  });
}

void Watcher::on_op(const ot::Json& message) {
  const auto known = versions_.find(text_at(message, "d"));
  if (known == versions_.end()) {
    return;
  }
  const ot::Version version{*number_at(message, "v")};
  const bool shown = std::find(results_.begin(), results_.end(), known->first) != results_.end();
  if (shown && version > known->second) {
    throw Violation("S11/G9 every op of a result arrives: " + name_ + " is at version " +
                    std::to_string(known->second.value) + " of " + known->first + " and gets " +
                    std::to_string(version.value));
  }
  if (version == known->second) {
    known->second = version + 1;
  }
}

// ---- the end

std::string Watcher::wrong_presence(const std::vector<std::unique_ptr<Watcher>>& all) const {
  std::map<std::string, std::uint64_t> expected;
  for (const auto& other : all) {
    if (other.get() != this) {
      expected[other->src_] = other->shown_;
    }
  }
  if (others_ == expected) {
    return "";
  }
  std::string seen = name_ + " sees the presence of";
  for (const auto& [src, number] : others_) {
    seen += " " + src + "/" + std::to_string(number);
  }
  seen += " and there are";
  for (const auto& [src, number] : expected) {
    seen += " " + src + "/" + std::to_string(number);
  }
  return seen;
}

std::string Watcher::wrong_results() const {
  query::CollectionIndex index;
  std::map<std::string, ot::Snapshot> documents;
  for (const ot::DocId& doc : world_.docs()) {
    const Ledger& ledger = world_.ledger();
    documents[doc.id] = ledger.state(doc, ledger.head(doc));
    index.apply(doc.id, documents[doc.id]);
  }
  const auto fresh = index.evaluate(*query::Query::parse(*ot::parse_json(query_)));
  std::vector<std::string> expected;
  for (const query::Entry* entry : fresh->shown()) {
    expected.push_back(rank(entry->snapshot.data));
  }
  std::vector<std::string> ranks;
  std::string mine;
  for (const std::string& id : results_) {
    ranks.push_back(rank(documents[id].data));
    mine += " " + id;
    const auto version = versions_.find(id);
    if (version->second != documents[id].version) {
      return name_ + " has a result, " + id + ", at version " +
             std::to_string(version->second.value) + " of " +
             std::to_string(documents[id].version.value);
    }
  }
  if (query_.find("$sort") == std::string::npos) {
    std::sort(ranks.begin(), ranks.end());
    std::sort(expected.begin(), expected.end());
  }
  return ranks == expected ? "" : name_ + " has other results than " + query_ + " has:" + mine;
}

std::string Watcher::unsettled(const std::vector<std::unique_ptr<Watcher>>& all) const {
  if (link_ == nullptr || !follows_) {
    return name_ + " has no answer to its query";
  }
  const std::string presence = wrong_presence(all);
  return presence.empty() ? wrong_results() : presence;
}

}  // namespace segue::sim
