// Desk: a document and its authors, for tests.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "ot/builtin_types.h"
#include "ot/document.h"
#include "ot/json_text.h"

namespace segue::ot {

// ' stands for ".
inline JsonPart tokens(std::string text) {
  for (char& c : text) {
    c = c == '\'' ? '"' : c;
  }
  return std::move(*tokenize_json(text));
}
inline Json json(const std::string& text) { return tokens(text).value(); }

// A document and its authors. Ops are written as JSON with ' for ".
struct Desk {
  explicit Desk(DocumentLimits limits = {}) : document(limits, &find_type) {}

  static Submission submission(OpKind kind, std::uint64_t seq, std::optional<std::uint64_t> base) {
    Submission op;
    op.kind = kind;
    op.src = ClientId{"me"};
    op.seq = Seq{seq};
    if (base) {
      op.base = Version{*base};
    }
    return op;
  }
  static Submission create(std::uint64_t seq, std::optional<std::uint64_t> base,
                           const std::string& data, const char* type = "json0") {
    Submission op = submission(OpKind::create, seq, base);
    op.type = find_type(type);
    op.value = tokens(data);
    return op;
  }
  static Submission edit(std::uint64_t seq, std::optional<std::uint64_t> base,
                         const std::string& value) {
    Submission op = submission(OpKind::edit, seq, base);
    op.value = tokens(value);
    return op;
  }
  static Submission remove(std::uint64_t seq, std::optional<std::uint64_t> base) {
    return submission(OpKind::remove, seq, base);
  }

  // "ok V", "duplicate V", "need ...", or the error's code.
  std::string submit(Submission op, const std::string& src = "me") {
    op.src.value = src;
    PendingOp pending(std::move(op));
    pending.refuse_no_op = refuse_no_ops;
    auto outcome = document.submit(pending, 1000);
    if (!outcome) {
      return std::string(errc_name(outcome.error().code));
    }
    if (const auto* accepted = std::get_if<Accepted>(&*outcome)) {
      return "ok " + std::to_string(accepted->op->version.value);
    }
    if (const auto* duplicate = std::get_if<Duplicate>(&*outcome)) {
      return "duplicate " + std::to_string(duplicate->committed.value);
    }
    return "need";
  }
  std::string data() const { return json_text(document.snapshot().data); }

  Document document;
  bool refuse_no_ops = false;
};

}  // namespace segue::ot
