#include "heads/head_renderer.h"

#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <vector>

#include "base/error.h"
#include "heads/camera.h"
#include "heads/head_forms.h"
#include "heads/head_geometry.h"

namespace animate::heads {
namespace {

Head without_light(Head head) {
  Scene& scene = head.scene;
  scene.shading = scene.outline = scene.vignette = scene.blur = scene.noise = scene.grain = 0;
  scene.exposure = 1;
  return head;
}

}  // namespace

torch::Tensor render_heads(std::span<const Head> heads, const RenderOptions& options) {
  check(options.size >= 16 && options.size <= 2048, ErrorKind::Usage,
        "heads: a size of {} pixels is out of range; use 16 to 2048", options.size);
  const at::NoGradGuard no_gradients;
  const auto count = static_cast<int64_t>(heads.size());
  auto pictures = torch::empty({count, 3, options.size, options.size},
                               torch::TensorOptions().device(options.device).dtype(torch::kFloat32));
  // Planes of one head stay in a processor's cache; a GPU wants work for all its cores.
  const int64_t standard =
      options.device.is_cuda() ? std::max<int64_t>(1, 128 * 256 * 256 / (options.size * options.size)) : 1;
  const int64_t chunk = options.chunk > 0 ? options.chunk : standard;
  for (int64_t begin = 0; begin < count; begin += chunk) {
    const int64_t length = std::min(chunk, count - begin);
    std::vector<HeadRow> rows;
    rows.reserve(static_cast<size_t>(length));
    for (const Head& head : heads.subspan(static_cast<size_t>(begin), static_cast<size_t>(length))) {
      rows.push_back(make_row(options.flat ? without_light(head) : head));
    }
    const Columns columns(rows, options.device);
    Canvas canvas(columns, options.size, options.device);
    paint_backdrop(columns, canvas);
    paint_head(columns, canvas, options.flat);
    develop(columns, canvas);
    pictures.narrow(0, begin, length).copy_(canvas.image);
  }
  return pictures;
}

HeadTruths truths_of(std::span<const Head> heads, const torch::Device& device) {
  const auto count = static_cast<int64_t>(heads.size());
  HeadTruths truths{torch::empty({count, kKeypoints, 2}), torch::empty({count, kKeypoints, 2, 2}),
                    torch::empty({count, kKeypoints})};
  auto points = truths.keypoints.accessor<float, 3>();
  auto frames = truths.frames.accessor<float, 4>();
  auto visible = truths.visible.accessor<float, 2>();
  for (int64_t b = 0; b < count; ++b) {
    const HeadTruth truth = truth_of(heads[static_cast<size_t>(b)]);
    for (int64_t k = 0; k < kKeypoints; ++k) {
      const auto i = static_cast<size_t>(k);
      for (int64_t j = 0; j < 2; ++j) points[b][k][j] = truth.points[i][static_cast<size_t>(j)];
      for (int64_t j = 0; j < 4; ++j) frames[b][k][j / 2][j % 2] = truth.frames[i][static_cast<size_t>(j)];
      visible[b][k] = truth.visible[i] ? 1.0F : 0.0F;
    }
  }
  return {truths.keypoints.to(device), truths.frames.to(device), truths.visible.to(device)};
}

}  // namespace animate::heads
