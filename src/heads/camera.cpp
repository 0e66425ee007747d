#include "heads/camera.h"

#include <cmath>

#include "heads/value_noise.h"

namespace animate::heads {
namespace {

using torch::Tensor;
constexpr int64_t kBlock = 8;

// The orthonormal cosine transform of eight values, as a matrix.
Tensor cosine_matrix(const torch::Device& device) {
  auto matrix = torch::empty({kBlock, kBlock}, torch::kFloat32);
  auto cell = matrix.accessor<float, 2>();
  for (int64_t k = 0; k < kBlock; ++k) {
    for (int64_t n = 0; n < kBlock; ++n) {
      const double turn = (2.0 * static_cast<double>(n) + 1) * static_cast<double>(k) * 3.14159265358979 / 16;
      cell[k][n] = static_cast<float>(std::cos(turn) * (k == 0 ? std::sqrt(1.0 / 8) : 0.5));
    }
  }
  return matrix.to(device);
}

// Rounds the 8 x 8 cosine coefficients to steps that grow with frequency, as compressed photos do.
Tensor compress(const Tensor& image, const Tensor& strength) {
  const int64_t size = image.size(-1), blocks = (size + kBlock - 1) / kBlock, padded = blocks * kBlock;
  auto source = image;
  if (padded != size) source = torch::replication_pad2d(image, {0, padded - size, 0, padded - size});
  const auto transform = cosine_matrix(image.device());
  auto tiles = source.reshape({-1, 3, blocks, kBlock, blocks, kBlock}).transpose(3, 4).contiguous();
  auto coefficients = torch::matmul(torch::matmul(transform, tiles), transform.t());
  const auto frequency = torch::arange(kBlock, image.options());
  auto step = (frequency.view({kBlock, 1}) + frequency + 1) * 0.03;
  step = step * strength.view({-1, 1, 1, 1, 1, 1}) + 1e-3;
  coefficients = (coefficients / step).round_().mul_(step);
  tiles = torch::matmul(torch::matmul(transform.t(), coefficients), transform);
  const auto whole = tiles.transpose(3, 4).reshape({-1, 3, padded, padded});
  return whole.narrow(2, 0, size).narrow(3, 0, size);
}

// The mean of neighbours at -step, 0, +step with weights 1 2 1, along both sides; the border is repeated.
Tensor soften(const Tensor& image, int64_t step) {
  const int64_t size = image.size(-1);
  const auto wide = torch::replication_pad2d(image, {step, step, step, step});
  const auto rows = (wide.narrow(2, 0, size) + wide.narrow(2, 2 * step, size)).add_(wide.narrow(2, step, size), 2);
  return (rows.narrow(3, 0, size) + rows.narrow(3, 2 * step, size)).add_(rows.narrow(3, step, size), 2).mul_(1.0 / 16);
}

}  // namespace

void develop(const Columns& columns, Canvas& canvas) {
  const Scene& scene = columns.row.head.scene;
  const auto x = canvas.x() - 0.5, y = canvas.y() - 0.5;
  const auto falloff = ((x * x + y * y) * (-1.4 * columns(scene.vignette)) + 1).mul_(columns(scene.exposure));
  canvas.image.mul_(falloff.unsqueeze(1));
  if (columns.any(scene.blur)) {
    auto soft = soften(canvas.image, 1);
    if (canvas.size() >= 192) soft = soften(soft, 2);
    canvas.image.addcmul_(columns(scene.blur).unsqueeze(1), soft - canvas.image);
  }
  if (columns.any(scene.noise)) {
    const auto noise = white_noise(columns(scene.noise_seed), 11, canvas.size(), canvas.size());
    canvas.image.add_((noise * columns(scene.noise)).unsqueeze(1), 1.7);
  }
  canvas.image.clamp_(0, 1);
  if (columns.any(scene.grain)) {
    const auto coarse = compress(canvas.image, columns(scene.grain));
    const auto on = (columns(scene.grain) > 0).to(torch::kFloat32).unsqueeze(1);
    canvas.image.addcmul_(on, coarse - canvas.image).clamp_(0, 1);
  }
}

}  // namespace animate::heads
