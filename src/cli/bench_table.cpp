#include "cli/bench_table.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/counted.h"
#include "cli/text_table.h"

namespace animate::cli {
namespace {

constexpr size_t kMostLayers = 30;

std::string percent(double part, double whole) {
  return whole > 0 ? fmt::format("{:.1f} %", 100 * part / whole) : std::string();
}

std::string decimals(double value, int digits) {
  return value > 0 ? fmt::format("{:.{}f}", value, digits) : std::string();
}

double gflops(double gflop, double milliseconds) { return milliseconds > 0 ? 1000 * gflop / milliseconds : 0; }

// GFLOP, GFLOP/s and the share of the machine's peak; empty where nothing was counted.
void add_speed(Cells& row, double gflop, double milliseconds, const MachineProbe& probe) {
  const double speed = gflops(gflop, milliseconds);
  row.push_back(decimals(gflop, gflop < 10 ? 3 : 1));
  row.push_back(decimals(speed, 1));
  if (probe.gflops > 0) row.push_back(speed > 0 ? percent(speed, probe.gflops) : std::string());
}

void add_speed_titles(Cells& row, const MachineProbe& probe) {
  row.insert(row.end(), {"GFLOP", "GFLOP/s"});
  if (probe.gflops > 0) row.emplace_back("of peak");
}

// The other run's time and the ratio to it; empty where it has no stage of this name.
void add_comparison(Cells& row, const BenchReport& report, const BenchStage& stage) {
  if (!report.comparison) return;
  const auto& theirs = report.comparison->stages;
  const auto found =
      std::find_if(theirs.begin(), theirs.end(), [&](const auto& other) { return other.name == stage.name; });
  const bool known = found != theirs.end() && found->milliseconds > 0;
  row.push_back(known ? fmt::format("{:.2f}", found->milliseconds) : std::string());
  row.push_back(known ? fmt::format("{:.2f}", stage.milliseconds / found->milliseconds) : std::string());
}

std::string stage_table(const BenchReport& report) {
  std::vector<Cells> rows{{"stage", "parameters M", "size MB", "ms", "share"}};
  add_speed_titles(rows[0], report.probe);
  if (report.comparison) rows[0].insert(rows[0].end(), {"theirs ms", "ratio"});
  double sum = 0;
  for (const BenchStage& stage : report.stages) sum += stage.per_frame ? stage.milliseconds : 0;
  for (const BenchStage& stage : report.stages) {
    Cells row{stage.name, fmt::format("{:.3f}", static_cast<double>(stage.parameters) / 1e6),
              stage.bytes > 0 ? fmt::format("{:.1f}", static_cast<double>(stage.bytes) / 1e6) : std::string(),
              fmt::format("{:.2f}", stage.milliseconds), stage.per_frame ? percent(stage.milliseconds, sum) : "once"};
    add_speed(row, stage.gflop, stage.milliseconds, report.probe);
    add_comparison(row, report, stage);
    rows.push_back(std::move(row));
  }
  Cells whole{"whole frame", "", "", fmt::format("{:.2f}", report.milliseconds_per_frame), ""};
  add_speed(whole, report.gflop_per_frame, report.milliseconds_per_frame, report.probe);
  if (report.comparison) {
    const double theirs = report.comparison->milliseconds_per_frame;
    whole.insert(whole.end(),
                 {fmt::format("{:.2f}", theirs), fmt::format("{:.2f}", report.milliseconds_per_frame / theirs)});
  }
  rows.push_back(std::move(whole));
  return aligned_table(rows);
}

std::string comparison_lines(const BenchReport& report) {
  const BenchComparison& theirs = *report.comparison;
  const double ratio = report.milliseconds_per_frame / theirs.milliseconds_per_frame;
  const std::string what =
      theirs.name == theirs.mode ? theirs.name : fmt::format("{} ({}, {})", theirs.name, theirs.mode, theirs.device);
  std::string text =
      fmt::format("ratio to {}: {:.3f} of its time a frame, {:.2f} times as fast\n", what, ratio, 1 / ratio);
  if (theirs.difference) {
    const double psnr = theirs.difference->psnr;
    text += fmt::format(
        "pictures of both: largest difference {:.1e} of the output range, PSNR {}\n", theirs.difference->largest,
        std::isfinite(psnr) ? fmt::format("{:.1f} dB", psnr) : std::string("without end, they are equal"));
  }
  return text;
}

// Of many layers the longest; the others in one row.
std::string layer_table(const BenchReport& report) {
  std::vector<Cells> rows{{"operation", "input", "weight", "calls", "ms", "share"}};
  add_speed_titles(rows[0], report.probe);
  const auto add = [&](const BenchLayer& layer) {
    Cells row{layer.operation,
              layer.input,
              layer.weight,
              layer.count > 0 ? fmt::format("{}", layer.count) : std::string(),
              fmt::format("{:.2f}", layer.milliseconds),
              percent(layer.milliseconds, report.layers_frame_milliseconds)};
    add_speed(row, layer.gflop, layer.milliseconds, report.probe);
    rows.push_back(std::move(row));
  };
  BenchLayer others{"other", "", "", "", 0, 0, 0, 0};
  double sum = 0;
  for (size_t i = 0; i < report.layers.size(); ++i) {
    const BenchLayer& layer = report.layers[i];
    sum += layer.milliseconds;
    if (i < kMostLayers) {
      add(layer);
      continue;
    }
    others.count += layer.count;
    others.milliseconds += layer.milliseconds;
    others.gflop += layer.gflop;
  }
  if (others.count > 0) add(others);
  add({"between operations", "", "", "", 0, std::max(0.0, report.layers_frame_milliseconds - sum), 0, 0});
  return fmt::format("\nlayers of a frame, observed in runs of their own: {:.2f} ms\n{}",
                     report.layers_frame_milliseconds, aligned_table(rows));
}

// Why more than all of the peak is no mistake.
std::string peak_note(const BenchReport& report) {
  if (report.probe.gflops <= 0) return {};
  const auto above = [&](const auto& row) { return gflops(row.gflop, row.milliseconds) > report.probe.gflops; };
  const bool layers = std::any_of(report.layers.begin(), report.layers.end(), above);
  if (!layers && std::none_of(report.stages.begin(), report.stages.end(), above)) return {};
  return "above 100 %: a GFLOP is the direct convolution's, Winograd needs fewer; and the peak is a product's in "
         "float32\n";
}

std::string clip_table(const BenchClip& clip) {
  const double frames = static_cast<double>(std::max<int64_t>(clip.frames, 1));
  std::vector<Cells> rows{{"from file to file", "s", "ms a frame"}};
  const auto add = [&](const char* name, double seconds) {
    rows.push_back({name, fmt::format("{:.2f}", seconds), fmt::format("{:.2f}", 1000 * seconds / frames)});
  };
  add("decode", clip.decode_seconds);
  add("motion", clip.motion_seconds);
  add("render", clip.render_seconds);
  add("paste back", clip.compose_seconds);
  add("encode", clip.encode_seconds);
  add("whole clip", clip.seconds);
  return fmt::format(
      "\n{}{} of {}x{}, {:.2f} a second; stages run side by side; inference waited {} times for the decoder, {} "
      "for room to put its frames\n",
      aligned_table(rows), counted(clip.frames, "frame"), clip.width, clip.height,
      frames / std::max(clip.seconds, 1e-9), clip.waits.decoded.empty, clip.waits.rendered.full);
}

}  // namespace

std::string bench_table(const BenchReport& report) {
  std::string text = fmt::format("{} ({}) on {}, {}x{}, {}\n", report.model, report.mode, report.device, report.width,
                                 report.height, counted(report.frames, "frame"));
  if (report.probe.gflops > 0) {
    text += fmt::format("peak here: matrix product {:.1f} GFLOP/s, copy {:.1f} GB/s\n", report.probe.gflops,
                        report.probe.gigabytes_per_second);
  }
  text += stage_table(report);
  text += fmt::format("{:.2f} frames a second\n", report.frames_per_second);
  if (const auto& morph = report.morph) {
    text += fmt::format("morph by motion: {} renders a frame, {:.2f} ms; one render {:.2f} ms, {:.2f} times that\n",
                        morph->renders, morph->milliseconds, morph->render_milliseconds,
                        morph->milliseconds / morph->render_milliseconds);
  }
  if (report.comparison) text += comparison_lines(report);
  if (!report.layers.empty()) text += layer_table(report);
  text += peak_note(report);
  if (report.clip) text += clip_table(*report.clip);
  return text;
}

}  // namespace animate::cli
