#include "models/video_diffusion/transformer.h"

#include <utility>

#include "core/nn/rows.h"
#include "core/nn/stage_observer.h"

namespace animate::models::video_diffusion {
namespace {

using core::nn::Geglu;
using core::nn::group_of_modules;
using core::nn::GroupNorm;
using core::nn::LayerNorm;
using core::nn::Linear;
using core::nn::show_stage;
using core::nn::TimeEmbedding;

// Of the norm in front; the residual blocks' differ by where they stand.
constexpr double kNormEps = 1e-6;

}  // namespace

// norm2 stands before the attention to the token, which does not depend on it: read, as all norms are, and not used.
SpatialBlockImpl::SpatialBlockImpl(int64_t channels, int64_t heads, int64_t token_width) {
  norm1_ = register_module("norm1", LayerNorm(channels));
  attn1_ = register_module("attn1", SelfAttention(channels, heads));
  norm2_ = register_module("norm2", LayerNorm(channels));
  attn2_ = register_module("attn2", TokenAttention(channels, token_width));
  norm3_ = register_module("norm3", LayerNorm(channels));
  ff_ = register_module("ff", Geglu(channels));
}

torch::Tensor SpatialBlockImpl::forward(torch::Tensor rows, const torch::Tensor& token) const {
  auto x = attn1_->among_pixels(norm1_->forward(rows)).add_(rows);
  rows.reset();
  x.add_(attn2_->forward(token).unsqueeze(1));
  x.add_(ff_->forward(norm3_->forward(x)));
  show_stage(*this, x);
  return x;
}

TemporalBlockImpl::TemporalBlockImpl(int64_t channels, int64_t heads, int64_t token_width) {
  norm_in_ = register_module("norm_in", LayerNorm(channels));
  ff_in_ = register_module("ff_in", Geglu(channels));
  norm1_ = register_module("norm1", LayerNorm(channels));
  attn1_ = register_module("attn1", SelfAttention(channels, heads));
  norm2_ = register_module("norm2", LayerNorm(channels));
  attn2_ = register_module("attn2", TokenAttention(channels, token_width));
  norm3_ = register_module("norm3", LayerNorm(channels));
  ff_ = register_module("ff", Geglu(channels));
}

// Norms and feed-forward layers see one row at a time, so the rows may stay a frame after the other; only attention
// gathers the frames of a pixel.
torch::Tensor TemporalBlockImpl::forward(torch::Tensor rows, const torch::Tensor& token, int64_t frames) const {
  auto x = ff_in_->forward(norm_in_->forward(rows)).add_(rows);
  rows.reset();
  x.add_(attn1_->among_frames(norm1_->forward(x), frames));
  const auto seen = attn2_->forward(token);
  x.view({seen.size(0), -1, x.size(2)}).add_(seen.unsqueeze(1));
  x.add_(ff_->forward(norm3_->forward(x)));
  show_stage(*this, x);
  return x;
}

VideoTransformerImpl::VideoTransformerImpl(int64_t channels, int64_t heads, int64_t token_width) : channels_(channels) {
  norm_ = register_module("norm", GroupNorm(kNormGroups, channels, kNormEps));
  proj_in_ = register_module("proj_in", Linear(channels, channels));
  spatial_ =
      group_of_modules(*this, "transformer_blocks")->register_module("0", SpatialBlock(channels, heads, token_width));
  temporal_ = group_of_modules(*this, "temporal_transformer_blocks")
                  ->register_module("0", TemporalBlock(channels, heads, token_width));
  time_pos_embed_ = register_module("time_pos_embed", TimeEmbedding(channels, 4 * channels, channels));
  time_mixer_ = register_module("time_mixer", TimeMixer(/*mixes_time=*/false));
  proj_out_ = register_module("proj_out", Linear(channels, channels));
}

torch::Tensor VideoTransformerImpl::forward(const torch::Tensor& x, const torch::Tensor& token, int64_t frames) const {
  using torch::indexing::Slice;
  auto projected = proj_in_->forward(core::nn::rows_of(norm_->forward(x)));
  show_stage(*proj_in_, projected);
  const auto spatial = spatial_->forward(std::move(projected), token);

  // Every frame is told which one it is.
  const auto numbers = torch::arange(frames, torch::TensorOptions().dtype(torch::kFloat).device(x.device()));
  const auto place = time_pos_embed_->forward(core::nn::sinusoid(numbers, channels_).to(x.scalar_type()));
  auto placed = (spatial.view({-1, frames, spatial.size(1), channels_}) + place.unsqueeze(1)).view(spatial.sizes());
  const auto first_token = token.index({Slice(0, at::indexing::None, frames)});
  const auto temporal = temporal_->forward(std::move(placed), first_token, frames);

  auto y = proj_out_->forward(time_mixer_->forward(spatial, temporal));
  auto maps = core::nn::maps_like(y, x);
  maps.add_(x);
  show_stage(*this, maps);
  return maps;
}

}  // namespace animate::models::video_diffusion
