// The reading half of ot/json_text.h. RapidJSON finds the tokens; what it reads otherwise than
// JavaScript, or not at all, is decided here: numbers, lone surrogates, equal keys, limits.
#include "ot/json_text.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "ot/assert.h"
#include "ot/byte_words.h"

// Off under NDEBUG otherwise.
#define RAPIDJSON_ASSERT(condition) OT_ASSERT(condition)
#include <rapidjson/reader.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "ot/utf8.h"

namespace segue::ot {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool may_be_in_number(char c) {
  return is_digit(c) || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

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

// How many NULs end a text for TextStream, which reads so many bytes at once.
constexpr std::size_t end_bytes = 16;

// Bytes from here on that stand in a string as they are. REQUIRES: one that does not follows, and
// then at least end_bytes - 1 more.
#ifdef __SSE2__
std::size_t unescaped_prefix(const char* bytes) {
  for (std::size_t at = 0;; at += end_bytes) {
    const __m128i chars = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + at));
    const __m128i last_control = _mm_set1_epi8(0x1F);
    const __m128i controls = _mm_cmpeq_epi8(_mm_max_epu8(chars, last_control), last_control);
    const __m128i quotes = _mm_cmpeq_epi8(chars, _mm_set1_epi8('"'));
    const __m128i backslashes = _mm_cmpeq_epi8(chars, _mm_set1_epi8('\\'));
    const auto found = static_cast<unsigned>(
        _mm_movemask_epi8(_mm_or_si128(controls, _mm_or_si128(quotes, backslashes))));
    if (found != 0) return at + static_cast<std::size_t>(std::countr_zero(found));
  }
}
#else
std::size_t unescaped_prefix(const char* bytes) {
  for (std::size_t at = 0;; at += 8) {
    const std::uint64_t found = byte_words::escaped(byte_words::load(bytes + at));
    if (found != 0) return at + static_cast<std::size_t>(std::countr_zero(found)) / 8;
  }
}
#endif

// What RapidJSON reads from and unescapes strings into. Unlike its own such stream, this one passes
// at once over what needs no unescaping at the front of a string, which is mostly all of it, and is
// not copied back and forth.
class TextStream {
 public:
  using Ch = char;

  explicit TextStream(char* text) : begin_(text), from_(text) {}

  // NOLINTBEGIN(readability-identifier-naming): RapidJSON calls them so.
  char Peek() const { return *from_; }
  char Take() { return *from_++; }
  std::size_t Tell() const { return static_cast<std::size_t>(from_ - begin_); }
  char* PutBegin() {
    char* const head = from_;
    from_ += unescaped_prefix(head);
    to_ = from_;
    return head;
  }
  void Put(char c) { *to_++ = c; }
  std::size_t PutEnd(char* head) const { return static_cast<std::size_t>(to_ - head); }
  // NOLINTEND(readability-identifier-naming)

  std::string_view text_before() const { return {begin_, Tell()}; }
  // The number that was just read.
  std::string_view number_before() const {
    const char* first = from_;
    while (first != begin_ && may_be_in_number(first[-1])) --first;
    return {first, static_cast<std::size_t>(from_ - first)};
  }

 private:
  char* begin_;
  char* from_;
  char* to_ = nullptr;
};

}  // namespace
}  // namespace segue::ot

namespace rapidjson {

// Mostly there is none.
template <>
inline void SkipWhitespace(segue::ot::TextStream& text) {
  while (true) {
    const char c = text.Peek();
    if (static_cast<unsigned char>(c) > ' ') return;
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') return;
    text.Take();
  }
}

}  // namespace rapidjson

namespace segue::ot {
namespace {

const JsonToken* next_key(const JsonToken* key) { return key[1].next(); }

bool keys_differ(const JsonToken& object) {
  constexpr std::size_t few = 16;
  const JsonToken* const first = &object + 1;
  const JsonToken* key = first;
  if (object.size <= few) {
    for (std::size_t i = 0; i < object.size; ++i, key = next_key(key)) {
      for (const JsonToken* other = first; other != key; other = next_key(other)) {
        // Where there is no first character, there is what stands behind it.
        if (key->size != other->size || *key->chars != *other->chars) continue;
        if (byte_words::are_equal(key->string(), other->string())) return false;
      }
    }
    return true;
  }
  std::vector<std::string_view> keys;
  keys.reserve(object.size);
  for (std::size_t i = 0; i < object.size; ++i, key = next_key(key)) keys.push_back(key->string());
  std::ranges::sort(keys);
  return std::ranges::adjacent_find(keys) == keys.end();
}

// What a text is like, as far as words of it can tell.
struct TextTraits {
  bool is_ascii = true;
  bool has_backslash = false;
};

TextTraits traits_of(std::string_view text) {
  std::uint64_t all = 0;
  std::uint64_t backslashes = 0;
  const auto add = [&](std::uint64_t word) {
    all |= word;
    backslashes |= byte_words::equal(word, '\\');
  };
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) add(byte_words::load(text.data() + at));
  char rest[8] = {};
  text.substr(at).copy(rest, sizeof rest);
  add(byte_words::load(rest));
  return {(all & byte_words::tops) == 0, backslashes != 0};
}

// How many tokens there is room for at first: of a short text all that it can be.
std::size_t tokens_at_first(std::size_t text_bytes) {
  constexpr std::size_t many = 1024;
  return std::min(text_bytes / 2 + 1, many);
}

}  // namespace

