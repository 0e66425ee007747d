#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace animate {
inline namespace base {

// $SOURCE_DATE_EPOCH, seconds since 1970 that stand for the time of a reproducible run
// (reproducible-builds.org/specs/source-date-epoch); nullopt where it is not set. Throws Error(Usage) for what is no
// number of seconds from 0 to 253402300799, the end of the year 9999.
std::optional<int64_t> source_date_epoch();

// "2026-11-21T19:05:00Z": now, or what $SOURCE_DATE_EPOCH says.
std::string utc_now();

}  // namespace base
}  // namespace animate
