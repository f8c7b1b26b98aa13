// The files of the web page, as they are in the program. Constant; any thread may read them.
#pragma once

#include <span>
#include <string_view>

namespace segue::web {

// All views point into the program and stay valid.
struct Asset {
  std::string_view path;          // "/" for the page itself, else "/app.js" and the like
  std::string_view content_type;  // with its charset
  std::string_view etag;          // strong and quoted, made from the bytes of `body`
  std::string_view body;
};

std::span<const Asset> assets();

}  // namespace segue::web
