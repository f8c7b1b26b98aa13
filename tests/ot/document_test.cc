#include "ot/document.h"

#include <string>
#include <variant>
#include <vector>

#include <doctest/doctest.h>

#include "ot/builtin_types.h"
#include "ot/json_text.h"
#include "ot/types/parse.h"
#include "tests/ot/desk.h"

using namespace segue::ot;

namespace {}  // namespace

TEST_CASE("document: it starts at version 0 and does not exist") {
  Desk desk;
  CHECK(desk.document.version() == Version{0});
  CHECK(desk.document.snapshot().type == nullptr);
}

TEST_CASE("document: create, edit, delete and create again keep counting versions") {
  Desk desk;
  CHECK(desk.submit(Desk::create(1, 0, "[]")) == "ok 0");
  CHECK(desk.submit(Desk::edit(2, 1, "[{'p':[0],'li':1}]")) == "ok 1");
  CHECK(desk.submit(Desk::remove(3, 2)) == "ok 2");
  CHECK(desk.document.snapshot().type == nullptr);
  CHECK(desk.submit(Desk::create(4, 3, "'x'", "text-unicode")) == "ok 3");
  CHECK(desk.document.version() == Version{4});
  CHECK(desk.data() == "\"x\"");
}

TEST_CASE("document: an edit from before a delete is refused, whatever the document is since") {
  Desk desk;
  CHECK(desk.submit(Desk::create(1, 0, "[]")) == "ok 0");
  CHECK(desk.submit(Desk::edit(2, 1, "[{'p':[0],'li':1}]")) == "ok 1");
  CHECK(desk.submit(Desk::remove(3, 2)) == "ok 2");
  CHECK(desk.submit(Desk::edit(1, 1, "[{'p':[0],'li':2}]"), "late") == "ERR_DOC_WAS_DELETED");
  CHECK(desk.submit(Desk::create(4, 3, "'x'", "text-unicode")) == "ok 3");
  CHECK(desk.submit(Desk::edit(2, 1, "['y']"), "late") == "ERR_DOC_WAS_DELETED");
  CHECK(desk.submit(Desk::edit(3, 1, "[{'p':[0],'li':2}]"), "late") == "ERR_DOC_WAS_DELETED");
  CHECK(desk.data() == "\"x\"");
}

TEST_CASE("document: what a submitted op meets decides whether it still may be") {
  struct Row {
    const char* committed;
    const char* submitted;
    const char* answer;
  };
  const std::vector<Row> table = {
      {"create", "create", "ERR_DOC_ALREADY_CREATED"},
      {"create", "edit", "ERR_DOC_ALREADY_CREATED"},
      {"create", "remove", "ERR_DOC_ALREADY_CREATED"},
      {"edit", "create", "ERR_DOC_ALREADY_CREATED"},
      {"edit", "edit", "ok 2"},
      {"edit", "remove", "ok 2"},
      {"remove", "create", "ERR_DOC_WAS_DELETED"},
      {"remove", "edit", "ERR_DOC_WAS_DELETED"},
      {"remove", "remove", "ok 2"},
  };
  const auto op = [](const std::string& kind, std::uint64_t seq, std::uint64_t base) {
    return kind == "create" ? Desk::create(seq, base, "[]")
           : kind == "edit" ? Desk::edit(seq, base, "[{'p':[0],'li':1}]")
                            : Desk::remove(seq, base);
  };
  for (const Row& row : table) {
    CAPTURE(row.committed);
    CAPTURE(row.submitted);
    Desk desk;
    // Before a create the document was deleted, else it exists.
    const bool over_create = std::string(row.committed) == "create";
    CHECK(desk.submit(over_create ? Desk::remove(1, 0) : Desk::create(1, 0, "[]")) == "ok 0");
    CHECK(desk.submit(op(row.committed, 2, 1)) == "ok 1");
    CHECK(desk.submit(op(row.submitted, 3, 1), "late") == row.answer);
  }
}

