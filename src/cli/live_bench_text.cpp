#include "cli/live_bench_text.h"

#include <spdlog/fmt/fmt.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "cli/text_table.h"

namespace animate::cli {
namespace {

using OrderedJson = nlohmann::ordered_json;

Cells spread_row(const std::string& what, const serve::Spread& spread) {
  return {what, fmt::format("{:.2f}", spread.median), fmt::format("{:.2f}", spread.p99)};
}

OrderedJson spread_json(const serve::Spread& spread) { return {{"median", spread.median}, {"p99", spread.p99}}; }

}  // namespace

std::string live_bench_table(const serve::LiveBenchReport& report) {
  std::string text =
      fmt::format("live with {} over loopback: {} frames of {}x{} as JPEG, answers of {}x{}, a face in {} of {}\n",
                  report.model, report.frames, report.frame_width, report.frame_height, report.result_width,
                  report.result_height, report.with_face, report.answers);
  const std::vector<Cells> rows{{"milliseconds", "median", "99th percentile"},
                                spread_row("in Session::animate", report.inference),
                                spread_row("overhead of the way there and back", report.overhead),
                                spread_row("delay at double the possible rate", report.delay)};
  text += aligned_table(rows);
  text += fmt::format("distinct frames a second: {:.2f} one after the other, {:.2f} at double the possible rate\n",
                      report.frames_per_second, report.loaded_frames_per_second);
  text += fmt::format(
      "at double the possible rate, one every {:.1f} ms: {} of {} frames replaced by newer ones, delay {:.2f} times "
      "Session::animate\n",
      report.interval, report.replaced, report.frames, report.delay_in_inferences);
  text += fmt::format("two sessions at once: {:.2f} and {:.2f} distinct frames a second\n",
                      report.slower_frames_per_second, report.faster_frames_per_second);
  return text;
}

std::string live_bench_json(const serve::LiveBenchReport& report) {
  const OrderedJson document{
      {"model", report.model},
      {"frames", report.frames},
      {"frame", {{"width", report.frame_width}, {"height", report.frame_height}}},
      {"result", {{"width", report.result_width}, {"height", report.result_height}}},
      {"answers", report.answers},
      {"answers_with_face", report.with_face},
      {"one_after_the_other",
       {{"distinct_frames_per_second", report.frames_per_second},
        {"inference_ms", spread_json(report.inference)},
        {"overhead_ms", spread_json(report.overhead)}}},
      {"double_rate",
       {{"interval_ms", report.interval},
        {"distinct_frames_per_second", report.loaded_frames_per_second},
        {"delay_ms", spread_json(report.delay)},
        {"delay_in_inferences", report.delay_in_inferences},
        {"frames_replaced", report.replaced}}},
      {"two_sessions",
       {{"distinct_frames_per_second", {report.slower_frames_per_second, report.faster_frames_per_second}}}}};
  return document.dump(2, ' ', false, OrderedJson::error_handler_t::replace);
}

}  // namespace animate::cli
