#include "engine/bench_roofline.h"

#include <filesystem>

#include "base/error.h"
#include "media/image_io.h"
#include "pictures/roofline.h"

namespace animate::engine {
namespace {

// Of the frame's time: layers that take less would only stretch the axes.
constexpr double kLeastShare = 0.002;

}  // namespace

void check_bench_roofline(const BenchOptions& options) {
  if (options.roofline.empty()) return;
  const std::filesystem::path path = options.roofline;
  check(path.extension() == ".png", ErrorKind::Usage, "--roofline {}: must end in .png", show(path));
  check(options.probe, ErrorKind::Usage, "--roofline needs the machine's limits; leave out --no-probe");
  std::error_code ec;
  const auto folder = path.parent_path();
  check(folder.empty() || std::filesystem::is_directory(folder, ec), ErrorKind::Usage,
        "--roofline {}: its folder does not exist; make it first", show(path));
}

void write_bench_roofline(const BenchReport& report, const BenchOptions& options) {
  pictures::Roofline roofline;
  roofline.title = fmt::format("{} ({}) on {}", report.model, report.mode, report.device);
  roofline.gflops = report.probe.gflops;
  roofline.gigabytes_per_second = report.probe.gigabytes_per_second;
  for (const BenchLayer& layer : report.layers) {
    const double share = layer.milliseconds / report.layers_frame_milliseconds;
    if (layer.gflop <= 0 || layer.megabytes <= 0 || share < kLeastShare) continue;
    const auto kind = layer.operation.starts_with("winograd") ? pictures::RooflinePoint::Winograd
                      : layer.operation.starts_with("conv")   ? pictures::RooflinePoint::Convolution
                                                              : pictures::RooflinePoint::Other;
    roofline.points.push_back({1000 * layer.gflop / layer.megabytes, 1000 * layer.gflop / layer.milliseconds, share,
                               kind, fmt::format("{} {}", layer.operation, layer.input)});
  }
  media::save_image(options.roofline, pictures::draw_roofline(roofline));
}

}  // namespace animate::engine
