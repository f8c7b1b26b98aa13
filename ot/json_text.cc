// The reading half of ot/json_text.h. RapidJSON finds the tokens; what it reads otherwise than
// JavaScript, or not at all, is decided here: numbers, lone surrogates, equal keys, limits.
#include "ot/json_text.h"

#include <charconv>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "ot/assert.h"

// Off under NDEBUG otherwise.
#define RAPIDJSON_ASSERT(condition) OT_ASSERT(condition)
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include "ot/json_list.h"
#include "ot/json_object.h"
#include "ot/utf8.h"

namespace segue::ot {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t skip_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

// Bytes of the number at the front, as RFC 8259 has it; 0 if there is none.
std::size_t number_bytes(std::string_view text) {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  std::size_t end = skip_digits(text, at);
  if (end == at || (text[at] == '0' && end > at + 1)) return 0;
  if (end < text.size() && text[end] == '.') {
    at = end + 1;
    end = skip_digits(text, at);
    if (end == at) return 0;
  }
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    at = end + 1;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    end = skip_digits(text, at);
    if (end == at) return 0;
  }
  return end;
}

// True for a number whose leading digit stands left of the decimal point, exponent applied. Tells
// overflow from underflow, which std::from_chars does not.
bool is_above_one(std::string_view number) {
  const std::size_t e = number.find_first_of("eE");
  const std::string_view mantissa = number.substr(0, e);
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  const std::size_t leading = mantissa.find_first_of("123456789");
  const auto magnitude = static_cast<long long>(point) - static_cast<long long>(leading);
  if (e == std::string_view::npos) return magnitude > 0;
  std::string_view digits = number.substr(e + 1);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  long long exponent = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
  if (error != std::errc{}) return !digits.starts_with('-');
  return exponent > -magnitude;
}

// What JavaScript reads. Null if that is infinity. REQUIRES: a JSON number.
std::optional<double> read_number(std::string_view number) {
  const char* const number_end = number.data() + number.size();
  if (number.size() <= 15 && skip_digits(number, 0) == number.size()) {  // Most are.
    std::int64_t natural = 0;
    for (const char digit : number) natural = 10 * natural + (digit - '0');
    return static_cast<double>(natural);
  }
  double value = 0;
  const auto [end, error] = std::from_chars(number.data(), number_end, value);
  if (error == std::errc{}) return value;
  if (is_above_one(number)) return std::nullopt;
  return number.starts_with('-') ? -0.0 : 0.0;
}

// Whether a number may stand before this.
bool may_follow_number(std::string_view rest) {
  return rest.empty() || std::string_view(" \t\n\r,]}").find(rest[0]) != std::string_view::npos;
}

// RapidJSON takes some numbers for too big that are not: 0e400, or many digits and a negative
// exponent. They are printed in another way here, outside of strings.
std::string rewrite_numbers(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t size = 1;
    if (text[at] == '"') {
      while (at + size < text.size() && text[at + size] != '"') {
        size += text[at + size] == '\\' ? 2 : 1;
      }
      ++size;
    } else if (is_digit(text[at]) || text[at] == '-') {
      size = number_bytes(text.substr(at));
      const auto value = size > 0 ? read_number(text.substr(at, size)) : std::nullopt;
      // It will be refused. Printed in another way, "1e5.5" would be a number.
      if (!value || !may_follow_number(text.substr(at + size))) return std::string(text);
      print_json_number(*value, out);
      at += size;
      continue;
    }
    out += text.substr(at, size);
    at += size;
  }
  return out;
}

// The UTF-16 unit of an escape "\uXXXX" that begins at `at`.
std::optional<std::uint32_t> escaped_unit(std::string_view text, std::size_t at) {
  if (text.size() < at + 6 || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
  std::uint32_t unit = 0;
  const char* begin = text.data() + at + 2;
  const auto [end, error] = std::from_chars(begin, begin + 4, unit, 16);
  if (error != std::errc{} || end != begin + 4) return std::nullopt;
  return unit;
}

// RapidJSON refuses the escape of a lone high surrogate and reads that of a low one into the three
// bytes of WTF-8. So the high ones are put in as such bytes beforehand. Outside of strings a
// backslash is an error with or without this.
std::string rewrite_surrogates(std::string_view text) {
  std::string out;
  std::size_t copied = 0;
  for (std::size_t at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at)) {
    const auto unit = escaped_unit(text, at);
    if (!unit) {
      at += 2;
      continue;
    }
    at += 6;
    if (!is_high_surrogate(*unit)) continue;
    const auto next = escaped_unit(text, at);
    if (next && is_low_surrogate(*next)) {
      at += 6;
      continue;
    }
    out += text.substr(copied, at - 6 - copied);
    encode(*unit, out);
    copied = at;
  }
  if (copied == 0) return {};
  return out.append(text.substr(copied));
}

}  // namespace

