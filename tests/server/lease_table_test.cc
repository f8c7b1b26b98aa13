#include "server/lease_table.h"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "ot/builtin_types.h"
#include "ot/conform/random.h"
#include "ot/document.h"
#include "ot/json_text.h"

using namespace segue;
using segue::conform::Random;
using server::Lease;
using server::LeaseHolder;
using server::LeaseTable;

namespace {

ot::Json json(std::string text) {
  for (char& c : text) {
    c = c == '\'' ? '"' : c;
  }
  return *ot::parse_json(text);
}

LeaseHolder holder(const std::string& src, const std::string& author = "") {
  return {ot::ClientId{src}, author};
}

Lease lease(const std::string& id, const std::string& path, const LeaseHolder& who,
            std::int64_t ends_ms = 1'000, ot::Hold hold = ot::Hold::exclusive) {
  return {id, json(path), who, "", hold, ends_ms};
}

std::vector<std::string> ids(const std::vector<Lease>& leases) {
  std::vector<std::string> out;
  out.reserve(leases.size());
  for (const Lease& one : leases) {
    out.push_back(one.id);
  }
  return out;
}
using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("lease table: the same path, one around it and one in it are in the way of others") {
  LeaseTable table;
  table.take(lease("1", "['sources',2]", holder("kevin")));
  const auto in_the_way = [&](const std::string& path) {
    return table.in_the_way(json(path), holder("sarah")) != nullptr;
  };
  CHECK(in_the_way("['sources',2]"));
  CHECK(in_the_way("['sources',2,'name']"));
  CHECK(in_the_way("['sources']"));
  CHECK(in_the_way("[]"));
  CHECK_FALSE(in_the_way("['sources',1]"));
  CHECK_FALSE(in_the_way("['venue']"));
  CHECK(table.in_the_way(json("[]"), holder("kevin")) == nullptr);
}

TEST_CASE("lease table: two connections of one author are one holder, two anonymous ones are not") {
  LeaseTable table;
  table.take(lease("1", "['a']", holder("tab 1", "kevin")));
  CHECK(table.in_the_way(json("['a']"), holder("tab 2", "kevin")) == nullptr);
  CHECK(table.in_the_way(json("['a']"), holder("tab 2", "sarah")) != nullptr);
  table.take(lease("2", "['b']", holder("tab 1")));
  CHECK(table.in_the_way(json("['b']"), holder("tab 2")) != nullptr);
}

TEST_CASE("lease table: a lease taken again by its holder is the same lease with a new end") {
  LeaseTable table;
  table.take(lease("1", "['a']", holder("kevin"), 1'000));
  const Lease& again = table.take(lease("2", "['a']", holder("kevin"), 5'000));
  CHECK(again.id == "1");
  CHECK(table.size() == 1);
  CHECK(table.expire(1'000).empty());
  CHECK(table.next_end() == 5'000);
}

TEST_CASE("lease table: a lease ends at its time, and not before") {
  LeaseTable table;
  table.take(lease("1", "['a']", holder("kevin"), 1'000));
  table.take(lease("2", "['b']", holder("kevin"), 2'000));
  CHECK(table.expire(999).empty());
  CHECK(ids(table.expire(1'000)) == Ids{"1"});
  table.renew("2", holder("kevin"), nullptr, 9'000);
  CHECK(table.expire(2'000).empty());
  CHECK(table.next_end() == 9'000);
}

TEST_CASE(
    "lease table: an op on an exclusive lease of another is refused, its holder's own is not") {
  LeaseTable table;
  table.take(lease("1", "['venue']", holder("kevin")));
  table.take(lease("2", "['notes']", holder("kevin"), 1'000, ot::Hold::advisory));
  const ot::AnyType& type = ot::erase<ot::Json0>();
  const auto refuses = [&](const std::string& op, const std::string& src) {
    const auto parsed = type.parse(json(op));
    return table.refusing(&type, ot::OpKind::edit, *parsed, holder(src)) != nullptr;
  };
  const std::string edit = "[{'p':['venue'],'oi':1}]";
  CHECK(refuses(edit, "sarah"));
  CHECK_FALSE(refuses(edit, "kevin"));
  CHECK_FALSE(refuses("[{'p':['notes'],'oi':1}]", "sarah"));
  CHECK_FALSE(refuses("[{'p':['name'],'oi':1}]", "sarah"));
  CHECK(table.refusing(&type, ot::OpKind::remove, {}, holder("sarah")) != nullptr);
  CHECK(table.refusing(&type, ot::OpKind::noop, {}, holder("sarah")) == nullptr);
}

TEST_CASE("lease table: a lease goes with what it is of, and all of them with the document") {
  LeaseTable table;
  const ot::AnyType& type = ot::erase<ot::Json0>();
  table.take(lease("1", "['l',0]", holder("kevin")));
  table.take(lease("2", "['l',1]", holder("kevin")));
  const auto moved =
      table.carry(&type, ot::OpKind::edit, *type.parse(json("[{'p':['l',0],'ld':1}]")));
  CHECK(ids(moved.removed) == Ids{"1"});
  CHECK(ids(moved.moved) == Ids{"2"});
  CHECK(table.find("2")->path == json("['l',0]"));
  CHECK(ids(table.carry(nullptr, ot::OpKind::remove, {}).removed) == Ids{"2"});
  CHECK(table.empty());
}

// ---- many people move, insert and remove elements of one list at once

namespace {

// How ops on the elements of a list look in one type.
struct ListOps {
  const char* type;
  ot::Json empty;
  std::function<ot::Json(std::size_t, const ot::Json&)> insert;
  std::function<ot::Json(std::size_t, const ot::Json&)> remove;
  std::function<ot::Json(std::size_t, std::size_t)> move;
};

ot::Json number(std::size_t value) { return ot::Json(static_cast<double>(value)); }
ot::Json at_place(std::size_t index) { return ot::Json::array({"cameras", number(index)}); }

ListOps json0_ops() {
  const auto component = [](std::size_t index, const char* what, ot::Json value) {
    return ot::Json::array({ot::Json::object({{"p", at_place(index)}, {what, std::move(value)}})});
  };
  return {"json0", json("{'cameras':[]}"),
          [=](std::size_t at, const ot::Json& element) { return component(at, "li", element); },
          [=](std::size_t at, const ot::Json& element) { return component(at, "ld", element); },
          [=](std::size_t from, std::size_t to) { return component(from, "lm", number(to)); }};
}

ListOps json1_ops() {
  const auto put = [](std::size_t at, const char* what, ot::Json value) {
    return ot::Json::array({"cameras", number(at), ot::Json::object({{what, std::move(value)}})});
  };
  return {"json1", json("{'cameras':[]}"),
          [=](std::size_t at, const ot::Json& element) { return put(at, "i", element); },
          [=](std::size_t at, const ot::Json&) { return put(at, "r", true); },
          [](std::size_t from, std::size_t to) {
            if (from == to) return ot::Json();
            const ot::Json pick = ot::Json::object({{"p", 0}});
            const ot::Json drop = ot::Json::object({{"d", 0}});
            ot::Json out = ot::Json::array({"cameras"});
            const ot::Json picked = ot::Json::array({number(from), pick});
            const ot::Json dropped = ot::Json::array({number(to), drop});
            out.push_back(from < to ? picked : dropped);
            out.push_back(from < to ? dropped : picked);
            return out;
          }};
}

ListOps record_ops() {
  const auto component = [](const char* type, std::size_t at) {
    return ot::Json::object({{"type", type}, {"entity", "camera"}, {"index", number(at)}});
  };
  return {"segue:production/1", json("{}"),
          [=](std::size_t at, const ot::Json& element) {
            ot::Json op = component("add", at);
            op.set("data", element);
            return op;
          },
          [=](std::size_t at, const ot::Json&) { return component("remove", at); },
          [=](std::size_t from, std::size_t to) {
            ot::Json op = component("move", from);
            op.set("to", number(to));
            return op;
          }};
}

// Authors who submit what they made some versions ago, and leases that have to keep up.
class Crowd {
 public:
  Crowd(ListOps ops, std::uint64_t seed) : ops_(std::move(ops)), random_(seed) {
    commit(ot::OpKind::create, ops_.empty, {});
    for (int i = 0; i < 6; ++i) {
      commit(ot::OpKind::edit, ops_.insert(0, element()), document_.version());
    }
  }

  void round() {
    const ot::Version base{document_.version().value - random_.below(4)};
    const ot::Json& seen = past_[base.value];
    const std::size_t size = list_of(seen).size();
    const std::size_t at = size == 0 ? 0 : random_.below(size);
    const std::size_t choice = size < 3 ? 0 : random_.below(6);
    ot::Json op = choice == 0   ? ops_.insert(random_.below(size + 1), element())
                  : choice == 1 ? ops_.remove(at, list_of(seen)[at])
                                : ops_.move(at, random_.below(size));
    commit(ot::OpKind::edit, std::move(op), base);
    if (random_.below(3) == 0) {
      take_one();
    }
    check();
  }

  std::size_t followed() const { return followed_; }

 private:
  static const ot::Json& list_of(const ot::Json& data) {
    static const ot::Json none = ot::Json::array();
    const ot::Json* list = data.find("cameras");
    return list != nullptr ? *list : none;
  }

  ot::Json element() {
    return ot::Json::object({{"id", "c" + std::to_string(next_id_++)}, {"name", "x"}});
  }

  void commit(ot::OpKind kind, ot::Json value, std::optional<ot::Version> base) {
    ot::Submission submission;
    submission.kind = kind;
    submission.type = ot::find_type(ops_.type);
    submission.src = {"s" + std::to_string(next_id_++)};
    submission.seq = ot::Seq{1};
    submission.base = base;
    submission.value = std::move(value);
    ot::PendingOp pending(std::move(submission));
    const auto outcome = document_.submit(pending, 1);
    if (outcome) {  // json1 refuses what conflicts.
      const auto& op = *std::get<ot::Accepted>(*outcome).op;
      leases_.carry(document_.lineage().type, op.kind, op.op);
    }
    past_.resize(document_.version().value + 1);
    past_.back() = document_.snapshot().data;
  }

  void take_one() {
    const ot::Json& list = list_of(past_.back());
    if (list.size() == 0 || leases_.size() > 4) {
      return;
    }
    const std::size_t at = random_.below(list.size());
    ot::Json path = at_place(at);
    if (random_.below(2) == 0) {
      path.push_back("name");
    }
    if (leases_.in_the_way(path, holder("nobody")) == nullptr) {
      leases_.take({list[at].find("id")->str(), path, holder("kevin"), "", {}, 1'000});
    }
  }

  // Each is at its element, and none is missing of one that is there.
  void check() {
    const ot::Json& list = list_of(past_.back());
    for (const Lease& one : leases_.all()) {
      const auto index = static_cast<std::size_t>(one.path[1].number());
      REQUIRE(index < list.size());
      REQUIRE(list[index].find("id")->str() == one.id);
      ++followed_;
    }
    std::size_t there = 0;
    list.for_each_element([&](const ot::Json& camera) {
      there += leases_.find(camera.find("id")->str()) != nullptr ? 1 : 0;
    });
    REQUIRE(there == leases_.size());
  }

  ListOps ops_;
  Random random_;
  ot::Document document_{ot::DocumentLimits(), &ot::find_type};
  LeaseTable leases_;
  std::vector<ot::Json> past_;
  int next_id_ = 0;
  std::size_t followed_ = 0;
};

void check_crowd(const ListOps& ops) {
  std::size_t followed = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Crowd crowd(ops, seed);
    for (int round = 0; round < 100; ++round) {
      crowd.round();
    }
    followed += crowd.followed();
  }
  CHECK(followed > 4'000);
}

}  // namespace

TEST_CASE("lease table: a lease follows its element through concurrent moves, in json0") {
  check_crowd(json0_ops());
}
TEST_CASE("lease table: a lease follows its element through concurrent moves, in json1") {
  check_crowd(json1_ops());
}
TEST_CASE("lease table: a lease follows its element through concurrent moves, in records") {
  check_crowd(record_ops());
}