// Keeps RapidJSON's events as tokens. A handler that answers false ends the parse.
class JsonTokenizer {
 public:
  // Gives up on containers that stand inside of more than `depth_max` others.
  JsonTokenizer(std::string_view text, const JsonLimits& limits, std::size_t depth_max)
      : JsonTokenizer(text, limits, depth_max, tokens_at_first(text.size())) {}

  TextStream& stream() { return stream_; }
  // REQUIRES: all of the text was read.
  JsonTape take() {
    if (grown_) gather();
    return {std::move(block_), stream_.Tell()};
  }
  // Why a handler answered false; within the limits, where it gave up.
  const std::optional<Error>& refusal() const { return refusal_; }

  // NOLINTBEGIN(readability-identifier-naming): RapidJSON calls them so.
  bool Null() {
    add(Json::Kind::null);
    return true;
  }
  bool Bool(bool value) {
    add(Json::Kind::boolean).boolean = value;
    return true;
  }
  bool Int(int value) { return add_number(value == 0 ? -0.0 : value); }  // there was a minus
  bool Uint(unsigned value) { return add_number(value); }
  bool Int64(std::int64_t value) { return add_number(static_cast<double>(value)); }
  bool Uint64(std::uint64_t value) { return add_number(static_cast<double>(value)); }
  bool Double(double /*roughly*/) {
    const auto value = read_number(stream_.number_before());
    if (value) return add_number(*value);
    return refuse(Errc::bad_json, "a number is beyond the range of a double");
  }
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return false; }  // never called
  bool String(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    add_string(text, size);
    return true;
  }
  bool StartArray() { return open(Json::Kind::array); }
  bool StartObject() { return open(Json::Kind::object); }
  bool Key(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    if (size > limits_.key_bytes_max) return refuse(Errc::too_large, "a key is too long");
    if (open_->size++ == limits_.keys_max) {
      return refuse(Errc::too_large, "an object has too many keys");
    }
    add_string(text, size);
    return true;
  }
  bool EndArray(rapidjson::SizeType size) {
    open_->size = size;
    close();
    return true;
  }
  bool EndObject(rapidjson::SizeType /*size*/) {
    const JsonToken& object = close();
    if (keys_differ(object)) return true;
    return refuse(Errc::duplicate_key, "an object has two members of one name");
  }
  // NOLINTEND(readability-identifier-naming)

 private:
  JsonTokenizer(std::string_view text, const JsonLimits& limits, std::size_t depth_max,
                std::size_t room)
      : limits_(limits),
        depth_max_(depth_max),
        block_(make_block(room, text.size() + end_bytes)),
        end_(block_.get() + room),
        stream_(reinterpret_cast<char*>(end_)) {
    char* const begin = reinterpret_cast<char*>(end_);
    text.copy(begin, text.size());
    std::memset(begin + text.size(), 0, end_bytes);
  }

  // Of so many tokens, and behind them so many bytes.
  static std::unique_ptr<JsonToken[]> make_block(std::size_t tokens, std::size_t bytes) {
    return std::unique_ptr<JsonToken[]>(new JsonToken[tokens + bytes / sizeof(JsonToken) + 1]);
  }

  JsonToken& add(Json::Kind kind) {
    if (next_ == end_) [[unlikely]]
      grow();
    next_->kind = kind;
    return *next_++;
  }
  [[gnu::noinline]] void grow() {
    const auto size = static_cast<std::size_t>(next_ - first_);
    std::unique_ptr<JsonToken[]> grown(new JsonToken[2 * size]);
    std::copy(first_, next_, grown.get());
    open_ = grown.get() + (open_ - first_);
    first_ = grown.get();
    next_ = first_ + size;
    end_ = first_ + 2 * size;
    grown_ = std::move(grown);
  }
  // Brings text and tokens together again, in a block as large as need be.
  void gather() {
    const auto size = static_cast<std::size_t>(next_ - first_);
    const std::string_view text = stream_.text_before();
    std::unique_ptr<JsonToken[]> block = make_block(size, text.size());
    char* const to = reinterpret_cast<char*>(block.get() + size);
    text.copy(to, text.size());
    std::copy(first_, next_, block.get());
    for (JsonToken& token : std::span(block.get(), size)) {
      if (token.kind == Json::Kind::string) token.chars = to + (token.chars - text.data());
    }
    block_ = std::move(block);
  }
  bool add_number(double value) {
    add(Json::Kind::number).number = value;
    return true;
  }
  void add_string(const char* text, std::size_t size) {
    JsonToken& token = add(Json::Kind::string);
    token.size = static_cast<std::uint32_t>(size);
    token.chars = text;
  }
  // While a container is open, its span is how far back the one around it begins.
  bool open(Json::Kind kind) {
    if (depth_ == depth_max_) {
      return depth_max_ == limits_.depth_max && refuse(Errc::too_deep, "nested too deeply");
    }
    ++depth_;
    JsonToken& token = add(kind);
    token.size = 0;
    token.span = static_cast<std::size_t>(&token - open_);
    open_ = &token;
    return true;
  }
  const JsonToken& close() {
    JsonToken& token = *open_;
    open_ -= token.span;
    token.span = static_cast<std::size_t>(next_ - &token);
    --depth_;
    return token;
  }
  bool refuse(Errc code, std::string_view detail) {
    refusal_ = Error{code, std::string(detail)};
    return false;
  }

  const JsonLimits& limits_;
  std::size_t depth_max_;
  std::unique_ptr<JsonToken[]> block_;  // tokens, and behind them the text
  std::unique_ptr<JsonToken[]> grown_;  // the tokens, if these are too many
  JsonToken* first_ = block_.get();
  JsonToken* next_ = first_;
  JsonToken* end_;  // of the room
  TextStream stream_;
  JsonToken* open_ = first_;  // the innermost container that is not complete
  std::size_t depth_ = 0;
  std::optional<Error> refusal_;
};

