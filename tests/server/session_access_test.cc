#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ot/builtin_types.h"
#include "server/session.h"
#include "tests/server/access/support.h"
#include "tests/support/fake_host.h"

using namespace segue;
using access::Rights;
using test::json;

namespace {

std::shared_ptr<const Rights> rights_of(const std::string& author, const std::string& rules) {
  access::Identity identity;
  identity.author = author;
  identity.expires_s = 1000;
  auto policy = access::Policy::from_rules(json(rules));
  return Rights::make(identity, std::make_shared<const access::Policy>(policy.value())).value();
}

struct FakePort : server::SessionPort, server::AccessPort {
  void send(const server::Frame& frame) override {
    for (std::string& message : tests::messages_of(frame)) {
      sent.push_back(std::move(message));
    }
  }
  void forward(const ot::DocId& doc, server::DocRequest request) override {
    forwarded.emplace_back(doc.str(), std::move(request));
  }
  void forward(server::ChannelRequest request) override { told.push_back(request.channel); }
  void forward(server::QueryRequest request) override { asked.push_back(request.collection); }
  void close(server::CloseReason reason) override { closed = reason.code; }
  void claim_src(const ot::ClientId& src, const std::string& author,
                 std::function<void(ot::Result<bool>)> then) override {
    claimed = src.value + " by " + author;
    answer = std::move(then);
  }
  ot::Result<std::shared_ptr<const Rights>> authenticate(
      const ot::Authenticate& credentials) override {
    authenticated = credentials.value;
    return granted;
  }

  std::vector<std::string> sent;
  std::vector<std::pair<std::string, server::DocRequest>> forwarded;
  std::vector<std::string> told;
  std::vector<std::string> asked;
  int closed = 0;
  std::string claimed;
  std::function<void(ot::Result<bool>)> answer;
  std::string authenticated;
  ot::Result<std::shared_ptr<const Rights>> granted = ot::fail(ot::Errc::unauthorized, "no");
};

// Ann's session.
struct Ann {
  explicit Ann(const std::string& rules) { session.admit(rights_of("ann", rules), port); }

  // With ' for ".
  std::string say(std::string text) {
    for (char& c : text) {
      c = c == '\'' ? '"' : c;
    }
    session.on_message(text);
    const auto sent = std::exchange(port.sent, {});
    return sent.empty() ? "" : sent.back();
  }
  // What happens to a message: the names of the documents it is forwarded to, or the error's code.
  std::string fate(const std::string& text) {
    const std::string reply = say(text);
    std::string result;
    for (const auto& [doc, request] : std::exchange(port.forwarded, {})) {
      result += doc + ' ';
    }
    return reply.find("ERR_FORBIDDEN") == reply.npos ? result : result + "forbidden";
  }

  FakePort port;
  server::Limits limits;
  server::Session session{ot::ClientId{"random"}, limits, &ot::find_type, port};
};

const std::string reader = "[{'collection':'c','id':'r*','allow':['read']}]";
const std::string everything = "[{'collection':'*','allow':['read','write','create','delete']}]";

}  // namespace

TEST_CASE("session access: each way to read takes the right to read") {
  Ann ann(reader);
  for (const char* message :
       {"{'a':'f','c':'c','d':'ID'}", "{'a':'f','c':'c','d':'ID','v':0}",
        "{'a':'s','c':'c','d':'ID'}", "{'a':'s','c':'c','d':'ID','v':0}",
        "{'a':'nf','id':1,'c':'c','d':'ID'}", "{'a':'nt','id':1,'c':'c','d':'ID','ts':5}"}) {
    CAPTURE(message);
    std::string text = message;
    CHECK(ann.fate(text.replace(text.find("ID"), 2, "r1")) == "c/r1 ");
    text = message;
    CHECK(ann.fate(text.replace(text.find("ID"), 2, "x1")) == "forbidden");
  }
  CHECK(ann.fate("{'a':'u','c':'c','d':'x1'}") == "c/x1 ");
}

TEST_CASE("session access: a refusal is the request with the reason, whatever there is") {
  Ann ann(reader);
  CHECK(ann.say("{'a':'f','c':'c','d':'x'}") ==
        R"({"a":"f","c":"c","d":"x","error":{"code":"ERR_FORBIDDEN",)"
        R"("message":"No rule allows you to read this document"}})");
}

TEST_CASE("session access: an op takes its own right and the right to read") {
  const std::string ops[] = {"{'a':'op','c':'c','d':'d','v':0,'seq':1,'op':[]}",
                             "{'a':'op','c':'c','d':'d','v':0,'seq':1,'create':{'type':'json0'}}",
                             "{'a':'op','c':'c','d':'d','v':0,'seq':1,'del':true}"};
  const char* const actions[] = {"write", "create", "delete"};
  for (std::size_t allowed = 0; allowed < 3; ++allowed) {
    const std::string action = actions[allowed];
    Ann both("[{'collection':'c','allow':['read','" + action + "']}]");
    Ann blind("[{'collection':'c','allow':['" + action + "']}]");
    for (std::size_t op = 0; op < 3; ++op) {
      CHECK(both.fate(ops[op]) == (op == allowed ? "c/d " : "forbidden"));
      CHECK(blind.fate(ops[op]) == "forbidden");
    }
  }
}

