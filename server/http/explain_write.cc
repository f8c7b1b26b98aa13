#include "server/http/explain_write.h"

#include <set>
#include <utility>
#include <vector>

#include "ot/json_text.h"

namespace segue::server {

using ot::Json;

namespace {

// Who: the author, and the connection where authors have no names of their own.
std::string who(const oplog::Entry& entry) {
  return entry.author == "anonymous" ? entry.src.value : entry.author;
}

std::string one_sentence(std::span<const oplog::Entry> since) {
  std::set<std::string> names;
  for (const oplog::Entry& entry : since) {
    names.insert(who(entry));
  }
  const std::string first = std::to_string(since.front().version.value);
  const std::string last = std::to_string(since.back().version.value);
  std::string text = "Your change was carried over the ";
  text += since.size() == 1 ? "op at version " + first : "ops at versions " + first + " to " + last;
  text += ", by ";
  for (const std::string& name : names) {
    text += (name == *names.begin() ? "" : ", ") + name;
  }
  return text;
}

// Follows the op over what was committed, with the document beside it.
class Follower {
 public:
  Follower(const ot::Snapshot& base, ot::AnyOp op)
      : type_(*base.type), doc_(base.data), op_(std::move(op)) {}

  // False: the rest cannot be followed.
  bool pass(const oplog::Entry& entry) {
    if (entry.kind != ot::OpKind::edit) {
      return entry.kind == ot::OpKind::noop;
    }
    const auto value = ot::parse_json(entry.payload);
    const auto other = value ? type_.parse_committed(*value) : ot::fail(value.error());
    const auto found = other ? type_.explain(op_, *other, ot::Side::left, doc_)
                             : ot::Result<Json>(ot::fail(other.error()));
    auto carried = found ? type_.transform(op_, *other, ot::Side::left)
                         : ot::Result<ot::AnyOp>(ot::fail(found.error()));
    if (!carried || !type_.apply(doc_, *other)) {
      return false;
    }
    op_ = std::move(*carried);
    add(*found, entry);
    return true;
  }
  std::vector<Json> take() { return std::move(findings_); }

 private:
  void add(const Json& found, const oplog::Entry& entry) {
    found.for_each_element([&](const Json& finding) {
      if (*finding.find("verdict") == Json("kept")) {
        return;
      }
      Json out = finding;
      out.set("v", entry.version.value);
      out.set("src", entry.src.value);
      out.set("author", entry.author);
      findings_.push_back(std::move(out));
    });
  }

  const ot::AnyType& type_;
  Json doc_;
  ot::AnyOp op_;
  std::vector<Json> findings_;
};

}  // namespace

std::string explain_write(const ot::Snapshot& base, ot::AnyOp op,
                          std::span<const oplog::Entry> since) {
  if (since.empty()) {
    return "[]";
  }
  Follower follower(base, std::move(op));
  for (const oplog::Entry& entry : since) {
    if (!follower.pass(entry)) {
      Json finding = Json::object({{"verdict", Json("transformed")}});
      finding.set("text", one_sentence(since));
      return ot::json_text(Json::array({std::move(finding)}));
    }
  }
  return ot::json_text(Json::array(follower.take()));
}

}  // namespace segue::server
