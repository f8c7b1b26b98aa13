#include "ot/types/text_edit.h"

#include <initializer_list>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/random.h"

using namespace segue::ot;
using segue::test::Random;

namespace {

using Kind = TextPart::Kind;

TextPool pool(const std::string& text) { return TextPool(Text(text)); }

const std::string grin = "\xF0\x9F\x98\x80";

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

// Of so many characters.
TextPool pool_of(const std::string& letters, std::size_t length) {
  const Text many(repeated(letters, length));
  return TextPool(Text(many.slice(0, length, Unit::code_point)));
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

TEST_CASE("short text edit: it does what a text edit does") {
  for (const std::string& letters : {std::string("abc"), "a" + grin, "\u00e9b" + grin + "\u20ac"}) {
    for (const std::size_t length :
         std::initializer_list<std::size_t>{1, 2, 7, 8, 9, 15, 16, 17, 30, 31, 33, 100, 255}) {
      Random random(length);
      const TextPool text = pool_of(letters, length);
      const TextPool inserted = pool_of("x" + letters, length);
      TextEdit edit(3 * length);
      ShortTextEdit brief(text, inserted);
      const auto both = [&](auto change) {
        change(edit);
        change(brief);
      };
      std::size_t text_left = length;
      for (std::size_t inserted_left = length; inserted_left > 0;) {
        const std::size_t kept = random.below(text_left + 1);
        const std::size_t dropped = random.below(text_left - kept + 1);
        const std::size_t added = random.below(inserted_left) + 1;
        both([&](auto& to) { to.keep(kept); });
        both([&](auto& to) { to.drop(dropped); });
        both([&](auto& to) { to.add(added); });
        text_left -= kept + dropped;
        inserted_left -= added;
      }
      const TextPool edited = brief.finish();
      CHECK(edited == edit.apply(text, inserted));
      CHECK(edited.length() == edited.text().length(Unit::code_point));
    }
  }
}

TEST_CASE("short text edit: nothing done is the text itself") {
  const TextPool text = pool(repeated("a", 100));
  const TextPool none;
  ShortTextEdit edit(text, none);
  edit.keep(7);
  const TextPool edited = edit.finish();
  CHECK(edited.long_text().flat()->data() == text.long_text().flat()->data());
}

TEST_CASE("short text edit: a long text is edited otherwise, and one that hardly changes") {
  CHECK(ShortTextEdit::fits(pool(repeated("a", 30)), 2));
  CHECK(ShortTextEdit::fits(pool(repeated("a", 128)), 2));
  CHECK_FALSE(ShortTextEdit::fits(pool(repeated("a", 129)), 2));
  CHECK(ShortTextEdit::fits(pool(repeated("a", 1024)), 1000));
  CHECK_FALSE(ShortTextEdit::fits(pool(repeated("a", 1025)), 1000));
}

TEST_CASE("text pool: short and long ones hold the same as their text") {
  for (const std::size_t times : std::initializer_list<std::size_t>{0, 1, 7, 8, 400}) {
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
