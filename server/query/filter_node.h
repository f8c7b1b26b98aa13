// The compiled form of a filter. Private to Filter.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "ot/json.h"
#include "server/query/path.h"

namespace segue::query {

// A condition on the document.
class FilterNode {
 public:
  FilterNode() = default;
  FilterNode(const FilterNode&) = delete;
  FilterNode& operator=(const FilterNode&) = delete;
  virtual ~FilterNode() = default;

  virtual bool matches(const ot::Json& data) const = 0;
};
using FilterNodePtr = std::shared_ptr<const FilterNode>;

// A condition on what stands in a field.
class Test {
 public:
  Test() = default;
  Test(const Test&) = delete;
  Test& operator=(const Test&) = delete;
  virtual ~Test() = default;

  virtual bool holds(const Path& path, const ot::Json& data) const = 0;
};
using TestPtr = std::shared_ptr<const Test>;

class All final : public FilterNode {
 public:
  explicit All(std::vector<FilterNodePtr> parts) : parts_(std::move(parts)) {}
  bool matches(const ot::Json& data) const override {
    for (const FilterNodePtr& part : parts_) {
      if (!part->matches(data)) {
        return false;
      }
    }
    return true;
  }

 private:
  std::vector<FilterNodePtr> parts_;
};

class Any final : public FilterNode {
 public:
  explicit Any(std::vector<FilterNodePtr> parts) : parts_(std::move(parts)) {}
  bool matches(const ot::Json& data) const override {
    for (const FilterNodePtr& part : parts_) {
      if (part->matches(data)) {
        return true;
      }
    }
    return false;
  }

 private:
  std::vector<FilterNodePtr> parts_;
};

class None final : public FilterNode {
 public:
  explicit None(FilterNodePtr part) : part_(std::move(part)) {}
  bool matches(const ot::Json& data) const override { return !part_->matches(data); }

 private:
  FilterNodePtr part_;
};

class Field final : public FilterNode {
 public:
  Field(Path path, std::vector<TestPtr> tests) : path_(std::move(path)), tests_(std::move(tests)) {}
  bool matches(const ot::Json& data) const override {
    for (const TestPtr& test : tests_) {
      if (!test->holds(path_, data)) {
        return false;
      }
    }
    return true;
  }

 private:
  Path path_;
  std::vector<TestPtr> tests_;
};

}  // namespace segue::query