// Builds the value from RapidJSON's events. A handler that answers false ends the parse.
class JsonBuilder {
 public:
  explicit JsonBuilder(const JsonLimits& limits) : limits_(limits) {
    // Enough for most messages.
    open_.reserve(8);
    elements_.reserve(16);
    members_.reserve(16);
  }

  // NOLINTBEGIN(readability-identifier-naming): RapidJSON calls them so.
  bool Null() { return put(nullptr); }
  bool Bool(bool value) { return put(value); }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    const auto value = read_number({text, size});
    if (!value) return refuse(Errc::bad_json, "a number is beyond the range of a double");
    return put(*value);
  }
  bool String(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    return put(std::string_view(text, size));
  }
  bool StartArray() { return open(elements_.size(), false); }
  bool StartObject() { return open(members_.size(), true); }
  bool Key(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    if (size > limits_.key_bytes_max) return refuse(Errc::too_large, "a key is too long");
    if (members_.size() - open_.back().begin == limits_.keys_max) {
      return refuse(Errc::too_large, "an object has too many keys");
    }
    members_.push_back({JsonKey(std::string_view(text, size)), Json()});
    return true;
  }
  bool EndArray(rapidjson::SizeType /*size*/) {
    const auto first = elements_.begin() + static_cast<std::ptrdiff_t>(open_.back().begin);
    Json array(Json::List::build(std::span(first, elements_.end())));
    elements_.erase(first, elements_.end());
    open_.pop_back();
    return put(std::move(array));
  }
  bool EndObject(rapidjson::SizeType /*size*/) {
    const auto first = members_.begin() + static_cast<std::ptrdiff_t>(open_.back().begin);
    auto object = JsonObject::build(std::span(first, members_.end()));
    if (!object) return refuse(Errc::duplicate_key, "an object has two members of one name");
    members_.erase(first, members_.end());
    open_.pop_back();
    return put(Json(std::move(object)));
  }
  // Never called: numbers come as text.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }
  // NOLINTEND(readability-identifier-naming)

  Json take_root() { return std::move(root_); }
  // Why a handler answered false.
  const Error& refusal() const { return refusal_; }

 private:
  struct Open {
    std::size_t begin;  // of its elements or members in the vector of all
    bool is_object;
  };

  bool open(std::size_t begin, bool is_object) {
    if (open_.size() == limits_.depth_max) return refuse(Errc::too_deep, "nested too deeply");
    open_.push_back({begin, is_object});
    return true;
  }
  // Makes the value where it is wanted.
  template <class Value>
  bool put(Value&& value) {
    if (!open_.empty() && !open_.back().is_object) {
      elements_.emplace_back(std::forward<Value>(value));
    } else {
      Json& place = open_.empty() ? root_ : members_.back().value;
      place = Json(std::forward<Value>(value));
    }
    return true;
  }
  bool refuse(Errc code, std::string_view detail) {
    refusal_ = {code, std::string(detail)};
    return false;
  }

  const JsonLimits& limits_;
  std::vector<Open> open_;  // the containers that are not complete
  std::vector<Json> elements_;
  std::vector<JsonMember> members_;
  Json root_;
  Error refusal_;
};

namespace {

// RapidJSON is a third faster where it recurses, which it does as deep as the builder lets it.
constexpr std::size_t recursion_depth_max = 1024;

Result<Json> parse(std::string_view text, const JsonLimits& limits, bool is_rewritten = false) {
  // RapidJSON's own validation of encoding would refuse WTF-8; parse_json() did a stricter one.
  constexpr unsigned flags = rapidjson::kParseNumbersAsStringsFlag;
  constexpr unsigned flags_without_recursion = flags | rapidjson::kParseIterativeFlag;
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::Reader reader;
  JsonBuilder builder(limits);
  const rapidjson::ParseResult result =
      limits.depth_max <= recursion_depth_max
          ? reader.Parse<flags>(stream, builder)
          : reader.Parse<flags_without_recursion>(stream, builder);
  if (result.Code() == rapidjson::kParseErrorTermination) return fail(builder.refusal());
  if (result.Code() == rapidjson::kParseErrorNumberTooBig && !is_rewritten) {
    return parse(rewrite_numbers(text), limits, true);
  }
  // A NUL ends the text for RapidJSON, whatever stands behind it.
  if (result.IsError() || stream.Tell() != text.size()) {
    const std::size_t offset = result.IsError() ? result.Offset() : stream.Tell();
    return fail(Errc::bad_json, "not JSON from byte " + std::to_string(offset) + " on");
  }
  return builder.take_root();
}

}  // namespace

Result<Json> parse_json(std::string_view utf8, const JsonLimits& limits) {
  if (!is_utf8(utf8)) return fail(Errc::bad_json, "not UTF-8");
  const std::string rewritten = rewrite_surrogates(utf8);
  return parse(rewritten.empty() ? utf8 : std::string_view(rewritten), limits);
}

}  // namespace segue::ot
