#include "server/query/filter.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "server/query/query.h"
#include "tests/support/json_notation.h"

using namespace segue;
using test::json;

namespace {

bool matches(const std::string& filter, const std::string& data) {
  const auto compiled = query::Filter::parse(json(filter));
  REQUIRE_MESSAGE(compiled.has_value(), filter);
  return compiled->matches(json(data));
}

std::string refusal(const std::string& filter) {
  const auto compiled = query::Filter::parse(json(filter));
  return compiled ? "accepted" : compiled.error().detail;
}

}  // namespace

TEST_CASE("filter: a value is equal by kind and content, an object whatever its order") {
  CHECK(matches("{'a':3}", "{'a':3}"));
  CHECK_FALSE(matches("{'a':3}", "{'a':'3'}"));
  CHECK(matches("{'a':{'x':1,'y':2}}", "{'a':{'y':2,'x':1}}"));
  CHECK(matches("{'a':true,'b':'x'}", "{'a':true,'b':'x'}"));
  CHECK_FALSE(matches("{'a':true,'b':'x'}", "{'a':true,'b':'y'}"));
  CHECK(matches("{}", "{'a':1}"));
  CHECK(matches("{}", "'a text'"));
}

TEST_CASE("filter: null is equal to nothing at all") {
  CHECK(matches("{'a':null}", "{'a':null}"));
  CHECK(matches("{'a':null}", "{}"));
  CHECK(matches("{'a':null}", "'a text'"));
  CHECK_FALSE(matches("{'a':null}", "{'a':0}"));
}

TEST_CASE("filter: a list matches by itself and by each of its elements") {
  CHECK(matches("{'tags':'x'}", "{'tags':['x','y']}"));
  CHECK(matches("{'tags':['x','y']}", "{'tags':['x','y']}"));
  CHECK_FALSE(matches("{'tags':['y','x']}", "{'tags':['x','y']}"));
  CHECK(matches("{'n':{'$gt':4}}", "{'n':[1,5]}"));
}

TEST_CASE("filter: a path goes into objects, to an index, and through lists of objects") {
  CHECK(matches("{'a.b':1}", "{'a':{'b':1}}"));
  CHECK(matches("{'a.1':1}", "{'a':[0,1]}"));
  CHECK(matches("{'a.b':1}", "{'a':[{'b':0},{'b':1}]}"));
  CHECK_FALSE(matches("{'a.b':1}", "{'a.b':1}"));
}

TEST_CASE("filter: comparisons hold between values of one kind only") {
  CHECK(matches("{'a':{'$gt':1,'$lt':3}}", "{'a':2}"));
  CHECK_FALSE(matches("{'a':{'$gt':1,'$lt':3}}", "{'a':3}"));
  CHECK(matches("{'a':{'$gte':3,'$lte':3}}", "{'a':3}"));
  CHECK(matches("{'a':{'$gt':'b'}}", "{'a':'c'}"));
  CHECK_FALSE(matches("{'a':{'$gt':1}}", "{'a':'c'}"));
  CHECK_FALSE(matches("{'a':{'$lt':1}}", "{}"));
}

TEST_CASE("filter: $ne, $nin and $not are what the rest is not") {
  CHECK(matches("{'a':{'$ne':1}}", "{'a':2}"));
  CHECK(matches("{'a':{'$ne':1}}", "{}"));
  CHECK_FALSE(matches("{'a':{'$ne':1}}", "{'a':[1,2]}"));
  CHECK(matches("{'a':{'$nin':[1,2]}}", "{'a':3}"));
  CHECK_FALSE(matches("{'a':{'$nin':[1,2]}}", "{'a':2}"));
  CHECK(matches("{'a':{'$not':{'$gt':1}}}", "{'a':1}"));
  CHECK(matches("{'a':{'$not':{'$gt':1}}}", "{}"));
  CHECK_FALSE(matches("{'a':{'$not':{'$gt':1}}}", "{'a':2}"));
}

TEST_CASE("filter: $in, $all, $size, $exists and $elemMatch") {
  CHECK(matches("{'a':{'$in':[1,null]}}", "{}"));
  CHECK_FALSE(matches("{'a':{'$in':[]}}", "{'a':1}"));
  CHECK(matches("{'a':{'$all':[1,2]}}", "{'a':[2,3,1]}"));
  CHECK_FALSE(matches("{'a':{'$all':[1,2]}}", "{'a':[1]}"));
  CHECK(matches("{'a':{'$size':2}}", "{'a':[2,3]}"));
  CHECK_FALSE(matches("{'a':{'$size':2}}", "{'a':'xy'}"));
  CHECK(matches("{'a':{'$exists':true}}", "{'a':null}"));
  CHECK(matches("{'a':{'$exists':false}}", "{}"));
  CHECK(matches("{'a':{'$elemMatch':{'x':1,'y':2}}}", "{'a':[{'x':1,'y':2}]}"));
  CHECK_FALSE(matches("{'a':{'$elemMatch':{'x':1,'y':2}}}", "{'a':[{'x':1},{'y':2}]}"));
  CHECK(matches("{'a':{'$elemMatch':{'$gt':1,'$lt':3}}}", "{'a':[0,2,4]}"));
  CHECK_FALSE(matches("{'a':{'$elemMatch':{'$gt':1,'$lt':3}}}", "{'a':[0,4]}"));
}

