#include "tests/sim/prober.h"

#include <utility>

#include "ot/json_text.h"
#include "tests/sim/world.h"

namespace segue::sim {

namespace {
constexpr std::uint64_t prober_stream = 90;
}

Prober::Prober(World& world) : world_(world), dice_(world.seed(), prober_stream) {}

void Prober::stop() {
  stopped_ = true;
  if (link_ != nullptr) {
    link_->leave(false);
    link_.reset();
  }
}

void Prober::on_closed() { link_.reset(); }

void Prober::on_message(const std::string& text) {
  world_.note({"prober < ", text});
  check_->received(*ot::parse_json(text));
}

void Prober::act_later() {
  world_.scheduler().after(dice_.long_tailed(5 * ms, 800 * ms), dice_, [this] {
    if (!stopped_) {
      act();
      act_later();
    }
  });
}

void Prober::act() {
  if (link_ == nullptr) {
    link_ = world_.new_link(*this);
    check_.emplace(world_.ledger());
    link_->open();
    link_->send(R"({"a":"hs","id":"prober"})");
  }
  if (dice_.chance(3)) {
    link_->leave(dice_.chance(50));
    return link_.reset();
  }
  for (std::size_t left = 1 + dice_.below(4); left > 0; --left) {
    std::string text = draw_request();
    world_.note({"prober > ", text});
    check_->sent(*ot::parse_json(text));
    link_->send(std::move(text));
  }
}

std::string Prober::draw_version(const ot::DocId& doc) {
  return std::to_string(dice_.below(world_.ledger().head(doc).value + 2));
}

std::string Prober::draw_request() {
  const ot::DocId& doc = world_.docs()[dice_.below(world_.docs().size())];
  const std::string name = R"("c":")" + doc.collection + R"(","d":")" + doc.id + '"';
  switch (dice_.below(10)) {
    case 0:
      return R"({"a":"f",)" + name + "}";
    case 1:
      return R"({"a":"f",)" + name + ",\"v\":" + draw_version(doc) + "}";
    case 2:
      return R"({"a":"s",)" + name + "}";
    case 3:
      return R"({"a":"s",)" + name + ",\"v\":" + draw_version(doc) + "}";
    case 4:
      return R"({"a":"u",)" + name + "}";
    case 5:
      return R"({"a":"nf","id":7,)" + name + ",\"v\":" + draw_version(doc) + "}";
    case 6:
      return R"({"a":"nt","id":8,)" + name + ",\"ts\":" +
             std::to_string(1'699'999'995'000 + static_cast<std::int64_t>(dice_.below(60'000))) +
             "}";
    case 7:
      return draw_bulk();
    default:
      return draw_op(doc);
  }
}

std::string Prober::draw_bulk() {
  const bool versions = dice_.chance(50);
  std::string items;
  for (const ot::DocId& doc : world_.docs()) {
    if (dice_.chance(70)) {
      items += items.empty() ? "" : ",";
      items += '"' + doc.id + '"' + (versions ? ":" + draw_version(doc) : "");
    }
  }
  return std::string(R"({"a":"bs","c":"sim","b":)") + (versions ? "{" : "[") + items +
         (versions ? "}}" : "]}");
}

// An insert, or one of those before, at the version it had, at a later one or at none.
std::string Prober::draw_op(const ot::DocId& doc) {
  const auto message = [](const Submitted& op, const std::string& version) {
    return R"({"a":"op","c":")" + op.doc.collection + R"(","d":")" + op.doc.id + R"(","v":)" +
           version + op.rest;
  };
  if (!submitted_.empty() && dice_.chance(60)) {
    const Submitted& op = submitted_[dice_.below(submitted_.size())];
    return message(op, dice_.chance(20) ? "null" : draw_version(op.doc));
  }
  ++seq_;
  const std::string seq = ",\"seq\":" + std::to_string(seq_) + R"(,"src":"prober",)";
  const std::string op = doc.id == "text"
                             ? R"(["p"])"
                             : R"([{"p":["list",0],"li":"p.)" + std::to_string(seq_) + "\"}]";
  submitted_.push_back({doc, seq + "\"op\":" + op + "}"});
  return message(submitted_.back(), draw_version(doc));
}

}  // namespace segue::sim
