#include "ot/projection.h"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "ot/builtin_types.h"
#include "ot/json_text.h"
#include "tests/support/json_notation.h"

using namespace segue;
using test::json;

namespace {

const ot::Projection title_only{"public", "plans", {"title"}};

// The op as it is shown, in the notation of tests.
std::string shown(const std::string& op) {
  ot::CommittedOp committed;
  committed.kind = ot::OpKind::edit;
  committed.payload = json_text(json(op));
  std::string text = title_only.project(committed).payload;
  std::replace(text.begin(), text.end(), '"', '\'');
  return text;
}

bool allowed(const std::string& op) { return title_only.check_edit(json(op)).has_value(); }

}  // namespace

TEST_CASE("projection: of an object its fields are seen, of anything else null") {
  CHECK(title_only.project(json("{'title':{'a':1},'secret':2}")) == json("{'title':{'a':1}}"));
  CHECK(title_only.project(json("{'secret':2}")) == json("{}"));
  CHECK(title_only.project(json("[1]")).is_null());
  CHECK(title_only.project(json("'text'")).is_null());
}

TEST_CASE("projection: of an op what touches other fields is left out") {
  CHECK(shown("[{'p':['title',0],'si':'x'},{'p':['secret'],'na':1}]") ==
        "[{'p':['title',0],'si':'x'}]");
  CHECK(shown("[{'p':['secret'],'na':1}]") == "[]");
  CHECK(shown("[{'p':[],'od':{'secret':1},'oi':{'title':'x','secret':2}}]") ==
        "[{'p':[],'od':{},'oi':{'title':'x'}}]");
  CHECK(shown("[{'p':[],'na':1}]") == "[]");
}

TEST_CASE("projection: a create shows its fields, one of another type only moves the version") {
  ot::CommittedOp create;
  create.kind = ot::OpKind::create;
  create.type = ot::find_type("json0")->uri;
  create.payload = R"({"title":"x","secret":1})";
  CHECK(title_only.project(create).payload == R"({"title":"x"})");
  create.type = ot::find_type("rich-text")->uri;
  CHECK(title_only.project(create).kind == ot::OpKind::noop);
}

TEST_CASE("projection: an op may touch its fields and nothing else") {
  CHECK(allowed("[{'p':['title'],'oi':1}]"));
  CHECK(allowed("[]"));
  CHECK_FALSE(allowed("[{'p':['title'],'oi':1},{'p':['secret'],'oi':1}]"));
  CHECK_FALSE(allowed("[{'p':[],'oi':{'title':1}}]"));
  CHECK_FALSE(allowed("{'p':['title']}"));
  CHECK_FALSE(allowed("[5]"));
}

TEST_CASE("projection: a create may have its fields and nothing else") {
  const auto may_create = [](const char* type, const std::string& data) {
    const ot::Json value = json(data);
    return title_only.check_create(*ot::find_type(type), &value).has_value();
  };
  CHECK(may_create("json0", "{'title':1}"));
  CHECK(may_create("json0", "null"));
  CHECK_FALSE(may_create("json0", "{'title':1,'secret':1}"));
  CHECK_FALSE(may_create("json0", "[1]"));
  CHECK_FALSE(may_create("rich-text", "null"));
}
