#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "oplog/memory_log.h"
#include "ot/builtin_types.h"
#include "server/http/events.h"
#include "server/http/explain_write.h"
#include "tests/support/json_notation.h"

using namespace segue;
using namespace segue::server;
using segue::test::json;

namespace {

oplog::Entry entry(const ot::DocId& doc, std::uint64_t version, const std::string& payload = "[]") {
  oplog::Entry entry;
  entry.doc = doc;
  entry.version = ot::Version{version};
  entry.kind = version == 0 ? ot::OpKind::create : ot::OpKind::edit;
  entry.type = version == 0 ? "json0" : "";
  entry.src.value = "src" + std::to_string(version);
  entry.seq = ot::Seq{1};
  entry.author = "anonymous";
  entry.payload = payload;
  return entry;
}

const ot::DocId a{"c", "a"};
const ot::DocId b{"c", "b"};
const ot::DocId other{"d", "a"};

void fill(oplog::MemoryLog& log) {
  const std::vector<oplog::Entry> entries = {entry(a, 0), entry(other, 0), entry(b, 0),
                                             entry(a, 1)};
  REQUIRE(log.append(entries).has_value());
}

std::vector<std::uint64_t> positions(const EventPage& page) {
  std::vector<std::uint64_t> found;
  for (const Event& event : page.events) {
    found.push_back(event.position);
  }
  return found;
}

using Positions = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("http events: of a document, each op after a version") {
  oplog::MemoryLog log;
  fill(log);
  const auto page = read_events(log, {"c", "a"}, 1, 10);
  REQUIRE(page.has_value());
  CHECK(positions(*page) == Positions{2});
  CHECK(page->position == 2);
  CHECK(page->events[0].data ==
        R"({"v":1,"kind":"op","src":"src1","seq":1,"time_ms":0,"author":"anonymous","op":[]})");
  CHECK(read_events(log, {"c", "a"}, 2, 10)->events.empty());
}

TEST_CASE(
    "http events: of a collection, those of its documents, and what is passed over counts as "
    "read") {
  oplog::MemoryLog log;
  fill(log);
  CHECK(positions(*read_events(log, {"c", std::nullopt}, 0, 10)) == Positions{1, 3, 4});
  const auto page = read_events(log, {"d", std::nullopt}, 2, 10);
  REQUIRE(page.has_value());
  CHECK(page->events.empty());
  CHECK(page->position == 4);
  CHECK(page->more);
  CHECK_FALSE(read_events(log, {"d", std::nullopt}, 4, 10)->more);
}

TEST_CASE("http events: of everything, a page at a time") {
  oplog::MemoryLog log;
  fill(log);
  CHECK(positions(*read_events(log, {}, 0, 3)) == Positions{1, 2, 3});
  const auto rest = read_events(log, {}, 3, 3);
  CHECK(positions(*rest) == Positions{4});
  CHECK(rest->events[0].data.find(R"({"number":4,"collection":"c","id":"a","op":{"v":1,)") == 0);
}

TEST_CASE("http events: one is an id, a name and a line of data") {
  CHECK(event_text("op", {7, "{}"}) == "id: 7\nevent: op\ndata: {}\n\n");
}

TEST_CASE("http explain: a record type tells what each concurrent op did, over all of them") {
  const ot::AnyType& type = *ot::find_type("segue:production/1");
  const ot::Snapshot base{ot::Version{1}, &type, *type.create(nullptr)};
  const auto op = type.parse(json("[{'type':'set','field':'venue','value':'C'}]"));
  const std::vector<oplog::Entry> since = {
      entry(a, 1, R"([{"type":"set","field":"venue","value":"A"}])"),
      entry(a, 2, R"([{"type":"set","field":"venue","value":"B"}])"),
      entry(a, 3, R"([{"type":"edit","field":"notes","text":["x"]}])")};
  const ot::Json findings = *ot::parse_json(explain_write(base, *op, since));
  REQUIRE(findings.size() == 2);
  CHECK(*findings[0].find("verdict") == ot::Json("overwrote"));
  CHECK(*findings[0].find("v") == ot::Json(1));
  CHECK(*findings[1].find("src") == ot::Json("src2"));
}

TEST_CASE("http explain: of another type, one sentence names the ops and who sent them") {
  const ot::AnyType& type = *ot::find_type("json0");
  const ot::Snapshot base{ot::Version{1}, &type, json("{}")};
  const auto op = type.parse(json("[{'p':['x'],'oi':1}]"));
  const std::vector<oplog::Entry> since = {entry(a, 1), entry(a, 2)};
  CHECK(explain_write(base, *op, since) ==
        R"([{"verdict":"transformed","text":"Your change was carried over the ops at versions 1 )"
        R"(to 2, by src1, src2"}])");
  CHECK(explain_write(base, *op, {}) == "[]");
}