TEST_CASE("session access: of a bulk request for snapshots each document is judged by itself") {
  Ann ann(reader);
  CHECK(ann.fate("{'a':'bs','c':'c','b':['r1','x1','r2']}") == "c/r1 c/r2 ");
  CHECK(
      ann.say("{'a':'bf','c':'c','b':['x1','x2']}") ==
      R"({"a":"bf","c":"c","data":{)"
      R"("x1":{"error":{"code":"ERR_FORBIDDEN","message":"No rule allows you to read this document"}},)"
      R"("x2":{"error":{"code":"ERR_FORBIDDEN","message":"No rule allows you to read this document"}}}})");
  CHECK(ann.fate("{'a':'bu','c':'c','b':['r1','x1']}") == "c/r1 c/x1 ");
}

TEST_CASE("session access: of a bulk request for ops those that are refused are answered apart") {
  Ann ann(reader);
  CHECK(ann.say("{'a':'bs','c':'c','b':{'r1':3,'x1':4,'r2':null,'x2':null}}") ==
        R"({"a":"bs","c":"c","b":{"x1":4,"x2":null},"error":{"code":"ERR_FORBIDDEN",)"
        R"("message":"No rule allows you to read this document"}})");
  REQUIRE(ann.port.forwarded.size() == 2);
  CHECK(ot::json_text(ann.port.forwarded[0].second.message.view().find("b")) ==
        R"({"r1":3,"r2":null})");
  CHECK(std::get<ot::Subscribe>(ann.port.forwarded[0].second.what).version == ot::Version{3});
  ann.port.forwarded.clear();
  CHECK(ann.fate("{'a':'bs','c':'c','b':{'x1':4}}") == "forbidden");
  CHECK(ann.port.sent.empty());
  CHECK(ann.fate("{'a':'bu','c':'c','b':{'x1':4}}") == "c/x1 ");
}

TEST_CASE("session access: every request carries the rights it was made with") {
  Ann ann(everything);
  ann.say("{'a':'op','c':'c','d':'d','v':0,'seq':1,'op':[]}");
  REQUIRE(ann.port.forwarded.size() == 1);
  CHECK(ann.port.forwarded[0].second.rights->author() == "ann");
}

TEST_CASE("session access: who loses the right to read what it is subscribed to is sent away") {
  Ann ann(everything);
  ann.say("{'a':'s','c':'c','d':'r1'}");
  ann.say("{'a':'s','c':'c','d':'x1'}");
  ann.session.admit(rights_of("ann", everything), ann.port);
  CHECK(ann.port.closed == 0);
  ann.say("{'a':'u','c':'c','d':'x1'}");
  ann.session.admit(rights_of("ann", reader), ann.port);
  CHECK(ann.port.closed == 0);
  ann.session.admit(rights_of("ann", "[]"), ann.port);
  CHECK(ann.port.closed == 4003);
}

// ---- srcs

TEST_CASE("session access: a src of one's own is taken up again") {
  Ann ann(everything);
  CHECK(ann.say("{'a':'hs','id':'before'}").empty());
  CHECK(ann.port.claimed == "before by ann");
  CHECK(ann.session.is_waiting());
  ann.port.answer(true);
  CHECK_FALSE(ann.session.is_waiting());
  REQUIRE(ann.port.sent.size() == 1);
  CHECK(ann.port.sent[0] == R"({"a":"hs","protocol":1,"protocolMinor":2,"id":"before",)"
                            R"("type":"http://sharejs.org/types/JSONv0",)"
                            R"("segue":{"author":"ann","exp":1000}})");
  CHECK(ann.session.src().value == "before");
}

TEST_CASE("session access: who claims another's src keeps the random one") {
  Ann ann(everything);
  ann.say("{'a':'hs','id':'bobs'}");
  ann.port.answer(false);
  CHECK(ann.port.sent[0].find(R"("id":"random")") != std::string::npos);
  CHECK(ann.session.src().value == "random");
}

TEST_CASE("session access: one's own src needs no asking") {
  Ann ann(everything);
  CHECK_FALSE(ann.say("{'a':'hs','id':'random'}").empty());
  CHECK_FALSE(ann.say("{'a':'hs'}").empty());
  ann.say("{'a':'op','c':'c','d':'d','v':0,'seq':1,'src':'random','op':[]}");
  CHECK(ann.port.claimed.empty());
  CHECK(ann.port.forwarded.size() == 1);
}

TEST_CASE("session access: an op by another src of one's own is forwarded, one by another's not") {
  Ann ann(everything);
  const std::string op = "{'a':'op','c':'c','d':'d','v':0,'seq':1,'src':'before','op':[]}";
  ann.say(op);
  CHECK(ann.port.forwarded.empty());
  ann.port.answer(true);
  REQUIRE(ann.port.forwarded.size() == 1);
  CHECK(std::get<ot::Submit>(ann.port.forwarded[0].second.what).op.src.value == "before");
  ann.port.forwarded.clear();
  ann.say(op);
  ann.port.answer(false);
  CHECK(ann.port.forwarded.empty());
  REQUIRE(ann.port.sent.size() == 1);
  CHECK(ann.port.sent[0].find("ERR_SRC_NOT_YOURS") != std::string::npos);
}

