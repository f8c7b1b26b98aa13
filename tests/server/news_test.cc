#include "server/news.h"

#include <string>

#include <doctest/doctest.h>

using namespace segue::server;

TEST_CASE("news: an op wakes the readers of its document, of its collection and of everything") {
  News news;
  std::string woken;
  const auto note = [&](char name) { return [&woken, name] { woken += name; }; };
  const News::Reader document(news, {"c", "d"}, note('d'));
  const News::Reader other(news, {"c", "e"}, note('e'));
  const News::Reader collection(news, {"c", std::nullopt}, note('c'));
  const News::Reader elsewhere(news, {"x", std::nullopt}, note('x'));
  const News::Reader all(news, {}, note('a'));
  news.announce({"c", "d"});
  CHECK(woken == "dca");
}

TEST_CASE("news: who has ended is not woken, and nobody is left behind") {
  News news;
  int woken = 0;
  {
    const News::Reader one(news, {"c", "d"}, [&] { ++woken; });
    const News::Reader two(news, {"c", "d"}, [&] { ++woken; });
    CHECK(news.has_readers());
  }
  CHECK_FALSE(news.has_readers());
  news.announce({"c", "d"});
  CHECK(woken == 0);
}
