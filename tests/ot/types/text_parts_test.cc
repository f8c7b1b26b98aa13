#include "ot/types/text_parts.h"

#include <string>

#include <doctest/doctest.h>

using namespace segue::ot;

namespace {

using Kind = TextPart::Kind;

// "3 x2 !1 ?4": skips 3, inserts 2, deletes 1, deletes 4 and says them.
std::string shown(const TextParts& parts) {
  std::string out;
  for (const TextPart part : parts) {
    const char* const kind = part.inserts()                    ? "x"
                             : part.kind() == Kind::erase      ? "!"
                             : part.kind() == Kind::erase_text ? "?"
                                                               : "";
    out += (out.empty() ? "" : " ") + std::string(kind) + std::to_string(part.count());
  }
  return out;
}

TextParts parts_of(std::initializer_list<TextPart> list) {
  TextParts parts;
  for (const TextPart part : list) parts.push_back(part);
  return parts;
}

}  // namespace

TEST_CASE("text parts: they stand as they are put") {
  const TextParts parts =
      parts_of({{Kind::skip, 0}, {Kind::skip, 2}, {Kind::insert, 1}, {Kind::erase_text, 3}});
  CHECK(shown(parts) == "0 2 x1 ?3");
  CHECK(parts.size() == 4);
  CHECK(*parts.end() == TextParts::endless);
  TextParts copy = parts;
  CHECK(copy == parts);
  copy.pop_back();
  CHECK(shown(copy) == "0 2 x1");
  CHECK_FALSE(copy == parts);
  CHECK(*copy.end() == TextParts::endless);
}

TEST_CASE("text parts: none at all end in the endless skip, too") {
  const TextParts none;
  CHECK(none.empty());
  CHECK(*none.end() == TextParts::endless);
  CHECK(TextParts(none) == none);
  CHECK(TextParts::written(0, [](TextPartsWriter out) { return out; }) == none);
}

TEST_CASE("text parts: appended and written ones merge with their kind, and empty ones vanish") {
  const TextPart given[] = {{Kind::insert, 0}, {Kind::erase, 1},      {Kind::erase, 2},
                            {Kind::skip, 0},   {Kind::erase_text, 4}, {Kind::insert, 1},
                            {Kind::skip, 7}};
  TextParts appended;
  for (const TextPart part : given) appended.append(part);
  CHECK(shown(appended) == "!3 ?4 x1 7");
  CHECK(appended == TextParts::written(7, [&](TextPartsWriter out) {
          for (const TextPart part : given) out.append(part);
          return out;
        }));
  appended.trim();
  appended.trim();
  CHECK(shown(appended) == "!3 ?4 x1");
}

TEST_CASE("text parts: what is left of a reader may be written, the cut part first") {
  const TextParts parts = parts_of({{Kind::skip, 3}, {Kind::insert, 2}, {Kind::erase, 1}});
  TextPartsReader reader(parts);
  reader.pass_within(1);
  CHECK(shown(TextParts::written(3, [&](TextPartsWriter out) {
          out.append(reader);
          return out;
        })) == "2 x2 !1");
}

TEST_CASE("text parts: a sum stops at the longest text there can be") {
  const TextPart longest(Kind::erase, TextPart::count_max);
  CHECK(longest.with({Kind::erase, 1}) == longest);
  CHECK(longest.with(longest) == longest);
  CHECK(longest.without(1).with({Kind::erase, 1}) == longest);
}

TEST_CASE("text parts: a reader cuts them, and has an endless skip behind them") {
  const TextParts parts = parts_of({{Kind::erase, 3}, {Kind::insert, 0}});
  TextPartsReader reader(parts);
  reader.pass(1);
  CHECK(reader.next() == TextPart(Kind::erase, 2));
  reader.pass(2);
  CHECK(reader.next() == TextPart(Kind::insert, 0));
  reader.pass(0);
  CHECK(reader.at_end());
  for (int i = 0; i < 3; ++i) {
    reader.make_endless();
    CHECK(reader.next() == TextParts::endless);
    reader.pass(TextPart::count_max);
    CHECK(reader.at_end());
  }
}
