// The printing half of ot/json_text.h.
#include <charconv>
#include <cmath>
#include <cstdint>

#include "ot/assert.h"
#include "ot/json_text.h"
#include "ot/text_counts.h"
#include "ot/utf8.h"

namespace segue::ot {
namespace {

constexpr char hex_digits[] = "0123456789abcdef";

void print_unicode_escape(std::uint32_t unit, std::string& out) {
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out.push_back(hex_digits[(unit >> shift) & 0xF]);
}

void print_ascii(char c, std::string& out) {
  switch (c) {
    case '\b':
      out += "\\b";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\r':
      out += "\\r";
      return;
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    default:
      break;
  }
  if (printed_ascii_bytes(c) == 1) {
    out.push_back(c);
  } else {
    print_unicode_escape(static_cast<unsigned char>(c), out);
  }
}

void print_char(std::string_view c, std::string& out) {
  if (c.size() == 1) return print_ascii(c[0], out);
  if (has_lone_surrogate(c)) return print_unicode_escape(decode(c), out);
  out += c;
}

// What stands between the quotes.
void print_escaped(std::string_view wtf8, std::string& out) {
  if (is_plain(wtf8)) {  // as most short ones are
    out += wtf8;
    return;
  }
  while (!wtf8.empty()) {
    const std::size_t plain = plain_prefix(wtf8);
    out += wtf8.substr(0, plain);
    wtf8.remove_prefix(plain);
    // Then one by one to the end of the word in which something else stands.
    for (std::size_t done = 0; done < 8 && !wtf8.empty();) {
      const std::size_t size = char_bytes(wtf8[0]);
      print_char(wtf8.substr(0, size), out);
      wtf8.remove_prefix(size);
      done += size;
    }
  }
}

void print_text(const Text& text, std::string& out) {
  out.push_back('"');
  text.for_each_chunk([&](std::string_view chunk) { print_escaped(chunk, out); });
  out.push_back('"');
}

void print_value(const Json& value, std::string& out);

void print_array(const Json& array, std::string& out) {
  char before = '[';
  array.for_each_element([&](const Json& element) {
    out.push_back(before);
    print_value(element, out);
    before = ',';
  });
  out += before == '[' ? "[]" : "]";
}

void print_object(const Json& object, std::string& out) {
  char before = '{';
  object.for_each_member([&](std::string_view key, const Json& value) {
    out.push_back(before);
    print_json_string(key, out);
    out.push_back(':');
    print_value(value, out);
    before = ',';
  });
  out += before == '{' ? "{}" : "}";
}

void print_value(const Json& value, std::string& out) {
  switch (value.kind()) {
    case Json::Kind::null:
      out += "null";
      return;
    case Json::Kind::boolean:
      out += value.boolean() ? "true" : "false";
      return;
    case Json::Kind::number:
      print_json_number(value.number(), out);
      return;
    case Json::Kind::string:
      print_text(value.text(), out);
      return;
    case Json::Kind::array:
      print_array(value, out);
      return;
    case Json::Kind::object:
      print_object(value, out);
      return;
  }
}

void print_view(JsonView view, std::string& out);

void print_elements(JsonView array, std::string& out) {
  char before = '[';
  for (const JsonView element : array.elements()) {
    out.push_back(before);
    print_view(element, out);
    before = ',';
  }
  out += before == '[' ? "[]" : "]";
}

// What JavaScript may print in another place than it stands in a text: array indexes come first.
bool has_index(JsonView object) {
  bool found = false;
  object.for_each_member([&](std::string_view key, JsonView) {
    found = found || (!key.empty() && key[0] >= '0' && key[0] <= '9');
  });
  return found;
}

void print_members(JsonView object, std::string& out) {
  if (has_index(object)) return print_object(object.value(), out);
  char before = '{';
  object.for_each_member([&](std::string_view key, JsonView value) {
    out.push_back(before);
    print_json_string(key, out);
    out.push_back(':');
    print_view(value, out);
    before = ',';
  });
  out += before == '{' ? "{}" : "}";
}

void print_view(JsonView view, std::string& out) {
  if (view.is_array()) return print_elements(view, out);
  if (view.is_object()) return print_members(view, out);
  if (view.is_number()) return print_json_number(view.number(), out);
  if (!view.is_string()) return print_value(view.value(), out);
  std::string room;
  print_json_string(view.string(room), out);
}

// Lays out digits * 10^(point - size), where `point` is where the decimal point stands in them.
void print_digits(std::string_view digits, int point, std::string& out) {
  const int size = static_cast<int>(digits.size());
  if (size <= point && point <= 21) {
    out.append(digits).append(static_cast<std::size_t>(point - size), '0');
  } else if (0 < point && point <= 21) {
    const auto whole = static_cast<std::size_t>(point);
    out.append(digits.substr(0, whole)).append(".").append(digits.substr(whole));
  } else if (-6 < point && point <= 0) {
    out.append("0.").append(static_cast<std::size_t>(-point), '0').append(digits);
  } else {
    out.push_back(digits[0]);
    if (size > 1) out.append(".").append(digits.substr(1));
    out.append(point > 0 ? "e+" : "e-").append(std::to_string(std::abs(point - 1)));
  }
}

}  // namespace

void print_json_string(std::string_view wtf8, std::string& out) {
  out.push_back('"');
  print_escaped(wtf8, out);
  out.push_back('"');
}

void print_json_number(double value, std::string& out) {
  OT_ASSERT(std::isfinite(value));
  constexpr double exact_integer_max = 9007199254740992.0;
  char buffer[32];
  if (std::abs(value) <= exact_integer_max && value == std::trunc(value)) {
    const auto [end, error] =
        std::to_chars(buffer, buffer + sizeof buffer, static_cast<std::int64_t>(value));
    out.append(buffer, end);
    return;
  }
  // The shortest digits that read back as this double, as "-d.ddde-dd".
  const auto [end, error] =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific);
  std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
  if (text[0] == '-') {
    out.push_back('-');
    text.remove_prefix(1);
  }
  const std::size_t e = text.find('e');
  std::string digits(text.substr(0, 1));
  if (e > 2) digits += text.substr(2, e - 2);
  int exponent = 0;
  const std::size_t exponent_at = text[e + 1] == '+' ? e + 2 : e + 1;
  std::from_chars(text.data() + exponent_at, text.data() + text.size(), exponent);
  print_digits(digits, exponent + 1, out);
}

void print_json(const Json& value, std::string& out) {
  out.reserve(out.size() + value.printed_bytes());
  print_value(value, out);
}

void print_json(JsonView view, std::string& out) { print_view(view, out); }

std::string json_text(JsonView view) {
  std::string out;
  print_view(view, out);
  return out;
}

std::string json_text(const Json& value) {
  std::string out;
  print_json(value, out);
  OT_VERIFY(out.size() == value.printed_bytes());
  return out;
}

}  // namespace segue::ot
