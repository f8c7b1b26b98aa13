#include "server/query/filter.h"

#include <functional>
#include <utility>

#include "ot/json_text.h"
#include "server/query/field_tests.h"
#include "server/query/filter_node.h"

namespace segue::query {

using ot::Errc;
using ot::fail;
using ot::Json;
using ot::Result;

namespace {

constexpr std::size_t selector_bytes_max = 256;  // of a value that is looked up by

tl::unexpected<ot::Error> bad(const std::string& what) { return fail(Errc::bad_query, what); }

bool is_operator(std::string_view key) { return key.starts_with('$'); }

// {"$gt": 3}: operators instead of a value to be equal to.
bool has_operators(const Json& value) {
  bool found = false;
  if (value.is_object()) {
    value.for_each_member(
        [&](std::string_view key, const Json&) { found = found || is_operator(key); });
  }
  return found;
}

// Of scalars only: objects and lists are compared, never looked up.
std::optional<std::string> selector_key(const Json& value) {
  const bool is_scalar = value.is_string() || value.is_number() || value.is_bool();
  if (!is_scalar || value.printed_bytes() > selector_bytes_max) {
    return std::nullopt;
  }
  return json_text(value.is_number() && value.number() == 0 ? Json(0) : value);
}

class Parser {
 public:
  explicit Parser(const FilterLimits& limits) : limits_(limits) {}

  Result<FilterNodePtr> filter(const Json& in);
  std::set<std::string> fields;
  std::optional<Selector> selector;

 private:
  Result<void> count_term();
  Result<FilterNodePtr> member(std::string_view key, const Json& value);
  Result<FilterNodePtr> logical(std::string_view key, const Json& parts);
  Result<FilterNodePtr> field(std::string_view name, const Json& value);
  Result<std::vector<TestPtr>> tests(const Json& operators);
  Result<TestPtr> test(std::string_view name, const Json& operand);
  Result<TestPtr> list_test(std::string_view name, const Json& operand);
  Result<TestPtr> element_test(const Json& operand);
  Result<std::vector<Json>> values(const Json& operand);
  void note_selector(const Path& path, const Json& value);

