#include "core/grid.h"

#include <ATen/Parallel.h>
#include <torch/nn/functional.h>

#include "core/nn/fast_conv/linear_gather.h"

namespace animate::core {

namespace F = torch::nn::functional;

namespace {

// The positions of n pixels from -1 to 1.
torch::Tensor axis(int64_t n, const torch::TensorOptions& options, GridEnds ends = GridEnds::PixelCentres) {
  const auto size = static_cast<double>(n);
  const auto pixels = torch::arange(n, options);
  if (ends == GridEnds::PictureEdges) return pixels.mul(2 / size).add(1 / size - 1);
  return pixels.mul(2.0 / (size - 1)).sub(1.0);
}

// One image where a batch repeats it without holding it more than once.
torch::Tensor one_of_equals(const torch::Tensor& image) {
  return image.size(0) > 1 && image.stride(0) == 0 ? image.narrow(0, 0, 1) : image;
}

// Whether the image lies as its own sampler wants it: with many channels, the channels last.
bool gathers(const torch::Tensor& image, const torch::Tensor& coordinates) {
  constexpr int64_t fewest_channels = 8;
  const bool plain = image.is_cpu() && image.scalar_type() == torch::kFloat &&
                     coordinates.scalar_type() == torch::kFloat && image.size(1) >= fewest_channels;
  const bool trained = torch::GradMode::is_enabled() && (image.requires_grad() || coordinates.requires_grad());
  return plain && !trained && one_of_equals(image).movedim(1, -1).is_contiguous();
}

torch::Tensor gather(const torch::Tensor& batch, const torch::Tensor& coordinates, AlignCorners align,
                     Padding padding) {
  const auto image = one_of_equals(batch);
  const auto places = coordinates.contiguous();
  const bool volume = image.dim() == 5;
  auto size = places.sizes().vec();
  const int64_t axes = size.back();
  size.back() = image.size(1);
  auto out = torch::empty(size, image.options());
  nn::GatheredMaps maps;
  maps.data = image.data_ptr<float>();
  maps.batch = image.size(0);
  maps.depth = volume ? image.size(2) : 1;
  maps.height = image.size(-2);
  maps.width = image.size(-1);
  maps.channels = image.size(1);
  const int64_t count = places.numel() / axes / places.size(0);
  gather_linear(
      maps,
      {places.data_ptr<float>(), places.size(0), count, axes, align == AlignCorners::On, padding == Padding::Border},
      at::get_num_threads(), out.data_ptr<float>());
  return out.movedim(-1, 1);
}

}  // namespace

torch::Tensor coordinate_grid(int64_t height, int64_t width, const torch::TensorOptions& options, GridEnds ends) {
  const auto x = axis(width, options, ends);
  const auto y = axis(height, options, ends);
  return torch::stack({x.view({1, width}).expand({height, width}), y.view({height, 1}).expand({height, width})}, 2);
}

torch::Tensor coordinate_grid_3d(int64_t depth, int64_t height, int64_t width, const torch::TensorOptions& options) {
  const std::vector<int64_t> shape{depth, height, width};
  return torch::stack(
      {axis(width, options).view({1, 1, width}).expand(shape), axis(height, options).view({1, height, 1}).expand(shape),
       axis(depth, options).view({depth, 1, 1}).expand(shape)},
      3);
}

torch::Tensor sample_bilinear(const torch::Tensor& image, const torch::Tensor& coordinates, AlignCorners align,
                              Padding padding) {
  if (gathers(image, coordinates)) return gather(image, coordinates, align, padding);
  auto options = F::GridSampleFuncOptions().mode(torch::kBilinear).align_corners(align == AlignCorners::On);
  if (padding == Padding::Border) {
    options.padding_mode(torch::kBorder);
  } else {
    options.padding_mode(torch::kZeros);
  }
  return F::grid_sample(image, coordinates, options);
}

torch::Tensor sample_trilinear(const torch::Tensor& volume, const torch::Tensor& coordinates) {
  return sample_bilinear(volume, coordinates, AlignCorners::Off);
}

torch::Tensor interpolate_bilinear(const torch::Tensor& image, int64_t height, int64_t width) {
  return F::interpolate(image, F::InterpolateFuncOptions()
                                   .size(std::vector<int64_t>{height, width})
                                   .mode(torch::kBilinear)
                                   .align_corners(false));
}

}  // namespace animate::core
