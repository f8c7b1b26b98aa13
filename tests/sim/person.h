// Person: somebody who edits, with the real client state machine, over connections that fail. Knows
// which tokens its edits put in, so that what was promised to it can be looked up in the log.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "clients/sync_state.h"
#include "tests/sim/core.h"
#include "tests/sim/link.h"
#include "tests/sim/stream_check.h"

namespace segue::sim {

class World;

class Person final : public ClientEnd {
 public:
  // `twin`: whose src it uses as well, as another tab does.
  Person(World& world, std::size_t number, const Person* twin);

  const std::string& name() const { return name_; }
  void start();
  // No more edits: from now on it wants every document, and a connection.
  void settle_down();
  // Nothing pending, and all is as in the log. What is missing, else nothing.
  std::string unsettled();

  // World's faults.
  void break_connection();
  void half_open();
  void make_deaf();
  void heal();

  void on_message(const std::string& text) override;
  void on_closed() override;

 private:
  using Edit = std::vector<std::string>;  // the tokens it put in

  void connect();
  void reconnect_later();
  void act_later();
  void act();
  void edit_something(const ot::DocId& doc);
  void create(const ot::DocId& doc);
  std::optional<ot::Json> draw_op(const ot::DocId& doc, const client::SyncDoc& known, Edit& edit);
  std::optional<ot::Json> draw_list_op(const ot::DocId& doc, const ot::Json& list, Edit& edit);
  void turn_over(const ot::DocId& doc);
  // Sends what is to be sent, and looks at what has happened.
  void pump();
  void look_at(const client::Event& event);
  void check_copies() const;
  std::vector<std::string> resolve(const ot::DocId& doc, std::size_t edits);

  World& world_;
  std::size_t number_;
  std::string name_;
  Dice dice_;
  bool has_twin_;
  client::SyncState state_;
  std::shared_ptr<Link> link_;
  std::optional<StreamCheck> check_;
  bool offline_ = false;
  bool settling_ = false;
  std::uint64_t tokens_ = 0;
  std::map<ot::DocId, std::deque<Edit>> unresolved_;
};

}  // namespace segue::sim
