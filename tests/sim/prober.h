// Prober: a client that asks for anything at any version, races its own requests, and resends ops
// in ways that no honest client does.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/core.h"
#include "tests/sim/link.h"
#include "tests/sim/stream_check.h"

namespace segue::sim {

class World;

class Prober final : public ClientEnd {
 public:
  explicit Prober(World& world);

  void start() { act_later(); }
  void stop();

  void on_message(const std::string& text) override;
  void on_closed() override;

 private:
  struct Submitted {
    ot::DocId doc;
    std::string rest;  // of the message, from its seq on
  };

  void act_later();
  void act();
  std::string draw_request();
  std::string draw_op(const ot::DocId& doc);
  std::string draw_bulk();
  std::string draw_version(const ot::DocId& doc);

  World& world_;
  Dice dice_;
  std::shared_ptr<Link> link_;
  std::optional<StreamCheck> check_;
  bool stopped_ = false;
  std::uint64_t seq_ = 0;
  std::vector<Submitted> submitted_;
};

}  // namespace segue::sim
