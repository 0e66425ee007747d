#include "core/visualizer.h"

#include <vector>

#include "base/colormap.h"

namespace animate::core {
namespace {

torch::Tensor colour(double u) {
  const auto rgb = gist_rainbow(u);
  return torch::tensor({rgb[0], rgb[1], rgb[2]}, torch::kFloat32);
}

// [B, C, h, w] -> [B, H, W, 3] on the CPU, enlarged by repeating pixels (source index floor(i n_in / n_out)).
torch::Tensor to_panel(const torch::Tensor& image, int64_t height, int64_t width) {
  auto panel = image.detach().to(torch::kCPU, torch::kFloat32);
  if (panel.size(2) != height || panel.size(3) != width) panel = torch::upsample_nearest2d(panel, {height, width});
  return panel.expand({-1, 3, -1, -1}).permute({0, 2, 3, 1}).contiguous();
}

void draw(torch::Tensor& panel, const torch::Tensor& keypoints, double radius) {
  if (!keypoints.defined()) return;
  const auto points = keypoints.detach().to(torch::kCPU, torch::kFloat64);
  const int64_t height = panel.size(1);
  const int64_t width = panel.size(2);
  const auto rows = torch::arange(height, torch::kFloat64).view({height, 1});
  const auto columns = torch::arange(width, torch::kFloat64).view({1, width});
  for (int64_t b = 0; b < panel.size(0); ++b) {
    for (int64_t k = 0; k < points.size(1); ++k) {
      const double x = static_cast<double>(width) * (points[b][k][0].item<double>() + 1) / 2;
      const double y = static_cast<double>(height) * (points[b][k][1].item<double>() + 1) / 2;
      const auto inside = ((rows - y) / radius).square() + ((columns - x) / radius).square() < 1;
      const auto paint = colour(static_cast<double>(k) / static_cast<double>(points.size(1)));
      panel[b].copy_(torch::where(inside.unsqueeze(2), paint, panel[b]));
    }
  }
}

// The deformed sources and their masks in turn, then all masks in one picture.
void append_sparse(std::vector<torch::Tensor>& panels, const VisualizerInput& input, int64_t height, int64_t width) {
  const int64_t count = input.mask.size(1);
  torch::Tensor sum;
  for (int64_t i = 0; i < count; ++i) {
    panels.push_back(to_panel(input.sparse_deformed.select(1, i), height, width));
    const auto mask = to_panel(input.mask.narrow(1, i, 1), height, width);
    const auto paint = i == 0 ? torch::zeros({3}) : colour(static_cast<double>(i - 1) / static_cast<double>(count - 1));
    panels.push_back(i == 0 ? mask : mask * paint);
    sum = i == 0 ? mask * paint : sum + mask * paint;
  }
  panels.push_back(sum);
}

}  // namespace

torch::Tensor visualize(const VisualizerInput& input, const VisualizerOptions& options) {
  const int64_t height = input.source.size(2);
  const int64_t width = input.source.size(3);
  std::vector<torch::Tensor> panels;
  const auto append = [&](const torch::Tensor& image, const torch::Tensor& keypoints = {}) {
    if (!image.defined()) return;
    auto panel = to_panel(image, height, width);
    draw(panel, keypoints, options.kp_size);
    panels.push_back(panel);
  };
  append(input.source, input.source_keypoints);
  append(input.transformed, input.transformed_keypoints);
  append(input.driving, input.driving_keypoints);
  append(input.deformed);
  if (input.applied_keypoints.defined()) append(input.prediction, input.applied_keypoints);
  append(input.prediction);
  append(input.occlusion_map);
  if (input.sparse_deformed.defined()) append_sparse(panels, input, height, width);
  if (options.draw_border) {
    for (auto& panel : panels) {
      panel.select(2, 0).fill_(1);
      panel.select(2, width - 1).fill_(1);
    }
  }
  // [B, H, panels W, 3] -> batch items below each other; the original cuts, it does not round.
  return torch::cat(panels, 2).flatten(0, 1).mul(255).to(torch::kUInt8);
}

}  // namespace animate::core