TEST_CASE("filter: $and, $or and $nor combine filters") {
  CHECK(matches("{'$or':[{'a':1},{'b':1}]}", "{'b':1}"));
  CHECK_FALSE(matches("{'$or':[{'a':1},{'b':1}],'c':1}", "{'b':1}"));
  CHECK(matches("{'$and':[{'a':1},{'b':1}]}", "{'a':1,'b':1}"));
  CHECK(matches("{'$nor':[{'a':1},{'b':1}]}", "{'a':2}"));
  CHECK_FALSE(matches("{'$nor':[{'a':1},{'b':1}]}", "{'a':1}"));
}

TEST_CASE("filter: what it cannot do it refuses by name") {
  CHECK(refusal("{'$where':'1'}") == "Unknown operator: $where");
  CHECK(refusal("{'a':{'$regex':'x'}}") == "Unknown operator: $regex");
  CHECK(refusal("{'a':{'$in':1}}") == "$in, $nin and $all take a list");
  CHECK(refusal("{'a..b':1}") == "Bad field: a..b");
  CHECK(refusal("{'$or':[]}") == "$or must be a list of filters");
  CHECK(refusal("[1]") == "A filter must be an object");
}

TEST_CASE("filter: terms and values are bounded") {
  const query::FilterLimits limits{.terms_max = 3, .values_max = 2};
  CHECK(query::Filter::parse(json("{'a':1,'b':{'$gt':1}}"), limits).has_value());
  CHECK_FALSE(query::Filter::parse(json("{'a':1,'b':{'$gt':1},'c':1}"), limits).has_value());
  CHECK(query::Filter::parse(json("{'a':{'$in':[1,2]}}"), limits).has_value());
  CHECK_FALSE(query::Filter::parse(json("{'a':{'$in':[1,2,3]}}"), limits).has_value());
}

TEST_CASE("filter: it knows the fields it depends on, and by which values it may be found") {
  const auto filter = query::Filter::parse(
      json("{'a.b':{'$gt':1},'status':{'$in':['x',2]},'$or':[{'c':1},{'d':1}]}"));
  REQUIRE(filter.has_value());
  CHECK(filter->fields() == std::set<std::string>{"a", "c", "d", "status"});
  REQUIRE(filter->selector().has_value());
  CHECK(filter->selector()->field == "status");
  CHECK(filter->selector()->values == std::vector<std::string>{"\"x\"", "2"});
  for (const char* none : {"{'a.b':1}", "{'a':null}", "{'a':{'$ne':1}}", "{'$or':[{'a':1}]}",
                           "{'a':{'$elemMatch':{'b':1}}}", "{'a':{'x':1}}"}) {
    CAPTURE(none);
    CHECK_FALSE(query::Filter::parse(json(none))->selector().has_value());
  }
  const ot::Json list = json("[1,'x']");
  CHECK(query::selector_keys(&list) == std::vector<std::string>{"1", "\"x\""});
}

TEST_CASE("query: both forms say the same") {
  const auto mongo = query::Query::parse(
      json("{'a':1,'$sort':{'b':-1,'c':1},'$skip':2,'$limit':3,'$count':true}"));
  const auto named = query::Query::parse(
      json("{'filter':{'a':1},'sort':[['b',-1],['c',1]],'skip':2,'limit':3,'count':true}"));
  for (const auto* query : {&mongo, &named}) {
    REQUIRE(query->has_value());
    CHECK((*query)->filter.fields() == std::set<std::string>{"a"});
    REQUIRE((*query)->sort.size() == 2);
    CHECK((*query)->sort[0].descending);
    CHECK((*query)->skip == 2);
    CHECK((*query)->end() == std::size_t{5});
    CHECK((*query)->count);
  }
  CHECK(query::Query::parse(json("{}"))->filter.matches(json("{'a':1}")));
}

TEST_CASE("query: sort, skip and limit are checked and bounded") {
  const query::QueryLimits limits{.filter = {}, .sort_keys_max = 1, .results_max = 10};
  for (const char* bad :
       {"{'sort':'a'}", "{'$sort':{'a':2}}", "{'sort':[['a']]}", "{'$skip':-1}", "{'$limit':1.5}",
        "{'$limit':11}", "{'$skip':5,'$limit':6}", "{'$sort':{'a':1,'b':1}}", "5"}) {
    CAPTURE(bad);
    CHECK_FALSE(query::Query::parse(json(bad), limits).has_value());
  }
  CHECK(query::Query::parse(json("{'$skip':5,'$limit':5}"), limits).has_value());
}
