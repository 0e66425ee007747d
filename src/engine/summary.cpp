#include "engine/summary.h"

#include <algorithm>

#include "base/counted.h"
#include "base/log.h"
#include "base/memory.h"

namespace animate::engine {

namespace {

std::string describe(const QueueWait& wait, const char* front, const char* behind) {
  return fmt::format("{} for {} {} times, {:.2f} s, and the other way {} times, {:.2f} s", behind, front, wait.empty,
                     wait.empty_seconds, wait.full, wait.full_seconds);
}

}  // namespace

void append(std::vector<std::string>& all, const std::vector<std::string>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

void take_stats(AnimateSummary& summary, const PipelineStats& stats) {
  summary.frames = stats.frames;
  summary.batch = static_cast<int64_t>(stats.batch);
  summary.decode_seconds = stats.decode_seconds;
  summary.compose_seconds = stats.compose_seconds;
  summary.encode_seconds = stats.encode_seconds;
  summary.waits = stats.waits;
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
      "{} in {:.1f} s ({:.1f} a second): decoding {:.1f} s, motion {:.1f} s, rendering {:.1f} s, composing "
      "{:.1f} s, encoding {:.1f} s",
      counted(summary.frames, "frame"), summary.seconds,
      static_cast<double>(summary.frames) / std::max(summary.seconds, 1e-9), summary.decode_seconds,
      summary.motion_seconds, summary.render_seconds, summary.compose_seconds, summary.encode_seconds);
  log::debug("memory: {:.0f} MB at most", static_cast<double>(process_memory().peak) / 1e6);
  log::debug("waiting: {}; {}; {}", describe(summary.waits.decoded, "decoding", "inference"),
             describe(summary.waits.rendered, "inference", "composing"),
             describe(summary.waits.composed, "composing", "encoding"));
}

}  // namespace animate::engine
