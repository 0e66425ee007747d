#include "batch/shard.h"

#include <charconv>
#include <optional>
#include <string_view>

#include "base/error.h"

namespace animate::batch {
namespace {

constexpr size_t kMost = 100000;

std::optional<size_t> whole_number(std::string_view text) {
  size_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string Shard::report_name() const {
  return count == 1 ? "report.jsonl" : fmt::format("report-{}-of-{}.jsonl", number, count);
}

Shard parse_shard(const std::string& text) {
  if (text.empty()) return {};
  const size_t slash = text.find('/');
  const auto number = whole_number(std::string_view(text).substr(0, slash));
  const auto count = slash == std::string::npos ? std::nullopt : whole_number(std::string_view(text).substr(slash + 1));
  check(number && count && *count >= 1 && *count <= kMost, ErrorKind::Usage,
        "--shard {}: is not I/N; give the part and how many there are, as in 1/4", text);
  check(*number >= 1 && *number <= *count, ErrorKind::Usage, "--shard {}: the parts are numbered from 1 to {}", text,
        *count);
  return {*number, *count};
}

}  // namespace animate::batch
