#include "ot/types/text_edit.h"

#include <string>

#include <doctest/doctest.h>

using namespace segue::ot;

namespace {

using Kind = TextPart::Kind;

TextPool pool(const std::string& text) { return TextPool(Text(text)); }

const std::string grin = "\xF0\x9F\x98\x80";

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("text pieces: they count code points and end with the text") {
  const Text text("a" + grin + "bc");
  TextPieces pieces(text);
  CHECK(pieces.next(2) == "a" + grin);
  CHECK(pieces.next(0).empty());
  CHECK(pieces.next(1) == "b");
  CHECK(pieces.rest() == "c");
  CHECK(pieces.next(9) == "c");
  CHECK(pieces.next(9).empty());
}

TEST_CASE("text pieces: a text of many chunks is read as one") {
  const std::string all = repeated("ab" + grin, 5000);
  const Text text(all);
  REQUIRE_FALSE(text.flat());
  TextPieces pieces(text);
  std::string read;
  for (std::size_t i = 0; i < 3000; ++i) read += pieces.next(5);
  CHECK(read == all);
}

TEST_CASE("text edit: what is kept, dropped and added is woven in order") {
  TextEdit edit(3);
  edit.keep(1);
  edit.keep(1);
  edit.add(2);
  edit.drop(1);
  edit.keep(1);
  edit.add(1);
  const TextPool edited = edit.apply(pool("a" + grin + "bcd"), pool("x" + grin + "y"));
  CHECK(edited.text() == "a" + grin + "x" + grin + "cyd");
  CHECK(edited.length() == 7);
}

TEST_CASE("text edit: nothing done is the text itself, and all of the other one that one") {
  CHECK(TextEdit(0).apply(pool("abc"), {}) == pool("abc"));
  TextEdit edit(2);
  edit.add(1);
  edit.add(2);
  CHECK(edit.apply({}, pool("xyz")) == pool("xyz"));
}

TEST_CASE("text edit: long and short texts, few and many edits lead to the same") {
  for (const std::size_t length : {std::size_t{10}, std::size_t{1000}, std::size_t{50'000}}) {
    for (const std::size_t edits : {std::size_t{1}, std::size_t{3}, std::size_t{9}}) {
      std::string text = repeated("a", length);
      TextEdit edit(2 * edits);
      for (std::size_t i = 0; i < edits; ++i) {
        edit.keep(1);
        edit.add(1);
        edit.drop(1);
      }
      const std::string expected =
          repeated("a" + grin, edits) + text.substr(std::min(2 * edits, length));
      if (2 * edits > length) continue;
      CHECK(edit.apply(pool(text), pool(repeated(grin, edits))) == pool(expected));
    }
  }
}

TEST_CASE("text pool: short and long ones hold the same as their text") {
  for (const std::size_t times : {0, 1, 7, 8, 400}) {
    TextPool made;
    for (std::size_t i = 0; i < times; ++i) made.append(Text(grin));
    const std::string all = repeated(grin, times);
    CHECK(made == TextPool(all, times));
    CHECK(made.text() == all);
    CHECK(made.length() == times);
    CHECK(made.bytes() == all.size());
    CHECK(made.empty() == (times == 0));
  }
  CHECK_FALSE(pool("a") == pool("b"));
}