namespace {

// RapidJSON is a third faster where it recurses, which it does as deep as the builder lets it.
constexpr std::size_t recursion_depth_max = 1024;

Result<JsonTape> tokenize(std::string_view text, const JsonLimits& limits, std::size_t depth_max,
                          bool is_rewritten = false) {
  // RapidJSON's own validation of encoding would refuse WTF-8; tokenize_json() did a stricter one.
  constexpr unsigned flags = rapidjson::kParseInsituFlag;
  constexpr unsigned flags_without_recursion = flags | rapidjson::kParseIterativeFlag;
  JsonTokenizer tokenizer(text, limits, depth_max);
  TextStream& stream = tokenizer.stream();
  rapidjson::Reader reader;
  const rapidjson::ParseResult result =
      depth_max <= recursion_depth_max ? reader.Parse<flags>(stream, tokenizer)
                                       : reader.Parse<flags_without_recursion>(stream, tokenizer);
  if (result.Code() == rapidjson::kParseErrorTermination) {
    if (tokenizer.refusal()) return fail(*tokenizer.refusal());
    // It is deeper than RapidJSON may recurse.
    return tokenize(text, limits, limits.depth_max, is_rewritten);
  }
  if (result.Code() == rapidjson::kParseErrorNumberTooBig && !is_rewritten) {
    return tokenize(rewrite_numbers(text), limits, depth_max, true);
  }
  // A NUL ends the text for RapidJSON, whatever stands behind it.
  if (result.IsError() || stream.Tell() != text.size()) {
    const std::size_t offset = result.IsError() ? result.Offset() : stream.Tell();
    return fail(Errc::bad_json, "not JSON from byte " + std::to_string(offset) + " on");
  }
  return tokenizer.take();
}

}  // namespace

Result<JsonTape> tokenize_json(std::string_view utf8, const JsonLimits& limits) {
  const TextTraits traits = traits_of(utf8);
  if (!traits.is_ascii && !is_utf8(utf8)) return fail(Errc::bad_json, "not UTF-8");
  const std::string rewritten = traits.has_backslash ? rewrite_surrogates(utf8) : std::string();
  return tokenize(rewritten.empty() ? utf8 : rewritten, limits,
                  std::min(limits.depth_max, recursion_depth_max));
}

Result<Json> parse_json(std::string_view utf8, const JsonLimits& limits) {
  auto tape = tokenize_json(utf8, limits);
  if (!tape) return fail(std::move(tape.error()));
  return make_json(tape->root());
}

}  // namespace segue::ot