TEST_CASE("document: at its current version an op needs only to apply") {
  Desk desk;
  CHECK(desk.submit(Desk::edit(1, 0, "[]")) == "ERR_DOC_DOES_NOT_EXIST");
  CHECK(desk.submit(Desk::remove(2, 0)) == "ok 0");
  CHECK(desk.submit(Desk::create(3, 1, "{}")) == "ok 1");
  CHECK(desk.submit(Desk::create(4, 2, "{}")) == "ERR_DOC_ALREADY_CREATED");
  CHECK(desk.submit(Desk::edit(5, 2, "[{'p':['x',0],'li':1}]")) == "ERR_OT_OP_NOT_APPLIED");
  CHECK(desk.submit(Desk::edit(6, 2, "5")) == "ERR_OT_OP_BADLY_FORMED");
  CHECK(desk.document.version() == Version{2});
}

TEST_CASE(
    "document: an op without a version applies to the current one, but a create must be first") {
  Desk desk;
  CHECK(desk.submit(Desk::create(1, {}, "[]")) == "ok 0");
  CHECK(desk.submit(Desk::edit(2, {}, "[{'p':[0],'li':1}]")) == "ok 1");
  CHECK(desk.submit(Desk::create(3, {}, "[]"), "other") == "ERR_DOC_ALREADY_CREATED");
  CHECK(desk.submit(Desk::remove(4, {})) == "ok 2");
}

TEST_CASE("document: an op ahead of the document is refused") {
  Desk desk;
  CHECK(desk.submit(Desk::create(1, 5, "[]")) == "ERR_OP_VERSION_NEWER_THAN_CURRENT_SNAPSHOT");
}

TEST_CASE("document G3: a resend is known at each version its author may have reached") {
  Desk desk;
  desk.submit(Desk::create(1, 0, "[]"));
  desk.submit(Desk::edit(1, 1, "[{'p':[0],'li':'theirs'}]"), "other");
  CHECK(desk.submit(Desk::edit(2, 1, "[{'p':[0],'li':'mine'}]")) == "ok 2");
  desk.submit(Desk::edit(2, 3, "[{'p':[0],'li':'later'}]"), "other");
  // As first sent, as transformed by its author, and from beyond where it was committed.
  CHECK(desk.submit(Desk::edit(2, 1, "[{'p':[0],'li':'mine'}]")) == "duplicate 2");
  CHECK(desk.submit(Desk::edit(2, 2, "[{'p':[0],'li':'mine'}]")) == "duplicate 2");
  CHECK(desk.submit(Desk::edit(2, 3, "[{'p':[0],'li':'mine'}]")) == "duplicate 2");
  CHECK(desk.submit(Desk::edit(2, 4, "[{'p':[0],'li':'mine'}]")) == "duplicate 2");
  CHECK(desk.submit(Desk::edit(2, {}, "[{'p':[0],'li':'mine'}]")) == "duplicate 2");
  CHECK(desk.document.version() == Version{4});
}

TEST_CASE("document G3: other contents under a known src and seq are never silently acknowledged") {
  Desk desk;
  desk.submit(Desk::create(1, 0, "[]"));
  desk.submit(Desk::edit(2, 1, "[{'p':[0],'li':'mine'}]"));
  CHECK(desk.submit(Desk::edit(2, 1, "[{'p':[0],'li':'else'}]")) == "ERR_OP_ALREADY_SUBMITTED");
  CHECK(desk.submit(Desk::edit(2, 2, "[{'p':[0],'li':'else'}]")) == "ERR_OP_ALREADY_SUBMITTED");
  CHECK(desk.submit(Desk::remove(2, 1)) == "ERR_OP_ALREADY_SUBMITTED");
  CHECK(desk.submit(Desk::create(1, 0, "[1]")) == "ERR_OP_ALREADY_SUBMITTED");
}

TEST_CASE("document G3: a create that was deleted since and is sent again is not created again") {
  Desk desk;
  desk.submit(Desk::create(1, {}, "[]"));
  desk.submit(Desk::remove(1, 1), "other");
  CHECK(desk.submit(Desk::create(1, {}, "[]")) == "duplicate 0");
  CHECK(desk.document.snapshot().type == nullptr);
}

