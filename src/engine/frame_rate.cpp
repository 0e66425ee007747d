#include "engine/frame_rate.h"

#include <charconv>
#include <cmath>
#include <numeric>

#include "base/error.h"

namespace animate {
namespace {

constexpr double kHighestRate = 1000;

// Ticks of fine time bases times large rates leave 64 bits in long clips.
__extension__ using Wide = __int128;

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
  check(num && den && whole && *num > 0 && *den > 0 && *num / *den <= kHighestRate, ErrorKind::Usage,
        "--fps {}: is not a frame rate; give a number up to {} or a fraction, as in 25 or 30000/1001", text,
        kHighestRate);
  if (slash != std::string::npos) return {static_cast<int64_t>(*num), static_cast<int64_t>(*den)};
  // The NTSC rates are written rounded and meant exactly.
  for (const int64_t nominal : {24, 30, 48, 60, 120}) {
    const double exact = static_cast<double>(nominal) * 1000 / 1001;
    if (*num != std::floor(*num) && std::abs(*num - exact) < 0.005) return {nominal * 1000, 1001};
  }
  const auto thousandths = static_cast<int64_t>(std::llround(*num * 1000));
  const int64_t divisor = std::gcd(thousandths, int64_t{1000});
  return {thousandths / divisor, 1000 / divisor};
}

int64_t ConstantRate::ticks_until(int64_t next_pts) {
  // Ticks t with t / rate < next_pts * time_base, in whole numbers.
  const auto left = static_cast<Wide>(next_pts) * time_base_.num * rate_.num;
  const auto right = static_cast<Wide>(time_base_.den) * rate_.den;
  const auto end = static_cast<int64_t>((left + right - 1) / right);
  return std::max<int64_t>(0, end - tick_);
}

}  // namespace animate
