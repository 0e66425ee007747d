#include "base/utc_time.h"

#include <charconv>
#include <cstdlib>
#include <ctime>
#include <string_view>

#include "base/error.h"

namespace animate {
inline namespace base {

std::optional<int64_t> source_date_epoch() {
  const char* text = std::getenv("SOURCE_DATE_EPOCH");
  if (text == nullptr || *text == '\0') return std::nullopt;
  constexpr int64_t end_of_year_9999 = 253402300799;
  const std::string_view word(text);
  int64_t seconds = -1;
  const auto [stop, error] = std::from_chars(word.data(), word.data() + word.size(), seconds);
  const bool whole = error == std::errc() && stop == word.data() + word.size();
  check(whole && seconds >= 0 && seconds <= end_of_year_9999, ErrorKind::Usage,
        "SOURCE_DATE_EPOCH: {} is no time in seconds since 1970; correct the variable or unset it", show(word));
  return seconds;
}

std::string utc_now() {
  const std::time_t seconds = source_date_epoch().value_or(std::time(nullptr));
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

}  // namespace base
}  // namespace animate