TEST_CASE("document G3: what it remembers of a src is not less than what the log has") {
  DocumentLimits limits;
  limits.history_bytes_max = 0;
  limits.authors_max = 0;
  Desk desk(limits);
  desk.submit(Desk::create(9, 0, "[]"));
  desk.document.prune(Version{1});
  PendingOp late(Desk::edit(3, 1, "[{'p':[0],'li':1}]"));  // as from a second tab with the same src
  REQUIRE(std::holds_alternative<NeedAuthor>(*desk.document.submit(late, 0)));
  desk.document.learn_author(ClientId{"me"}, Seq{9});
  REQUIRE(std::holds_alternative<NeedCommitted>(*desk.document.submit(late, 0)));
  late.committed_known = true;
  const auto outcome = desk.document.submit(late, 0);
  REQUIRE(std::holds_alternative<Accepted>(*outcome));
  const CommittedOp committed = *std::get<Accepted>(*outcome).op;
  desk.document.prune(Version{2});
  PendingOp again(Desk::create(9, 0, "[]"));
  CHECK(std::holds_alternative<NeedAuthor>(*desk.document.submit(again, 0)));

  Document restored(limits, &find_type);
  REQUIRE(restored.restore(Version{1}, find_type("json0")->uri, "[]"));
  REQUIRE(restored.replay(committed));
  restored.prune(Version{2});
  PendingOp resent(Desk::create(9, 0, "[]"));
  CHECK(std::holds_alternative<NeedAuthor>(*restored.submit(resent, 0)));
}

