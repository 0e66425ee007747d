#include "engine/summary.h"

#include <algorithm>

#include "base/log.h"
#include "base/memory.h"

namespace animate {

void append(std::vector<std::string>& all, const std::vector<std::string>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

void take_stats(AnimateSummary& summary, const PipelineStats& stats) {
  summary.frames = stats.frames;
  summary.decode_seconds = stats.decode_seconds;
  summary.encode_seconds = stats.encode_seconds;
  summary.decode_stalls = static_cast<int64_t>(stats.decode_stalls);
  summary.encode_stalls = static_cast<int64_t>(stats.encode_stalls);
}

void refuse_warnings(const AnimateSummary& summary, bool strict) {
  const auto& warnings = summary.warnings;
  if (!strict || warnings.empty()) return;
  for (size_t i = 1; i < warnings.size(); ++i) log::warn("{}", warnings[i]);
  throw StrictError(fmt::format("{}; nothing was written, as --strict refuses a result with {}", warnings.front(),
                                warnings.size() == 1 ? "a warning" : fmt::format("{} warnings", warnings.size())),
                    summary);
}

void finish_output(OutputClip& output, AnimateSummary& summary, const OutputOptions& options) {
  summary.width = output.width();
  summary.height = output.height();
  const auto known = output.warnings();
  append(summary.warnings, known);
  refuse_warnings(summary, options.strict);
  output.finish();
  const auto all = output.warnings();
  summary.warnings.insert(summary.warnings.end(), all.begin() + std::min(std::ssize(known), std::ssize(all)),
                          all.end());
}

void report(const AnimateSummary& summary) {
  for (const std::string& warning : summary.warnings) log::warn("{}", warning);
  log::info(
      "{} frames in {:.1f} s ({:.1f} a second): decoding {:.1f} s, motion {:.1f} s, rendering {:.1f} s, encoding "
      "{:.1f} s",
      summary.frames, summary.seconds, static_cast<double>(summary.frames) / std::max(summary.seconds, 1e-9),
      summary.decode_seconds, summary.motion_seconds, summary.render_seconds, summary.encode_seconds);
  log::debug("memory: {:.0f} MB at most; inference waited {} times for the decoder, {} times for the encoder",
             static_cast<double>(process_memory().peak) / 1e6, summary.decode_stalls, summary.encode_stalls);
}

}  // namespace animate
