#include "server/access/pattern.h"

#include <algorithm>
#include <optional>

namespace segue::access {

ot::Result<Pattern> Pattern::parse(std::string_view text) {
  Pattern pattern;
  std::string literal;
  const auto end_literal = [&] {
    if (!literal.empty()) {
      pattern.segments_.back().push_back({std::move(literal), false});
      literal.clear();
    }
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '*') {
      end_literal();
      pattern.segments_.emplace_back();
    } else if (text[at] == '{') {
      const std::size_t end = text.find('}', at);
      if (end == text.npos || end == at + 1) {
        return ot::fail(ot::Errc::uncoded, "`{` without the name of a claim and `}`");
      }
      end_literal();
      pattern.segments_.back().push_back({std::string(text.substr(at + 1, end - at - 1)), true});
      at = end;
    } else if (text[at] == '}') {
      return ot::fail(ot::Errc::uncoded, "`}` without `{`");
    } else {
      literal += text[at];
    }
  }
  end_literal();
  return pattern;
}

bool Pattern::matches(std::string_view name, const ot::Json& claims) const {
  const auto text_of = [&claims](const Segment& segment) -> std::optional<std::string> {
    std::string text;
    for (const Piece& piece : segment) {
      const ot::Json* claim = piece.is_claim ? claims.find(piece.text) : nullptr;
      if (piece.is_claim && (claim == nullptr || !claim->is_string())) {
        return std::nullopt;
      }
      text += piece.is_claim ? claim->str() : piece.text;
    }
    return text;
  };
  const auto first = text_of(segments_.front());
  const auto last = text_of(segments_.back());
  if (!first || !last) {
    return false;
  }
  if (segments_.size() == 1) {
    return name == *first;
  }
  if (name.size() < first->size() + last->size() || !name.starts_with(*first) ||
      !name.ends_with(*last)) {
    return false;
  }
  name = name.substr(first->size(), name.size() - first->size() - last->size());
  for (std::size_t i = 1; i + 1 < segments_.size(); ++i) {
    const auto text = text_of(segments_[i]);
    const std::size_t at = text ? name.find(*text) : name.npos;
    if (at == name.npos) {
      return false;
    }
    name.remove_prefix(at + text->size());
  }
  return true;
}

bool Pattern::matches_all() const {
  return segments_.size() > 1 &&
         std::all_of(segments_.begin(), segments_.end(),
                     [](const Segment& segment) { return segment.empty(); });
}

}  // namespace segue::access
