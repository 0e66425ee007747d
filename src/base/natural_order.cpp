#include "base/natural_order.h"

#include <algorithm>
#include <compare>

#include "base/error.h"

namespace animate {
inline namespace base {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes the digits at the front of `text`, without leading zeros.
std::string_view take_number(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  std::string_view digits = text.substr(0, static_cast<size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

std::strong_ordering compare(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    if (is_digit(a.front()) && is_digit(b.front())) {
      const std::string_view x = take_number(a);
      const std::string_view y = take_number(b);
      if (x.size() != y.size()) return x.size() <=> y.size();
      if (const int order = x.compare(y); order != 0) return order <=> 0;
      continue;
    }
    if (a.front() != b.front()) {
      return static_cast<unsigned char>(a.front()) <=> static_cast<unsigned char>(b.front());
    }
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  return a.size() <=> b.size();
}

}  // namespace

bool natural_less(std::string_view a, std::string_view b) {
  const auto order = compare(a, b);
  return order != 0 ? order < 0 : a < b;  // NOLINT(modernize-use-nullptr): the 0 of an ordering
}

void sort_by_name(std::vector<std::filesystem::path>& files) {
  std::sort(files.begin(), files.end(), [](const std::filesystem::path& a, const std::filesystem::path& b) {
    return natural_less(a.filename().string(), b.filename().string());
  });
}

std::string some_names(const std::vector<std::filesystem::path>& files) {
  constexpr size_t most = 3;
  std::string names;
  const size_t named = std::min(most, files.size());
  for (size_t i = 0; i < named; ++i) names += (i == 0 ? "" : ", ") + show(files[i].filename());
  return files.size() == named ? names : fmt::format("{} and {} more", names, files.size() - named);
}

}  // namespace base
}  // namespace animate
