// The files of spec/transcripts, built in.
#pragma once

#include <string_view>
#include <vector>

namespace segue::server {

extern const std::vector<std::string_view> transcript_texts;

}  // namespace segue::server
