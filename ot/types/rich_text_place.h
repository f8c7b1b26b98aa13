// Where an edit stands in a rich-text document: behind what is done, before what is still to be
// composed. Private to ot/types/rich_text_apply.cc.
//
// There are two of a kind. PlaceInList edits the document where it lies: a search for each place,
// and sums that are right after each step. PlaceInPieces takes the list apart and makes a new one
// at the end: a step for each insert of the document, and then nothing is searched or summed up.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "ot/json.h"
#include "ot/json_list.h"

namespace segue::ot::rich_text {

// Finds the first insert that does not lie within the first `left` units.
struct SeekUnit {
  std::size_t left;

  bool operator()(const JsonElementTraits::Summary& sum) { return !pass(sum.insert_length); }
  bool operator()(const Json& insert) { return !pass(*insert.insert_length()); }
  bool pass(std::size_t length) {
    if (length > left) return false;
    left -= length;
    return true;
  }
};

class PlaceInList {
 public:
  explicit PlaceInList(Json& doc) : doc_(doc) {}
  void finish() {}

  bool at_begin() const { return index_ == 0; }
  bool at_end() const { return index_ == doc_.size(); }
  // REQUIRES below: there is one.
  const Json& before() const { return doc_[index_ - 1]; }
  const Json& next() const { return doc_[index_]; }
  void step() { ++index_; }
  void step_back() { --index_; }
  // Goes over inserts for as long as pass(insert) is true.
  template <class Pass>
  void step_while(Pass pass) {
    while (!at_end()) {
      for (const Json& insert : doc_.elements().run(index_)) {
        if (!pass(insert)) return;
        ++index_;
      }
    }
  }
  // Goes over the inserts at the very beginning that `seek` passes.
  void step_from_begin(SeekUnit& seek) { index_ = doc_.elements().seek(seek); }

  void put_before(Json insert) { doc_.insert(index_++, std::move(insert)); }
  void put_behind_next(Json insert) { doc_.insert(index_ + 1, std::move(insert)); }
  Json take_next() { return doc_.erase(index_); }
  template <class Change>
  void edit_before(Change change) {
    doc_.edit(index_ - 1, change);
  }
  template <class Change>
  void edit_next(Change change) {
    doc_.edit(index_, change);
  }

 private:
  Json& doc_;
  std::size_t index_ = 0;
};

class PlaceInPieces {
 public:
  // Until finish() there is no document.
  explicit PlaceInPieces(Json& doc) : doc_(doc), ahead_(doc.size()) {
    done_.reserve(2 * ahead_.size());
    auto to = ahead_.rbegin();
    doc.elements().for_each([&](const Json& insert) { *to++ = insert; });
    doc = Json();  // so that the inserts can be edited in place
  }
  PlaceInPieces(const PlaceInPieces&) = delete;
  PlaceInPieces& operator=(const PlaceInPieces&) = delete;
  ~PlaceInPieces() = default;
  void finish() {
    while (!at_end()) step();
    doc_ = Json::array(std::move(done_));
  }

  bool at_begin() const { return done_.empty(); }
  bool at_end() const { return ahead_.empty(); }
  const Json& before() const { return done_.back(); }
  const Json& next() const { return ahead_.back(); }
  void step() {
    done_.push_back(std::move(ahead_.back()));
    ahead_.pop_back();
  }
  void step_back() {
    ahead_.push_back(std::move(done_.back()));
    done_.pop_back();
  }
  template <class Pass>
  void step_while(Pass pass) {
    while (!at_end() && pass(next())) step();
  }
  void step_from_begin(SeekUnit& seek) {
    step_while([&](const Json& insert) { return !seek(insert); });
  }

  void put_before(Json insert) { done_.push_back(std::move(insert)); }
  void put_behind_next(Json insert) {
    ahead_.push_back(std::move(insert));
    std::swap(ahead_.back(), ahead_[ahead_.size() - 2]);
  }
  Json take_next() {
    Json insert = std::move(ahead_.back());
    ahead_.pop_back();
    return insert;
  }
  template <class Change>
  void edit_before(Change change) {
    change(done_.back());
  }
  template <class Change>
  void edit_next(Change change) {
    change(ahead_.back());
  }

 private:
  Json& doc_;
  std::vector<Json> done_;
  std::vector<Json> ahead_;  // the next one last
};

}  // namespace segue::ot::rich_text
