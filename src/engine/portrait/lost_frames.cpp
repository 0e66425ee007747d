#include "engine/portrait/lost_frames.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

namespace animate::engine {

std::vector<LostSpan> lost_spans(const std::vector<bool>& found) {
  std::vector<LostSpan> spans;
  for (size_t i = 0; i < found.size(); ++i) {
    if (found[i]) continue;
    if (i == 0 || found[i - 1]) spans.push_back({i, i});
    spans.back().last = i;
  }
  return spans;
}

size_t bridge_gaps(std::vector<bool>& found, size_t longest) {
  size_t bridged = 0;
  for (const LostSpan& span : lost_spans(found)) {
    const size_t length = span.last - span.first + 1;
    if (span.first == 0 || span.last + 1 == found.size() || length > longest) continue;
    std::fill(found.begin() + static_cast<std::ptrdiff_t>(span.first),
              found.begin() + static_cast<std::ptrdiff_t>(span.last) + 1, true);
    bridged += length;
  }
  return bridged;
}

std::vector<size_t> held_frames(const std::vector<bool>& found) {
  const auto first = static_cast<size_t>(std::find(found.begin(), found.end(), true) - found.begin());
  std::vector<size_t> held(found.size(), first);
  for (size_t i = first; i < found.size(); ++i) held[i] = found[i] ? i : held[i - 1];
  return held;
}

std::vector<FaceGap> face_gaps(const std::string& input, const std::vector<LostSpan>& spans,
                               const std::vector<double>& begins, const std::string& policy) {
  std::vector<FaceGap> gaps;
  for (const auto& [first, last] : spans) {
    gaps.push_back(
        {input, static_cast<int64_t>(first), static_cast<int64_t>(last), begins[first], begins[last], policy});
  }
  return gaps;
}

std::string describe_spans(const std::vector<LostSpan>& spans, const std::vector<double>& begins) {
  constexpr size_t most = 5;
  std::string text;
  for (size_t i = 0; i < std::min(most, spans.size()); ++i) {
    const auto [first, last] = spans[i];
    if (i > 0) text += ", ";
    text += first == last ? fmt::format("{:.2f} s", begins[first])
                          : fmt::format("{:.2f}-{:.2f} s", begins[first], begins[last]);
  }
  return spans.size() > most ? text + ", …" : text;
}

}  // namespace animate::engine
