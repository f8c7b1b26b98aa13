#include "server/query/order.h"

#include <algorithm>
#include <string>

#include "ot/json_text.h"

namespace segue::query {

using ot::Json;

namespace {

int rank(const Json* value) {
  if (value == nullptr) {
    return 0;
  }
  switch (value->kind()) {
    case Json::Kind::null:
      return 0;
    case Json::Kind::number:
      return 1;
    case Json::Kind::string:
      return 2;
    case Json::Kind::object:
      return 3;
    case Json::Kind::array:
      return 4;
    case Json::Kind::boolean:
      return 5;
  }
  return 0;
}

template <class T>
std::weak_ordering order(const T& a, const T& b) {
  return a < b   ? std::weak_ordering::less
         : b < a ? std::weak_ordering::greater
                 : std::weak_ordering::equivalent;
}

std::weak_ordering compare_strings(const Json& a, const Json& b) {
  const auto flat_a = a.text().flat();
  const auto flat_b = b.text().flat();
  if (flat_a && flat_b) {
    return order(*flat_a, *flat_b);
  }
  return order(a.str(), b.str());
}

std::weak_ordering compare_lists(const Json& a, const Json& b) {
  const std::size_t both = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < both; ++i) {
    if (const auto differs = compare(&a[i], &b[i]); std::is_neq(differs)) {
      return differs;
    }
  }
  return order(a.size(), b.size());
}

}  // namespace

std::weak_ordering compare(const Json* a, const Json* b) {
  if (const auto kinds = order(rank(a), rank(b)); std::is_neq(kinds)) {
    return kinds;
  }
  if (a == nullptr || b == nullptr) {
    return std::weak_ordering::equivalent;
  }
  switch (a->kind()) {
    case Json::Kind::null:
      return std::weak_ordering::equivalent;
    case Json::Kind::number:
      return order(a->number(), b->number());
    case Json::Kind::string:
      return compare_strings(*a, *b);
    case Json::Kind::object:
      return *a == *b ? std::weak_ordering::equivalent : order(json_text(*a), json_text(*b));
    case Json::Kind::array:
      return compare_lists(*a, *b);
    case Json::Kind::boolean:
      return order(a->boolean(), b->boolean());
  }
  return std::weak_ordering::equivalent;
}

bool is_same_kind(const Json& a, const Json& b) { return rank(&a) == rank(&b); }

}  // namespace segue::query
