#include "tests/sim/person.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "ot/builtin_types.h"
#include "ot/json_text.h"
#include "tests/sim/world.h"

namespace segue::sim {

namespace {

constexpr std::uint64_t seqs_of_a_tab = 1'000'000;

ot::Json json(const std::string& text) { return *ot::parse_json(text); }

std::string quoted(const std::string& text) { return '"' + text + '"'; }

client::SyncState::Options options(const std::string& name, const std::string& twin,
                                   std::size_t number) {
  client::SyncState::Options options;
  options.find_type = &ot::find_type;
  options.src = {twin.empty() ? name : twin};
  options.seq_next = {twin.empty() ? 1 : 1 + number * seqs_of_a_tab};
  return options;
}

}  // namespace

Person::Person(World& world, std::size_t number, const Person* twin)
    : world_(world),
      number_(number),
      name_("c" + std::to_string(number)),
      dice_(world.seed(), 100 + number),
      has_twin_(twin != nullptr),
      state_(options(name_, twin != nullptr ? twin->name() : "", number)) {}

void Person::start() {
  for (const ot::DocId& doc : world_.docs()) {
    state_.subscribe(doc);
  }
  connect();
  act_later();
}

// ---- the connection

void Person::connect() {
  if (link_ != nullptr || offline_) {
    return;
  }
  link_ = world_.new_link(*this);
  check_.emplace(world_.ledger());
  state_.opened();
  link_->open();
  pump();
}

void Person::reconnect_later() {
  world_.scheduler().after(dice_.between(20 * ms, 600 * ms), dice_, [this] { connect(); });
}

void Person::on_closed() {
  world_.note({name_, " has lost its connection"});
  link_.reset();
  state_.lost();
  pump();
  reconnect_later();
}

void Person::break_connection() {
  if (link_ != nullptr) {
    link_->reset();
  }
}

void Person::half_open() {
  if (link_ == nullptr) {
    return;
  }
  link_->leave(true);
  on_closed();
}

void Person::make_deaf() {
  if (link_ != nullptr) {
    link_->make_deaf();
  }
}

void Person::heal() {
  if (link_ != nullptr) {
    link_->heal();
  }
}

void Person::on_message(const std::string& text) {
  world_.note({name_, " < ", text});
  const ot::Json message = json(text);
  check_->received(message);
  state_.receive(message);
  pump();
}

void Person::pump() {
  for (std::string& text : state_.take_messages()) {
    world_.note({name_, " > ", text});
    check_->sent(json(text));
    link_->send(std::move(text));
  }
  for (const client::Event& event : state_.take_events()) {
    look_at(event);
  }
  check_copies();
}

// ---- editing

void Person::act_later() {
  world_.scheduler().after(dice_.long_tailed(10 * ms, 1'500 * ms), dice_, [this] {
    if (!settling_) {
      act();
      act_later();
    }
  });
}

void Person::act() {
  const Faults faults = world_.faults();
  const ot::DocId& doc = world_.docs()[dice_.below(world_.docs().size())];
  const std::size_t what = dice_.below(100);
  if (what < 5) {
    state_.fetch(doc);
  } else if (what < 10 && faults.on(Fault::leaving)) {
    const client::SyncDoc* known = state_.find(doc);
    known != nullptr && known->subscribed() ? state_.unsubscribe(doc) : state_.subscribe(doc);
  } else if (what < 15 && faults.on(Fault::offline)) {
    offline_ = !offline_;
    if (offline_ && link_ != nullptr) {
      link_->leave(dice_.chance(50));
      return on_closed();
    }
    return connect();
  } else if (what < 20 && faults.on(Fault::churn)) {
    turn_over(doc);
  } else if (what < 30 && faults.on(Fault::bursts)) {
    for (std::size_t left = 1 + dice_.below(40); left > 0; --left) {
      edit_something(doc);
      if (dice_.chance(30)) {
        pump();
      }
    }
  } else {
    edit_something(doc);
  }
  pump();
}

void Person::turn_over(const ot::DocId& doc) {
  const client::SyncDoc* known = state_.find(doc);
  if (known == nullptr || known->type() == nullptr) {
    return create(doc);
  }
  if (state_.remove(doc)) {
    unresolved_[doc].emplace_back();
  }
  if (dice_.chance(30)) {
    create(doc);
  }
}

void Person::create(const ot::DocId& doc) {
  const bool text = doc.id == "text" || (world_.faults().on(Fault::churn) && dice_.chance(20));
  const auto created =
      text ? state_.create(doc, "text-unicode", json(R"("abc")"))
           : state_.create(doc, "json0", json(R"({"list":[],"n":0,"o":{},"t":""})"));
  if (created) {
    unresolved_[doc].emplace_back();
  }
}

void Person::edit_something(const ot::DocId& doc) {
  const client::SyncDoc* known = state_.find(doc);
  const bool loaded = known != nullptr && known->version().has_value();
  if (known == nullptr || known->type() == nullptr) {
    // Mostly after the server said that there is none.
    return loaded || dice_.chance(3) ? create(doc) : void();
  }
  Edit edit;
  const auto op = draw_op(doc, *known, edit);
  if (op && state_.edit(doc, *op)) {
    unresolved_[doc].push_back(std::move(edit));
  }
}

std::optional<ot::Json> Person::draw_op(const ot::DocId& doc, const client::SyncDoc& known,
                                        Edit& edit) {
  const ot::Json& data = known.data();
  const std::string letter(1, static_cast<char>('a' + dice_.below(3)));
  if (data.is_string()) {
    const std::size_t length = data.text().length(ot::Unit::code_point);
    const std::size_t at = dice_.below(length + 1);
    const std::string skip = at > 0 ? std::to_string(at) + "," : "";
    if (at < length && dice_.chance(45)) {
      return json("[" + skip + "{\"d\":" + std::to_string(1 + dice_.below(length - at)) + "}]");
    }
    return json("[" + skip + quoted(letter + letter) + "]");
  }
  const std::size_t what = dice_.below(10);
  if (what < 5) {
    return draw_list_op(doc, *data.find("list"), edit);
  }
  if (what < 6) {
    return json(R"([{"p":["n"],"na":1}])");
  }
  if (what < 8) {
    const ot::Json* old = data.find("o")->find(letter);
    return json(R"([{"p":["o",)" + quoted(letter) + "]," +
                (old != nullptr ? "\"od\":" + ot::json_text(*old) + "," : "") +
                "\"oi\":" + std::to_string(dice_.below(100)) + "}]");
  }
  const std::string text = data.find("t")->str();
  const std::size_t at = dice_.below(text.size() + 1);
  const std::string path = R"([{"p":["t",)" + std::to_string(at) + "],";
  if (at < text.size() && dice_.chance(45)) {
    const std::string gone = text.substr(at, 1 + dice_.below(text.size() - at));
    return json(path + "\"sd\":" + quoted(gone) + "}]");
  }
  return json(path + "\"si\":" + quoted(letter + letter) + "}]");
}

std::optional<ot::Json> Person::draw_list_op(const ot::DocId& doc, const ot::Json& list,
                                             Edit& edit) {
  const std::size_t size = list.size();
  const std::size_t what = dice_.below(10);
  if (size == 0 || what < 5) {
    edit.push_back(name_ + "." + std::to_string(++tokens_));
    return json(R"([{"p":["list",)" + std::to_string(dice_.below(size + 1)) +
                "],\"li\":" + quoted(edit.back()) + "}]");
  }
  const std::size_t at = dice_.below(size);
  const std::string path = R"([{"p":["list",)" + std::to_string(at) + "],";
  if (what < 7) {
    return json(path + "\"lm\":" + std::to_string(dice_.below(size)) + "}]");
  }
  // Its own edits under way it leaves alone: they are looked for in the log.
  const std::string token = list[at].str();
  for (const Edit& pending : unresolved_[doc]) {
    if (std::find(pending.begin(), pending.end(), token) != pending.end()) {
      return std::nullopt;
    }
  }
  return json(path + "\"ld\":" + quoted(token) + "}]");
}

// ---- what comes back

std::vector<std::string> Person::resolve(const ot::DocId& doc, std::size_t edits) {
  std::deque<Edit>& open = unresolved_[doc];
  if (edits > open.size()) {
    throw Violation("S6/G7 nothing lost: " + name_ + " made " + std::to_string(open.size()) +
                    " edits to " + doc.str() + " and " + std::to_string(edits) + " are resolved");
  }
  std::vector<std::string> tokens;
  for (; edits > 0; --edits) {
    tokens.insert(tokens.end(), open.front().begin(), open.front().end());
    open.pop_front();
  }
  return tokens;
}

void Person::look_at(const client::Event& event) {
  if (const auto* ack = std::get_if<client::Acknowledged>(&event.what)) {
    const auto tokens = resolve(event.doc, ack->edits);
    world_.ledger().check_promise({event.doc, ack->version, ack->src, ack->seq}, tokens);
    world_.count_ack();
  } else if (const auto* rejected = std::get_if<client::Rejected>(&event.what)) {
    world_.note({name_, " is refused: ", rejected->why.code, " ", rejected->why.message});
    resolve(event.doc, rejected->edits);
  } else if (std::holds_alternative<client::Failed>(event.what)) {
    world_.scheduler().after(dice_.between(100 * ms, 500 * ms), dice_, [this, doc = event.doc] {
      state_.subscribe(doc);
      pump();
    });
  }
}

void Person::check_copies() const {
  for (const auto& [id, doc] : state_.docs()) {
    if (doc.version() && doc.edits_pending() == 0) {
      world_.ledger().check_copy(name_, id, {*doc.version(), doc.type(), doc.data()});
    }
  }
}

// ---- the end

void Person::settle_down() {
  settling_ = true;
  offline_ = false;
  for (const ot::DocId& doc : world_.docs()) {
    state_.subscribe(doc);
  }
  pump();
  connect();
}

std::string Person::unsettled() {
  for (const auto& [id, doc] : state_.docs()) {
    if (!doc.settled() || !doc.version()) {
      return name_ + " has " + std::to_string(doc.edits_pending()) + " edits of " + id.str() +
             " pending" + (state_.ready() ? "" : ", and no connection");
    }
    if (doc.version() == world_.ledger().head(id)) {
      continue;
    }
    if (has_twin_ || world_.has_twin(*this)) {
      state_.fetch(id);  // Nobody is told what comes under its own src.
      pump();
    }
    return name_ + " is at version " + std::to_string(doc.version()->value) + " of " + id.str() +
           ", the log at " + std::to_string(world_.ledger().head(id).value);
  }
  return "";
}

}  // namespace segue::sim
