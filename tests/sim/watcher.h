// Watcher: somebody who edits nothing, but shows a presence, listens to the others', and follows a
// query; over connections that it breaks off itself, with and without a goodbye.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ot/ids.h"
#include "ot/json.h"
#include "tests/sim/core.h"
#include "tests/sim/link.h"

namespace segue::sim {

class World;

class Watcher final : public ClientEnd {
 public:
  Watcher(World& world, std::size_t number);

  void start();
  // From now on it stays, and changes nothing any more.
  void settle_down();
  // It sees of the others what they show, and has the results that its query has by the log. What
  // is missing, else nothing.
  std::string unsettled(const std::vector<std::unique_ptr<Watcher>>& all) const;

  void on_message(const std::string& text) override;
  void on_closed() override;

 private:
  void connect();
  void reconnect_later();
  void leave();
  void act_later();
  void act();
  void send(std::string text);
  void show();
  void on_presence(const ot::Json& message);
  void on_results(const ot::Json& results);
  void on_diff(const ot::Json& diff);
  void on_op(const ot::Json& message);
  void insert(std::size_t index, const ot::Json& values);
  std::string wrong_presence(const std::vector<std::unique_ptr<Watcher>>& all) const;
  std::string wrong_results() const;

  World& world_;
  std::string name_;
  Dice dice_;
  std::string query_;  // as JSON
  std::shared_ptr<Link> link_;
  bool settling_ = false;
  // Of this connection.
  std::string src_;
  std::uint64_t shown_ = 0;  // the newest value, which is its number, too
  std::uint64_t listens_ = 0;
  bool follows_ = false;
  std::map<std::string, std::uint64_t> others_;  // what they show, by src
  std::vector<std::string> results_;             // ids
  std::map<std::string, ot::Version> versions_;  // of the results
};

}  // namespace segue::sim
