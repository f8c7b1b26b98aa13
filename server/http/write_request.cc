#include "server/http/write_request.h"

#include <algorithm>
#include <cctype>

#include <boost/beast/http/field.hpp>

#include "ot/prototype_names.h"
#include "server/http/call.h"
#include "server/random_id.h"

namespace segue::server {

namespace http = boost::beast::http;

namespace {

constexpr std::size_t reason_bytes_max = 1'000;
constexpr std::uint64_t seq_max = (std::uint64_t{1} << 53) - 2;
constexpr std::string_view key_header = "Idempotency-Key";
constexpr std::string_view key_src = "http:";  // and the key: the src of a write with a key

tl::unexpected<Problem> wrong(Fault fault, std::string_view field, std::string detail) {
  return refuse({fault, std::move(detail), std::string(field)});
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

Answer<void> read_key(const Exchange& exchange, WriteRequest& write) {
  std::string_view key = exchange.header(key_header);
  if (key.size() >= 2 && key.front() == '"' && key.back() == '"') {
    key = key.substr(1, key.size() - 2);
  }
  const std::size_t bytes_max = exchange.worker.limits().message.src_bytes_max - key_src.size();
  if (key.empty() || key.size() > bytes_max || !is_printable(key)) {
    return wrong(Fault::bad_header, key_header,
                 "It must have 1 to " + std::to_string(bytes_max) + " printable characters.");
  }
  write.src.value = std::string(key_src) + std::string(key);
  write.seq = ot::Seq{1};
  write.named = true;
  return {};
}

Answer<void> read_src(const Exchange& exchange, WriteRequest& write) {
  const auto seq = exchange.number("seq", seq_max);
  if (!seq) {
    return refuse(seq.error());
  }
  if (!*seq) {
    return wrong(Fault::bad_parameter, "seq", "It must be given along with src.");
  }
  if (exchange.target.find("src") == nullptr) {
    return wrong(Fault::bad_parameter, "src", "It must be given along with seq.");
  }
  const std::string& src = *exchange.target.find("src");
  if (src.empty() || src.size() > exchange.worker.limits().message.src_bytes_max ||
      ot::is_prototype_name(src)) {
    return wrong(Fault::bad_parameter, "src", "It must be a name of 1 to 128 bytes.");
  }
  write.src.value = src;
  write.seq = ot::Seq{**seq};
  write.named = true;
  return {};
}

Answer<void> read_name(const Exchange& exchange, WriteRequest& write) {
  const bool has_src =
      exchange.target.find("src") != nullptr || exchange.target.find("seq") != nullptr;
  const bool has_key = exchange.request.count(beast_view(key_header)) > 0;
  if (has_src && has_key) {
    return wrong(Fault::bad_header, key_header, "A write has either src and seq, or a key.");
  }
  if (has_key) {
    return read_key(exchange, write);
  }
  if (has_src) {
    return read_src(exchange, write);
  }
  write.src.value = random_id();
  write.seq = ot::Seq{1};
  return {};
}

Answer<void> read_conditions(const Exchange& exchange, WriteRequest& write) {
  const auto match = exchange.tags(http::field::if_match);
  const auto none = exchange.tags(http::field::if_none_match);
  if (!match || !none) {
    return refuse(!match ? match.error() : none.error());
  }
  if (*none && (!(*none)->any || *match)) {
    return wrong(Fault::bad_header, "If-None-Match",
                 "For a write it must be *, to create, and without If-Match.");
  }
  write.create = none->has_value();
  if (!*match) {
    return {};
  }
  write.any = (*match)->any;
  if (!write.any && ((*match)->versions.size() != 1 || (*match)->foreign)) {
    return wrong(Fault::bad_header, "If-Match",
                 "It must name one version, such as \"7\", or be *.");
  }
  if (!write.any) {
    write.base = (*match)->versions.front();
  }
  return {};
}

Answer<void> read_flags(const Exchange& exchange, WriteRequest& write) {
  const auto merge = exchange.flag("merge");
  const auto force = exchange.flag("force");
  if (!merge || !force) {
    return refuse(!merge ? merge.error() : force.error());
  }
  if (*merge && *force) {
    return wrong(Fault::bad_parameter, "force", "A write is either merged or forced.");
  }
  write.merge = *merge;
  write.force = *force;
  if (const std::string* reason = exchange.target.find("reason")) {
    if (reason->size() > reason_bytes_max) {
      return wrong(Fault::bad_parameter, "reason", "It has at most 1,000 bytes.");
    }
    write.reason = *reason;
  }
  write.minimal = exchange.header("Prefer").find("return=minimal") != std::string_view::npos;
  return {};
}

}  // namespace

ot::Submission WriteRequest::submission(ot::OpKind kind) const {
  ot::Submission submission;
  submission.kind = kind;
  submission.src = src;
  submission.seq = seq;
  submission.reason = reason;
  return submission;
}

Answer<WriteRequest> read_write(const Exchange& exchange) {
  WriteRequest write;
  for (const auto read : {read_name, read_conditions, read_flags}) {
    if (auto good = read(exchange, write); !good) {
      return refuse(good.error());
    }
  }
  return write;
}

std::string media_type(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  while (!type.empty() && type.back() == ' ') {
    type.pop_back();
  }
  std::transform(type.begin(), type.end(), type.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return type;
}

boost::asio::awaitable<Answer<ot::Json>> read_json_body(Exchange& exchange, std::string type) {
  if (media_type(exchange.header(http::field::content_type)) != type) {
    co_return wrong(Fault::media_type, "Content-Type", "It must be " + type + '.');
  }
  auto body = co_await parsed(exchange.worker, exchange.request.body());
  if (!body) {
    co_return refuse(problem_of(body.error()));
  }
  co_return std::move(*body);
}

}  // namespace segue::server
