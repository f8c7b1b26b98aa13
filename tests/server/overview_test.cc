#include "server/overview.h"

#include <string>

#include <doctest/doctest.h>

using namespace segue::server;

namespace {

Overview share(std::size_t from, std::size_t to) {
  Overview share;
  for (std::size_t i = from; i < to; ++i) {
    const DocumentInfo document{{"plans", std::to_string(i)}, {}, i, i, 0};
    share.largest.push_back(document);
    share.busiest.push_back(document);
    share.connections.push_back({std::to_string(i), "", "", 0, 0, i});
  }
  share.live.connections = to - from;
  return share;
}

}  // namespace

TEST_CASE("overview: of all workers' documents and connections those that come first are kept") {
  Overview sum = share(0, 300);
  sum += share(300, 310);
  sum += share(0, 0);
  CHECK(sum.live.connections == 310);
  REQUIRE(sum.largest.size() == Overview::documents_max);
  CHECK(sum.largest.front().doc.id == "309");
  CHECK(sum.largest.back().doc.id == "290");
  CHECK(sum.busiest.front().ops_per_minute == 309);
  REQUIRE(sum.connections.size() == Overview::connections_max);
  CHECK(sum.connections.front().src == "309");
  CHECK(sum.connections.back().src == "210");
}

TEST_CASE("overview: of connections for which as much waits the oldest comes first") {
  Overview sum;
  Overview young;
  young.connections.push_back({"young", "", "", 2, 0, 0});
  Overview old;
  old.connections.push_back({"old", "", "", 1, 0, 0});
  sum += young;
  sum += old;
  CHECK(sum.connections.front().src == "old");
}
