#include "ot/types/rich_text_parts.h"

#include <algorithm>
#include <utility>

namespace segue::ot::rich_text {
namespace {

std::size_t length_of(const Insert& insert) {
  return insert.content.is_string() ? insert.content.text().length(Unit::utf16) : 1;
}
std::size_t length_of(const Retain& retain) { return retain.count; }
std::size_t length_of(const Delete& deletion) { return deletion.count; }

Component slice(const Insert& insert, std::size_t from, std::size_t count) {
  const std::string part = insert.content.text().slice(from, count, Unit::utf16);
  return Insert{Json(part), insert.attributes};
}
Component slice(const Retain& retain, std::size_t, std::size_t count) {
  return Retain{count, retain.attributes};
}
Component slice(const Delete&, std::size_t, std::size_t count) { return Delete{count}; }

// No text is that long, so that a sum of counts may stop there instead of wrapping around.
std::size_t sum(std::size_t a, std::size_t b) {
  return std::min(a + b, static_cast<std::size_t>(safe_integer_max));
}

// Whether `next` went into `last`.
bool merge(Insert& last, const Insert& next) {
  if (!last.content.is_string() || !next.content.is_string()) return false;
  if (last.attributes != next.attributes) return false;
  last.content.edit_text(
      [&](Text& text) { text.insert(text.length(Unit::utf16), next.content.text(), Unit::utf16); });
  return true;
}
bool merge(Retain& last, const Retain& next) {
  if (last.attributes != next.attributes) return false;
  last.count = sum(last.count, next.count);
  return true;
}
bool merge(Delete& last, const Delete& next) {
  last.count = sum(last.count, next.count);
  return true;
}
bool merge(Component& last, const Component& next) {
  if (last.index() != next.index()) return false;
  return std::visit(
      [&](const auto& part) { return merge(std::get<std::decay_t<decltype(part)>>(last), part); },
      next);
}

}  // namespace

std::size_t length(const Component& component) {
  return std::visit([](const auto& part) { return length_of(part); }, component);
}

bool is_plain_retain(const Component& component) {
  const auto* retain = std::get_if<Retain>(&component);
  return retain != nullptr && !retain->attributes;
}

void push(Op& op, Component component) {
  auto at = op.end();
  if (is<Insert>(component) && at != op.begin() && is<Delete>(*std::prev(at))) --at;
  if (at != op.begin() && merge(*std::prev(at), component)) return;
  op.insert(at, std::move(component));
}

void chop(Op& op) {
  if (!op.empty() && is_plain_retain(op.back())) op.pop_back();
}

Component Reader::take(std::size_t count_max) {
  if (at_end()) return Retain{count_max, std::nullopt};
  const std::size_t available = left();
  const std::size_t count = count_max == 0 ? available : std::min(count_max, available);
  const bool is_whole = offset_ == 0 && count == available;
  Component part =
      is_whole
          ? next()
          : std::visit([&](const auto& whole) { return slice(whole, offset_, count); }, next());
  pass(count_max);
  return part;
}

void Reader::pass(std::size_t count_max) {
  if (at_end()) return;
  const std::size_t available = left();
  if (count_max == 0 || count_max >= available) return pass();
  offset_ += count_max;
}

Op Reader::rest() {
  Op rest;
  while (!at_end()) rest.push_back(take());
  return rest;
}

}  // namespace segue::ot::rich_text
