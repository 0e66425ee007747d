#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "animate/export.h"

namespace animate {

// The words of an enum's values on the command line, in their order from 0. Specialised beside each enum that is an
// option:  template <> inline constexpr auto kWords<Switch> = std::to_array<std::string_view>({"auto", "on", "off"});
template <typename E>
inline constexpr std::array<std::string_view, 0> kWords{};

template <typename T>
concept Choice = std::is_enum_v<T> && !kWords<T>.empty();

template <Choice E>
constexpr std::string_view word_of(E value) {
  return kWords<E>[static_cast<size_t>(value)];
}

// A value with a grammar of its own: parse() throws Error(Usage) with one sentence that names the flag, and
// parse(text()) gives the value back.
template <typename T>
concept Written = requires(const T& value, std::string_view text) {
  { T::parse(text) } -> std::same_as<T>;
  { value.text() } -> std::convertible_to<std::string>;
};

// Where an option lies that is written as text: a text, a path, a choice, a value with a grammar, or one of these that
// may be absent, which the empty text means. A pointer with a type: copies mean the same option.
class ANIMATE_EXPORT TextField {
 public:
  template <typename T>
  explicit TextField(T& value) : value_(&value), text_(&text_of<T>), parse_(&parse_into<T>) {
    if constexpr (Choice<T>) choices_ = kWords<T>;
  }

  std::string text() const { return text_(value_); }
  // Throws Error(Usage): for a choice that has no such word, else as the value's own parse() does.
  void parse(std::string_view text) const { parse_(value_, text); }
  // The words of a choice; empty for everything else.
  std::span<const std::string_view> choices() const { return choices_; }

 private:
  template <typename T>
  static std::string text_of(const void* value) {
    return text_of(*static_cast<const T*>(value));
  }
  template <typename T>
  static void parse_into(void* value, std::string_view text) {
    parse_into(*static_cast<T*>(value), text);
  }

  static std::string text_of(const std::string& value) { return value; }
  static std::string text_of(const std::filesystem::path& value) { return value.string(); }
  static std::string text_of(Choice auto value) { return std::string(word_of(value)); }
  static std::string text_of(const Written auto& value) { return value.text(); }
  template <Written T>
  static std::string text_of(const std::optional<T>& value) {
    return value ? value->text() : std::string();
  }

  static void parse_into(std::string& value, std::string_view text) { value = text; }
  static void parse_into(std::filesystem::path& value, std::string_view text) { value = text; }
  template <Choice E>
  static void parse_into(E& value, std::string_view text) {
    value = static_cast<E>(index_of(text, kWords<E>));
  }
  template <Written T>
  static void parse_into(T& value, std::string_view text) {
    value = T::parse(text);
  }
  template <Written T>
  static void parse_into(std::optional<T>& value, std::string_view text) {
    value = text.empty() ? std::nullopt : std::optional(T::parse(text));
  }

  // Throws Error(Usage) listing the words.
  static size_t index_of(std::string_view text, std::span<const std::string_view> words);

  void* value_;
  std::string (*text_)(const void*);
  void (*parse_)(void*, std::string_view);
  std::span<const std::string_view> choices_;
};

// Walks the rows of an option struct. Every option is declared once, in its struct's describe(): name, field, range,
// help. Visitors turn the rows into command-line flags, checks, or printed settings.
class ANIMATE_EXPORT OptionVisitor {
 public:
  virtual ~OptionVisitor() = default;
  // Names are long flags without dashes; several may be given, "relative,…": the first is the one that is shown.
  virtual void flag(std::string_view names, bool& value, std::string_view help) = 0;
  virtual void integer(std::string_view names, int64_t& value, int64_t low, int64_t high, std::string_view help) = 0;
  virtual void number(std::string_view names, double& value, double low, double high, std::string_view help) = 0;
  // Seconds, that may also be written as 0:05 or 00:00:05.5.
  virtual void seconds(std::string_view names, double& value, double low, double high, std::string_view help) = 0;
  // `kind` is what stands for the value in --help, as in FILE; empty for a choice, whose words do. A kind that ends in
  // "…" is a list, which may be given in several flags.
  virtual void field(std::string_view names, const TextField& value, std::string_view kind, std::string_view help) = 0;

  // The same by the value's type.
  template <typename T>
  void text(std::string_view names, T& value, std::string_view kind, std::string_view help) {
    field(names, TextField(value), kind, help);
  }
  template <Choice E>
  void choice(std::string_view names, E& value, std::string_view help) {
    field(names, TextField(value), {}, help);
  }
};

}  // namespace animate
