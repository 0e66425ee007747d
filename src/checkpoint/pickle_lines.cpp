#include "checkpoint/pickle_lines.h"

#include <algorithm>
#include <charconv>

namespace animate::checkpoint::pickle {
namespace {

template <typename Number>
std::optional<Number> number_of(std::string_view text, int base = 10) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number, base);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return number;
}

bool is_decimal(std::string_view digits) {
  return !digits.empty() && std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Lone halves of surrogate pairs are written like any other character.
void append_utf8(std::string& text, uint32_t point) {
  const auto byte = [&text](uint32_t value) { text += static_cast<char>(static_cast<unsigned char>(value)); };
  const auto tail = [&byte](uint32_t value) { byte(0x80U | (value & 0x3fU)); };
  if (point < 0x80) return byte(point);
  if (point < 0x800) {
    byte(0xc0U | point >> 6U);
  } else if (point < 0x10000) {
    byte(0xe0U | point >> 12U);
    tail(point >> 6U);
  } else {
    byte(0xf0U | point >> 18U);
    tail(point >> 12U);
    tail(point >> 6U);
  }
  tail(point);
}

// The character after a backslash that stands for one byte.
std::optional<char> plain_escape(char c) {
  constexpr std::string_view names = "\\'\"abfnrtv";
  constexpr std::string_view bytes = "\\'\"\a\b\f\n\r\t\v";
  const size_t at = names.find(c);
  return at == std::string_view::npos ? std::nullopt : std::optional(bytes[at]);
}

}  // namespace

std::optional<size_t> index_of(std::string_view digits) { return number_of<size_t>(digits); }

std::optional<Value> integer_of(std::string_view line, bool is_long) {
  if (!is_long && line == "00") return Value(false);
  if (!is_long && line == "01") return Value(true);
  if (is_long && line.ends_with('L')) line.remove_suffix(1);
  if (const auto number = number_of<int64_t>(line)) return Value(*number);
  const std::string_view digits = line.starts_with('-') ? line.substr(1) : line;
  if (!is_decimal(digits)) return std::nullopt;
  return Value(BigInt{std::string(line)});
}

std::optional<double> float_of(std::string_view line) {
  double number = 0;
  const char* const end = line.data() + line.size();
  const auto parsed = std::from_chars(line.data(), end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return number;
}

std::optional<std::string> unicode_of(std::string_view line) {
  std::string text;
  for (size_t i = 0; i < line.size(); ++i) {
    const char next = line[i] == '\\' && i + 1 < line.size() ? line[i + 1] : '\0';
    if (next != 'u' && next != 'U') {
      append_utf8(text, static_cast<unsigned char>(line[i]));
      continue;
    }
    const size_t digits = next == 'u' ? 4 : 8;
    if (line.size() - i - 2 < digits) return std::nullopt;
    const auto point = number_of<uint32_t>(line.substr(i + 2, digits), 16);
    if (!point || *point > 0x10ffff) return std::nullopt;
    append_utf8(text, *point);
    i += 1 + digits;
  }
  return text;
}

std::optional<std::string> string_of(std::string_view line) {
  while (line.ends_with(' ') || line.ends_with('\r')) line.remove_suffix(1);
  const bool quoted = line.size() >= 2 && line.front() == line.back() && (line.front() == '\'' || line.front() == '"');
  if (!quoted) return std::nullopt;
  line = line.substr(1, line.size() - 2);
  std::string bytes;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\\') {
      bytes += line[i];
      continue;
    }
    if (++i == line.size()) return std::nullopt;
    if (const auto plain = plain_escape(line[i])) {
      bytes += *plain;
    } else if (line[i] == 'x' && line.size() - i > 2) {
      const auto value = number_of<uint8_t>(line.substr(i + 1, 2), 16);
      if (!value) return std::nullopt;
      bytes += static_cast<char>(*value);
      i += 2;
    } else {
      return std::nullopt;
    }
  }
  return bytes;
}

}  // namespace animate::checkpoint::pickle