TEST_CASE("document: of authors whose ops are not in memory it remembers a few") {
  constexpr int visitors = 300;
  Desk desk(DocumentLimits{.history_bytes_max = 100'000, .authors_max = 10});
  desk.submit(Desk::create(1, 0, "[]"));
  std::uint64_t seq = 1;
  for (int i = 0; i < visitors; ++i) {
    const std::string visitor = "visitor-" + std::to_string(i);
    desk.document.learn_author(ClientId{visitor}, std::nullopt);
    REQUIRE(desk.submit(Desk::edit(1, {}, "[]"), visitor).starts_with("ok"));
    for (int ops = 0; ops < 20; ++ops) {
      desk.submit(Desk::edit(++seq, {}, "[]"));
    }
    desk.document.prune(desk.document.version());
  }
  int in_memory = 0;
  int forgotten = 0;
  for (int i = 0; i < visitors; ++i) {
    PendingOp again(Desk::edit(1, {}, "[]"));
    again.submission.src.value = "visitor-" + std::to_string(i);
    const auto outcome = desk.document.submit(again, 0);
    REQUIRE(outcome.has_value());
    in_memory += std::holds_alternative<Duplicate>(*outcome) ? 1 : 0;
    forgotten += std::holds_alternative<NeedAuthor>(*outcome) ? 1 : 0;
  }
  CHECK(in_memory > 10);
  CHECK(visitors - forgotten <= in_memory + in_memory / 4 + 10);
}

TEST_CASE("document: the authors it remembers count in what is in memory for it") {
  Desk desk(DocumentLimits{.history_bytes_max = 0, .authors_max = 1'000});
  desk.submit(Desk::create(1, 0, "[]"));
  desk.document.prune(desk.document.version());
  const std::size_t before = desk.document.memory_bytes();
  for (int i = 0; i < 100; ++i) {
    desk.submit(Desk::edit(1, {}, "[]"), "visitor-" + std::to_string(i));
    desk.document.prune(desk.document.version());
  }
  CHECK(desk.document.memory_bytes() >= before + 100 * sizeof(std::string));
}

TEST_CASE("document G3: a seq that was skipped here and comes late is new") {
  Desk desk;
  desk.submit(Desk::create(5, 0, "[]"));
  PendingOp pending(Desk::edit(3, 1, "[{'p':[0],'li':1}]"));
  auto outcome = desk.document.submit(pending, 0);
  REQUIRE(outcome.has_value());
  REQUIRE(std::holds_alternative<NeedCommitted>(*outcome));
  pending.committed_known = true;  // The log has no such op.
  outcome = desk.document.submit(pending, 0);
  REQUIRE(outcome.has_value());
  CHECK(std::holds_alternative<Accepted>(*outcome));
}

TEST_CASE("document: an op from before a document of another type is never taken for that type's") {
  Desk desk;
  CHECK(desk.submit(Desk::create(1, 0, "['a']")) == "ok 0");
  CHECK(desk.submit(Desk::edit(2, 1, "[{'p':[0],'li':'b'}]")) == "ok 1");
  CHECK(desk.submit(Desk::remove(3, 2)) == "ok 2");
  CHECK(desk.submit(Desk::create(4, 3, "'text'", "text-unicode")) == "ok 3");
  CHECK(desk.submit(Desk::edit(1, 1, "['x']"), "late") == "ERR_DOC_WAS_DELETED");
  CHECK(desk.submit(Desk::edit(2, 1, "['x']")) == "duplicate 1");
}

TEST_CASE("document: an op behind the history asks for the ops in between, and carries on") {
  Desk desk(DocumentLimits{.history_bytes_max = 0});
  std::vector<CommittedOpPtr> log;
  const auto commit = [&](Submission op) {
    PendingOp pending(std::move(op));
    auto outcome = desk.document.submit(pending, 0);
    REQUIRE(outcome.has_value());
    log.push_back(std::get<Accepted>(*outcome).op);
    desk.document.prune(desk.document.version());
  };
  commit(Desk::create(1, 0, "[]"));
  for (std::uint64_t v = 1; v <= 6; ++v) {
    commit(Desk::edit(v + 1, v, "[{'p':[0],'li':" + std::to_string(v) + "}]"));
  }
  Submission late = Desk::edit(1, 1, "[{'p':[0],'li':'late'}]");
  late.src.value = "late";
  PendingOp pending(std::move(late));
  auto outcome = desk.document.submit(pending, 0);
  REQUIRE(std::holds_alternative<NeedOps>(*outcome));
  CHECK(std::get<NeedOps>(*outcome).from == Version{1});
  CHECK(std::get<NeedOps>(*outcome).to == Version{7});
  CHECK(desk.document.lineage().rebase(pending, std::span(log).subspan(1, 3)));
  CHECK(desk.document.lineage().rebase(pending, std::span(log).subspan(4, 3)));
  outcome = desk.document.submit(pending, 0);
  REQUIRE(std::holds_alternative<Accepted>(*outcome));
  CHECK(desk.data() == R"(["late",6,5,4,3,2,1])");
}

TEST_CASE("document: an op that takes many steps to rewrite is handed back, and carries on") {
  const auto inserts = [](std::size_t count) {
    std::string text = "[";
    for (std::size_t i = 0; i < count; ++i)
      text += (i == 0 ? "" : ",") + std::string("{'p':[0],'li':1}");
    return text + "]";
  };
  Desk desk(DocumentLimits{.steps_max = 3000});
  CHECK(desk.submit(Desk::create(1, 0, "[]")) == "ok 0");
  CHECK(desk.submit(Desk::edit(2, 1, inserts(5))) == "ok 1");
  CHECK(desk.submit(Desk::edit(3, 2, inserts(100))) == "ok 2");
  CHECK(desk.submit(Desk::edit(4, 3, inserts(5))) == "ok 3");
  Submission late = Desk::edit(1, 1, inserts(50));
  late.src.value = "late";
  PendingOp pending(late);
  auto outcome = desk.document.submit(pending, 0);
  REQUIRE(std::holds_alternative<NeedTime>(*outcome));
  CHECK(pending.at == Version{2});  // It has come that far.
  CHECK(desk.submit(Desk::edit(5, 4, inserts(1))) == "ok 4");
  CHECK(desk.document.lineage().rebase(pending, std::get<NeedTime>(*outcome).ops));
  outcome = desk.document.submit(pending, 0);
  REQUIRE(std::holds_alternative<Accepted>(*outcome));
  CHECK(std::get<Accepted>(*outcome).op->version == Version{5});
}

TEST_CASE("document G8: it takes exactly its bound of bytes, and is unchanged beyond") {
  Desk desk(DocumentLimits{.document_bytes_max = 10});
  CHECK(desk.submit(Desk::create(1, 0, "[123456789]")) == "ERR_MESSAGE_TOO_LARGE");
  CHECK(desk.submit(Desk::create(2, 0, "[1234567]")) == "ok 0");
  CHECK(desk.submit(Desk::edit(3, 1, "[{'p':[0],'na':90000000}]")) == "ok 1");
  CHECK(desk.data().size() == 10);
  CHECK(desk.submit(Desk::edit(4, 2, "[{'p':[0],'na':90000000}]")) == "ERR_MESSAGE_TOO_LARGE");
  CHECK(desk.data() == "[91234567]");
}

TEST_CASE("document G8: it nests exactly as deep as its bound") {
  Desk desk(DocumentLimits{.depth_max = 2});
  CHECK(desk.submit(Desk::create(1, 0, "[[]]")) == "ok 0");
  CHECK(desk.submit(Desk::edit(2, 1, "[{'p':[0,0],'li':1}]")) == "ok 1");
  CHECK(desk.submit(Desk::edit(3, 2, "[{'p':[0,0],'li':[]}]")) == "ERR_TOO_DEEP");
}

TEST_CASE("document: replaying what it committed gives the same document") {
  Desk desk;
  std::vector<CommittedOp> log;
  const auto commit = [&](Submission op) {
    PendingOp pending(std::move(op));
    auto outcome = desk.document.submit(pending, 7);
    REQUIRE(outcome.has_value());
    CommittedOp stored = *std::get<Accepted>(*outcome).op;
    stored.op = AnyOp();
    log.push_back(stored);
  };
  commit(Desk::create(1, 0, "{'a':[1,2]}"));
  commit(Desk::edit(2, 1, "[{'p':['a',0],'lm':1}]"));
  commit(Desk::edit(3, 1, "[{'p':['a',1],'ld':2}]"));
  commit(Desk::remove(4, 3));
  commit(Desk::create(5, 4, "'text'", "text-unicode"));
  commit(Desk::edit(6, 5, "[4,'!']"));
  Document copy({}, &find_type);
  for (const CommittedOp& op : log) {
    REQUIRE(copy.replay(op).has_value());
  }
  CHECK(copy.version() == desk.document.version());
  CHECK(copy.snapshot().data == desk.document.snapshot().data);
  CHECK(copy.time_ms() == 7);
}

TEST_CASE("document: restored from a snapshot it goes on as the one the snapshot was taken of") {
  Desk desk;
  CHECK(desk.submit(Desk::create(1, 0, "{'a':[1]}")) == "ok 0");
  CHECK(desk.submit(Desk::edit(2, 1, "[{'p':['a',0],'li':0}]")) == "ok 1");
  Desk restored;
  const Snapshot snapshot = desk.document.snapshot();
  REQUIRE(restored.document.restore(snapshot.version, snapshot.type->uri, desk.data()).has_value());
  restored.document.set_time(desk.document.time_ms());
  for (Desk* one : {&desk, &restored}) {
    one->document.learn_author(ClientId{"me"}, Seq{2});
    CHECK(one->submit(Desk::edit(3, 2, "[{'p':['a',1],'ld':1}]")) == "ok 2");
  }
  CHECK(restored.data() == desk.data());
  CHECK(restored.document.version() == desk.document.version());
  CHECK(restored.document.time_ms() == desk.document.time_ms());
  CHECK(restored.document.history().begin() == Version{2});
}

TEST_CASE(
    "document: restored from a snapshot it asks the log for authors and ops it has not seen") {
  Desk desk;
  REQUIRE(desk.document.restore(Version{5}, "json0", "[]").has_value());
  CHECK(desk.submit(Desk::edit(1, 5, "[]")) == "need");  // an author
  desk.document.learn_author(ClientId{"me"}, Seq{9});
  CHECK(desk.submit(Desk::edit(1, 5, "[]")) == "need");   // where it was committed
  CHECK(desk.submit(Desk::edit(10, 4, "[]")) == "need");  // ops since its version
  CHECK(desk.submit(Desk::edit(11, 5, "[]")) == "ok 5");
}

TEST_CASE("document: a snapshot of a deleted document or of an unknown type is restored as such") {
  Desk deleted;
  REQUIRE(deleted.document.restore(Version{3}, "", "").has_value());
  CHECK(deleted.document.snapshot().type == nullptr);
  Desk unknown;
  REQUIRE(unknown.document.restore(Version{3}, "http://example.org/gone", "1").has_value());
  CHECK(unknown.document.unknown_type());
  Desk broken;
  CHECK(broken.document.restore(Version{3}, "json0", "{").error().code == Errc::log_corrupt);
}

TEST_CASE("document: an object that grew beyond what one message may hold can be restored") {
  std::string data = "{";
  for (int i = 0; i < 70'000; ++i) {
    data += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":0";
  }
  Desk desk;
  REQUIRE(desk.document.restore(Version{1}, "json0", data + "}").has_value());
  CHECK(desk.document.snapshot().data.size() == 70'000);
}

TEST_CASE("document: it is known beforehand which ops would be new") {
  Desk desk;
  CHECK(desk.submit(Desk::create(1, 0, "[]")) == "ok 0");
  PendingOp again(Desk::create(1, 0, "[]"));
  CHECK_FALSE(desk.document.is_new(again));
  PendingOp other(Desk::create(1, 0, "[1]"));
  CHECK_FALSE(desk.document.is_new(other));
  PendingOp next(Desk::edit(2, 1, "[]"));
  CHECK(desk.document.is_new(next));
  CHECK(desk.document.version() == Version{1});
}

TEST_CASE("document G7: an op that grew beyond what may be sent is still read from the log") {
  Desk desk;
  const std::size_t inserts = op_components_max / 2;
  desk.submit(Desk::create(1, 0, "'" + std::string(inserts + 2, '.') + "'", "text-unicode"));
  std::string insert_everywhere = "[1,'x'";
  for (std::size_t i = 1; i < inserts; ++i) insert_everywhere += ",1,'x'";
  REQUIRE(desk.submit(Desk::edit(2, 1, insert_everywhere + "]")) == "ok 1");
  // Around all that was inserted, the delete falls into pieces.
  const std::string delete_all = "[{'d':" + std::to_string(inserts + 2) + "}]";
  REQUIRE(desk.submit(Desk::edit(1, 1, delete_all), "other") == "ok 2");
  Document again({}, &find_type);
  for (Version v; v < desk.document.version(); ++v) {
    CommittedOp op = *desk.document.history().at(v);
    op.op = {};
    const auto replayed = again.replay(std::move(op));
    REQUIRE_MESSAGE(replayed.has_value(), replayed.error().detail);
  }
  CHECK(again.snapshot().data == desk.document.snapshot().data);
}

TEST_CASE("document: a log that does not fit is called corrupt, whatever it holds") {
  const auto replay = [](OpKind kind, std::uint64_t version, const char* payload) {
    Document document({}, &find_type);
    CommittedOp op;
    op.kind = kind;
    op.version = Version{version};
    op.type = "json0";
    op.payload = payload;
    return document.replay(op);
  };
  for (const auto& result : {replay(OpKind::create, 1, "[]"), replay(OpKind::create, 0, "["),
                             replay(OpKind::edit, 0, "[]"), replay(OpKind::edit, 0, "")}) {
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == Errc::log_corrupt);
  }
}

TEST_CASE("document: an unknown type is kept, but neither edited nor read") {
  Document document({}, &find_type);
  CommittedOp op;
  op.kind = OpKind::create;
  op.type = "http://example.org/gone";
  op.payload = "{}";
  REQUIRE(document.replay(op).has_value());
  CHECK(document.unknown_type());
  PendingOp pending(Desk::edit(1, 1, "[]"));
  document.learn_author(ClientId{"me"}, std::nullopt);
  const auto outcome = document.submit(pending, 0);
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().code == Errc::doc_type_not_recognized);
}

TEST_CASE(
    "document: an edit that others have left nothing of is refused, if its author wants that") {
  Desk desk;
  desk.submit(Desk::create(1, 0, "{'l':[1]}"));
  desk.submit(Desk::edit(2, 1, "[{'p':['l',0],'ld':1}]"));
  CHECK(desk.submit(Desk::edit(1, 1, "[{'p':['l',0],'ld':1}]"), "other") == "ok 2");
  desk.refuse_no_ops = true;
  CHECK(desk.submit(Desk::edit(2, 1, "[{'p':['l',0],'ld':1}]"), "other") == "ERR_NO_OP");
  CHECK(desk.document.version() == Version{3});
  CHECK(desk.submit(Desk::edit(3, 3, "[]"), "other") == "ok 3");  // empty from the start
}

TEST_CASE("document: an op that insists on its version is refused once the document has moved on") {
  Desk desk;
  CHECK(desk.submit(Desk::create(1, 0, "[]")) == "ok 0");
  Submission first = Desk::edit(2, 1, "[{'p':[0],'li':1}]");
  first.only_at_base = true;
  CHECK(desk.submit(first) == "ok 1");
  Submission late = Desk::edit(1, 1, "[{'p':[0],'li':2}]");
  late.only_at_base = true;
  CHECK(desk.submit(late, "late") == "ERR_VERSION_CONFLICT");
  CHECK(desk.data() == "[1]");
  CHECK(desk.submit(first) == "duplicate 1");
}
