#include "base/frame_rate_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <optional>
#include <string_view>

#include "base/error.h"

namespace animate {
inline namespace base {
namespace {

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace

Rational parse_frame_rate(const std::string& text) {
  const size_t slash = text.find('/');
  const auto num = parse_number(std::string_view(text).substr(0, slash));
  const auto den =
      slash == std::string::npos ? std::optional(1.0) : parse_number(std::string_view(text).substr(slash + 1));
  const bool whole = slash == std::string::npos || (num && den && *num == std::floor(*num) && *den == std::floor(*den));
  check(num && den && whole && *num > 0 && *den > 0 && *num / *den <= kHighestFrameRate, ErrorKind::Usage,
        "--fps {}: is not a frame rate; give a number up to {} or a fraction, as in 25 or 30000/1001", text,
        kHighestFrameRate);
  if (slash != std::string::npos) return {static_cast<int64_t>(*num), static_cast<int64_t>(*den)};
  return nearest_frame_rate(*num);
}

Rational nearest_frame_rate(double rate) {
  // The NTSC rates are written rounded and meant exactly.
  for (const int64_t nominal : {24, 30, 48, 60, 120}) {
    const double exact = static_cast<double>(nominal) * 1000 / 1001;
    if (rate != std::floor(rate) && std::abs(rate - exact) < 0.005) return {nominal * 1000, 1001};
  }
  const auto thousandths = std::max<int64_t>(1, std::llround(rate * 1000));
  const int64_t divisor = std::gcd(thousandths, int64_t{1000});
  return {thousandths / divisor, 1000 / divisor};
}

}  // namespace base
}  // namespace animate