TEST_CASE("session access: an op whose src cannot be looked up is left to its author") {
  Ann ann(everything);
  ann.say("{'a':'op','c':'c','d':'d','v':0,'seq':1,'src':'before','op':[]}");
  ann.port.answer(ot::fail(ot::Errc::log_io, "broken"));
  CHECK(ann.port.closed == 1013);
  CHECK(ann.port.sent.empty());
}

// ---- renewal

TEST_CASE("session access: a new token of the same author is in force at once") {
  Ann ann("[]");
  ann.port.granted = rights_of("ann", everything);
  CHECK(ann.say("{'a':'auth','token':'secret'}") == R"({"a":"auth","author":"ann","exp":1000})");
  CHECK(ann.port.authenticated == "secret");
  CHECK(ann.fate("{'a':'f','c':'c','d':'d'}") == "c/d ");
  CHECK(ann.say("{'a':'auth','ticket':'t','id':7}") ==
        R"({"a":"auth","id":7,"author":"ann","exp":1000})");
}

TEST_CASE("session access: a bad token, or one of another author, changes nothing") {
  Ann ann(everything);
  CHECK(ann.say("{'a':'auth','token':'secret'}") ==
        R"({"a":"auth","error":{"code":"ERR_UNAUTHORIZED","message":"no"}})");
  ann.port.granted = rights_of("bob", "[]");
  CHECK(
      ann.say("{'a':'auth','token':'secret','id':7}") ==
      R"({"a":"auth","id":7,"error":{"code":"ERR_UNAUTHORIZED","message":"the token is of another author"}})");
  CHECK(ann.fate("{'a':'f','c':'c','d':'d'}") == "c/d ");
  CHECK(ann.port.closed == 0);
}

TEST_CASE("session access: auth takes one token or one ticket") {
  Ann ann(everything);
  for (const char* bad : {"{'a':'auth'}", "{'a':'auth','token':7}", "{'a':'auth','token':null}",
                          "{'a':'auth','token':'x','ticket':'y'}"}) {
    CAPTURE(bad);
    CHECK(ann.say(bad).find("ERR_MESSAGE_BADLY_FORMED") != std::string::npos);
  }
  CHECK(ann.port.authenticated.empty());
}

TEST_CASE("session access: without keys auth is answered as unsupported") {
  FakePort port;
  const server::Limits limits;
  server::Session session{ot::ClientId{"random"}, limits, &ot::find_type, port};
  session.on_message(R"({"a":"auth","token":"secret"})");
  REQUIRE(port.sent.size() == 1);
  CHECK(port.sent[0] ==
        R"({"a":"auth","error":{"code":"ERR_UNSUPPORTED","message":"No keys are in use"}})");
}

TEST_CASE("session access: a channel named like a document is as secret as that") {
  Ann ann("[{'collection':'open','allow':['read']}]");
  CHECK(ann.fate("{'a':'ps','ch':'open.d','seq':1}").empty());
  CHECK(ann.fate("{'a':'ps','ch':'lobby','seq':2}").empty());
  CHECK(ann.port.told == std::vector<std::string>{"open.d", "lobby"});
  for (const std::string said :
       {"{'a':'ps','ch':'shut.d','seq':3}", "{'a':'pr','ch':'shut.d'}",
        "{'a':'ps','ch':'open.d.e','seq':4}", "{'a':'p','ch':'shut.d','id':'i','pv':1,'p':{}}",
        "{'a':'p','ch':'lobby','c':'shut','d':'d','v':1,'t':'rich-text','id':'i','pv':1,'p':{}}"}) {
    CAPTURE(said);
    CHECK(ann.fate(said) == "forbidden");
  }
  CHECK(ann.port.told.size() == 2);
}

TEST_CASE("session access: a query takes the right to read all of its collection") {
  Ann ann(
      "[{'collection':'mixed','id':'secret','deny':['read']},{'collection':'mixed','allow':['read']"
      "},"
      "{'collection':'some','id':'a*','allow':['read']},{'collection':'all','allow':['read']}]");
  CHECK(ann.fate("{'a':'qf','id':1,'c':'all','q':{}}").empty());
  CHECK(ann.fate("{'a':'qs','id':2,'c':'all','q':{}}").empty());
  CHECK(ann.port.asked == std::vector<std::string>{"all", "all"});
  for (const char* collection : {"mixed", "some", "none"}) {
    CAPTURE(collection);
    const std::string c = collection;
    CHECK(ann.fate("{'a':'qf','id':3,'c':'" + c + "','q':{}}") == "forbidden");
    CHECK(ann.fate("{'a':'qs','id':4,'c':'" + c + "','q':{}}") == "forbidden");
  }
  ann.session.admit(rights_of("ann", "[]"), ann.port);
  CHECK(ann.port.closed == 4003);
}