  FilterLimits limits_;
  std::size_t terms_ = 0;
  std::size_t values_ = 0;
  std::size_t inside_ = 0;  // of $or, $nor, $elemMatch: there a field alone decides nothing
};

Result<void> Parser::count_term() {
  if (++terms_ > limits_.terms_max) {
    return fail(Errc::too_large, "More than " + std::to_string(limits_.terms_max) +
                                     " fields and operators in a query");
  }
  return {};
}

Result<FilterNodePtr> Parser::filter(const Json& in) {
  if (!in.is_object()) {
    return bad("A filter must be an object");
  }
  std::vector<FilterNodePtr> parts;
  std::optional<ot::Error> error;
  in.for_each_member([&](std::string_view key, const Json& value) {
    if (error) {
      return;
    }
    auto part = member(key, value);
    if (part) {
      parts.push_back(std::move(*part));
    } else {
      error = part.error();
    }
  });
  if (error) {
    return fail(std::move(*error));
  }
  return std::make_shared<All>(std::move(parts));
}

Result<FilterNodePtr> Parser::member(std::string_view key, const Json& value) {
  if (auto fits = count_term(); !fits) {
    return fail(std::move(fits.error()));
  }
  return is_operator(key) ? logical(key, value) : field(key, value);
}

Result<FilterNodePtr> Parser::logical(std::string_view key, const Json& parts) {
  if (key != "$and" && key != "$or" && key != "$nor") {
    return bad("Unknown operator: " + std::string(key));
  }
  if (!parts.is_array() || parts.size() == 0) {
    return bad(std::string(key) + " must be a list of filters");
  }
  inside_ += key == "$and" ? 0 : 1;
  std::vector<FilterNodePtr> filters;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    auto part = filter(parts[i]);
    if (!part) {
      return part;
    }
    filters.push_back(std::move(*part));
  }
  inside_ -= key == "$and" ? 0 : 1;
  if (key == "$and") {
    return std::make_shared<All>(std::move(filters));
  }
  auto any = std::make_shared<Any>(std::move(filters));
  if (key == "$or") {
    return any;
  }
  return std::make_shared<None>(std::move(any));
}

Result<FilterNodePtr> Parser::field(std::string_view name, const Json& value) {
  auto path = Path::parse(name);
  if (!path) {
    return fail(std::move(path.error()));
  }
  fields.insert(path->root());
  note_selector(*path, value);
  if (!has_operators(value)) {
    return std::make_shared<Field>(std::move(*path), std::vector{equals_any({value})});
  }
  auto all = tests(value);
  if (!all) {
    return fail(std::move(all.error()));
  }
  return std::make_shared<Field>(std::move(*path), std::move(*all));
}

// The first equality that every match has to meet.
void Parser::note_selector(const Path& path, const Json& value) {
  if (selector || inside_ > 0 || !path.is_field()) {
    return;
  }
  const Json* in = value.find("$in");
  const Json* eq = value.find("$eq");
  Selector found{path.root(), {}};
  const auto add = [&](const Json& wanted) {
    auto key = selector_key(wanted);
    if (key) {
      found.values.push_back(std::move(*key));
    }
    return key.has_value();
  };
  bool usable = true;
  if (in != nullptr && in->is_array()) {
    in->for_each_element([&](const Json& wanted) { usable = usable && add(wanted); });
  } else if (eq != nullptr || !has_operators(value)) {
    usable = add(eq != nullptr ? *eq : value);
  } else {
    usable = false;
  }
  if (usable) {
    selector = std::move(found);
  }
}

Result<std::vector<TestPtr>> Parser::tests(const Json& operators) {
  std::vector<TestPtr> all;
  std::optional<ot::Error> error;
  operators.for_each_member([&](std::string_view name, const Json& operand) {
    if (error) {
      return;
    }
    auto fits = count_term();
    auto one = fits ? test(name, operand) : fail(std::move(fits.error()));
    if (one) {
      all.push_back(std::move(*one));
    } else {
      error = one.error();
    }
  });
  if (error) {
    return fail(std::move(*error));
  }
  return all;
}

Result<std::vector<Json>> Parser::values(const Json& operand) {
  if (!operand.is_array()) {
    return bad("$in, $nin and $all take a list");
  }
  values_ += operand.size();
  if (values_ > limits_.values_max) {
    return fail(Errc::too_large,
                "More than " + std::to_string(limits_.values_max) + " values in a query");
  }
  std::vector<Json> list;
  operand.for_each_element([&](const Json& value) { list.push_back(value); });
  return list;
}

Result<TestPtr> Parser::test(std::string_view name, const Json& operand) {
  if (name == "$eq") return equals_any({operand});
  if (name == "$ne") return negated({equals_any({operand})});
  if (name == "$lt") return compares(Comparison::less, operand);
  if (name == "$lte") return compares(Comparison::at_most, operand);
  if (name == "$gt") return compares(Comparison::greater, operand);
  if (name == "$gte") return compares(Comparison::at_least, operand);
  if (name == "$exists") return exists(operand != Json(false) && operand != Json(0));
  if (name == "$elemMatch") return element_test(operand);
  if (name == "$in" || name == "$nin" || name == "$all") return list_test(name, operand);
  if (name == "$size") {
    const bool is_size = operand.is_number() && operand.number() >= 0 && operand.number() < 1e9;
    if (!is_size) return bad("$size takes a number");
    return has_size(static_cast<std::size_t>(operand.number()));
  }
  if (name == "$not") {
    if (!has_operators(operand)) return bad("$not takes operators");
    auto all = tests(operand);
    if (!all) return fail(std::move(all.error()));
    return negated(std::move(*all));
  }
  return bad("Unknown operator: " + std::string(name));
}

Result<TestPtr> Parser::list_test(std::string_view name, const Json& operand) {
  auto list = values(operand);
  if (!list) return fail(std::move(list.error()));
  if (name == "$all") return has_all(std::move(*list));
  auto in = equals_any(std::move(*list));
  return name == "$in" ? in : negated({std::move(in)});
}

Result<TestPtr> Parser::element_test(const Json& operand) {
  if (!operand.is_object()) {
    return bad("$elemMatch takes a filter or operators");
  }
  const bool is_filter = !has_operators(operand) || operand.find("$and") != nullptr ||
                         operand.find("$or") != nullptr || operand.find("$nor") != nullptr;
  if (!is_filter) {
    auto all = tests(operand);
    if (!all) return fail(std::move(all.error()));
    return has_element(std::move(*all));
  }
  // Its fields are those of elements.
  const auto outer_fields = fields;
  ++inside_;
  auto inner = filter(operand);
  --inside_;
  fields = outer_fields;
  if (!inner) return fail(std::move(inner.error()));
  return has_element(std::move(*inner));
}

}  // namespace

Result<Filter> Filter::parse(const Json& in, const FilterLimits& limits) {
  Parser parser(limits);
  auto root = parser.filter(in);
  if (!root) {
    return fail(std::move(root.error()));
  }
  Filter filter;
  filter.root_ = std::move(*root);
  filter.fields_ = std::move(parser.fields);
  filter.selector_ = std::move(parser.selector);
  return filter;
}

bool Filter::matches(const Json& data) const { return root_->matches(data); }

std::vector<std::string> selector_keys(const Json* value) {
  std::vector<std::string> keys;
  const auto add = [&](const Json& one) {
    if (auto key = selector_key(one)) {
      keys.push_back(std::move(*key));
    }
  };
  if (value == nullptr) {
    return keys;
  }
  add(*value);
  if (value->is_array()) {
    value->for_each_element(add);
  }
  return keys;
}

}  // namespace segue::query
