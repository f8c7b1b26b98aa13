#include "server/query/field_tests.h"

#include <compare>
#include <string>
#include <utility>

#include "server/query/order.h"

namespace segue::query {

using ot::Json;

namespace {

// Any value in the field, or element of one, for which `holds` does.
template <class Holds>
bool any_value(const Path& path, const Json& data, const Holds& holds) {
  return path.any(data, [&](const Json* value) {
    if (holds(value)) {
      return true;
    }
    bool found = false;
    if (value != nullptr && value->is_array()) {
      value->for_each_element([&](const Json& element) { found = found || holds(&element); });
    }
    return found;
  });
}

bool equals(const Json* value, const Json& wanted) {
  return value == nullptr ? wanted.is_null() : *value == wanted;
}

class EqualsAny final : public Test {
 public:
  explicit EqualsAny(std::vector<Json> values) : values_(std::move(values)) {}
  bool holds(const Path& path, const Json& data) const override {
    return any_value(path, data, [&](const Json* value) {
      for (const Json& wanted : values_) {
        if (equals(value, wanted)) {
          return true;
        }
      }
      return false;
    });
  }

 private:
  std::vector<Json> values_;
};

class Compares final : public Test {
 public:
  Compares(Comparison comparison, Json bound) : comparison_(comparison), bound_(std::move(bound)) {}
  bool holds(const Path& path, const Json& data) const override {
    return any_value(path, data, [&](const Json* value) {
      return value != nullptr && is_same_kind(*value, bound_) && fits(compare(value, &bound_));
    });
  }

 private:
  bool fits(std::weak_ordering order) const {
    switch (comparison_) {
      case Comparison::less:
        return std::is_lt(order);
      case Comparison::at_most:
        return std::is_lteq(order);
      case Comparison::greater:
        return std::is_gt(order);
      case Comparison::at_least:
        return std::is_gteq(order);
    }
    return false;
  }
  Comparison comparison_;
  Json bound_;
};

class HasAll final : public Test {
 public:
  explicit HasAll(std::vector<Json> values) : values_(std::move(values)) {}
  bool holds(const Path& path, const Json& data) const override {
    for (const Json& wanted : values_) {
      if (!any_value(path, data, [&](const Json* value) { return equals(value, wanted); })) {
        return false;
      }
    }
    return !values_.empty();
  }

 private:
  std::vector<Json> values_;
};

class Exists final : public Test {
 public:
  explicit Exists(bool wanted) : wanted_(wanted) {}
  bool holds(const Path& path, const Json& data) const override {
    return path.any(data, [](const Json* value) { return value != nullptr; }) == wanted_;
  }

 private:
  bool wanted_;
};

class HasSize final : public Test {
 public:
  explicit HasSize(std::size_t size) : size_(size) {}
  bool holds(const Path& path, const Json& data) const override {
    return path.any(data, [&](const Json* value) {
      return value != nullptr && value->is_array() && value->size() == size_;
    });
  }

 private:
  std::size_t size_;
};

// The elements of the lists in the field, those that are accepted.
template <class Accepts>
bool any_element(const Path& path, const Json& data, const Accepts& accepts) {
  return path.any(data, [&](const Json* value) {
    bool found = false;
    if (value != nullptr && value->is_array()) {
      value->for_each_element([&](const Json& element) { found = found || accepts(element); });
    }
    return found;
  });
}

class HasObject final : public Test {
 public:
  explicit HasObject(FilterNodePtr filter) : filter_(std::move(filter)) {}
  bool holds(const Path& path, const Json& data) const override {
    return any_element(path, data, [&](const Json& element) {
      return element.is_object() && filter_->matches(element);
    });
  }

 private:
  FilterNodePtr filter_;
};

class HasValue final : public Test {
 public:
  explicit HasValue(std::vector<TestPtr> tests) : tests_(std::move(tests)) {}
  bool holds(const Path& path, const Json& data) const override {
    return any_element(path, data, [&](const Json& element) {
      const Json alone = Json::object({{"value", element}});
      for (const TestPtr& test : tests_) {
        if (!test->holds(alone_, alone)) {
          return false;
        }
      }
      return true;
    });
  }

 private:
  std::vector<TestPtr> tests_;
  Path alone_ = *Path::parse("value");
};

class Negated final : public Test {
 public:
  explicit Negated(std::vector<TestPtr> tests) : tests_(std::move(tests)) {}
  bool holds(const Path& path, const Json& data) const override {
    for (const TestPtr& test : tests_) {
      if (!test->holds(path, data)) {
        return true;
      }
    }
    return false;
  }

 private:
  std::vector<TestPtr> tests_;
};

}  // namespace

TestPtr equals_any(std::vector<Json> values) {
  return std::make_shared<EqualsAny>(std::move(values));
}
TestPtr compares(Comparison comparison, Json bound) {
  return std::make_shared<Compares>(comparison, std::move(bound));
}
TestPtr has_all(std::vector<Json> values) { return std::make_shared<HasAll>(std::move(values)); }
TestPtr exists(bool wanted) { return std::make_shared<Exists>(wanted); }
TestPtr has_size(std::size_t size) { return std::make_shared<HasSize>(size); }
TestPtr has_element(FilterNodePtr filter) { return std::make_shared<HasObject>(std::move(filter)); }
TestPtr has_element(std::vector<TestPtr> tests) {
  return std::make_shared<HasValue>(std::move(tests));
}
TestPtr negated(std::vector<TestPtr> tests) { return std::make_shared<Negated>(std::move(tests)); }

}  // namespace segue::query
