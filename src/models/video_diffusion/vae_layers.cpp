#include "models/video_diffusion/vae_layers.h"

#include "core/nn/rows.h"
#include "core/nn/stage_observer.h"
#include "models/video_diffusion/res_block.h"

namespace animate::models::video_diffusion {

PixelAttentionImpl::PixelAttentionImpl(int64_t channels, int64_t groups)
    : SelfAttentionImpl(channels, 1, /*biased=*/true) {
  group_norm_ = register_module("group_norm", core::nn::GroupNorm(groups, channels, kVaeEps));
}

torch::Tensor PixelAttentionImpl::forward(const torch::Tensor& x) const {
  const auto attended = among_pixels(core::nn::rows_of(group_norm_->forward(x)));
  auto y = core::nn::maps_like(attended, x) + x;
  core::nn::show_stage(*this, y);
  return y;
}

}  // namespace animate::models::video_diffusion
