#include "models/video_diffusion/transformer.h"

#include <utility>

#include "core/nn/in_place.h"
#include "core/nn/rows.h"
#include "core/nn/stage_observer.h"

namespace animate::models::video_diffusion {
namespace {

using core::nn::added;
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
  auto x = added(attn1_->among_pixels(norm1_->forward(rows)), rows);
  rows.reset();
  x = added(x, attn2_->forward(token).unsqueeze(1));
  x = added(x, ff_->forward(norm3_->forward(x)));
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
  auto x = added(ff_in_->forward(norm_in_->forward(rows)), rows);
  rows.reset();
  x = added(x, attn1_->among_frames(norm1_->forward(x), frames));
  const auto seen = attn2_->forward(token);
  x = added(x.view({seen.size(0), -1, x.size(2)}), seen.unsqueeze(1)).view(x.sizes());
  x = added(x, ff_->forward(norm3_->forward(x)));
  show_stage(*this, x);
  return x;
}

VideoTransformerImpl::VideoTransformerImpl(const TransformerForm& form) : channels_(form.channels) {
  const int64_t channels = form.channels;
  norm_ = register_module("norm", GroupNorm(form.groups, channels, kNormEps));
  proj_in_ = register_module("proj_in", Linear(channels, channels));
  spatial_ = group_of_modules(*this, "transformer_blocks")
                 ->register_module("0", SpatialBlock(channels, form.heads, form.token_width));
  if (form.temporal) {
    temporal_ = group_of_modules(*this, "temporal_transformer_blocks")
                    ->register_module("0", TemporalBlock(channels, form.heads, form.token_width));
    time_pos_embed_ = register_module("time_pos_embed", TimeEmbedding(channels, 4 * channels, channels));
    time_mixer_ = register_module("time_mixer", TimeMixer(/*mixes_time=*/false));
  }
  proj_out_ = register_module("proj_out", Linear(channels, channels));
}

torch::Tensor VideoTransformerImpl::among_frames(const torch::Tensor& spatial, const torch::Tensor& token,
                                                 int64_t frames) const {
  using torch::indexing::Slice;
  // Every frame is told which one it is.
  const auto numbers = torch::arange(frames, torch::TensorOptions().dtype(torch::kFloat).device(spatial.device()));
  const auto place = time_pos_embed_->forward(core::nn::sinusoid(numbers, channels_).to(spatial.scalar_type()));
  auto placed = (spatial.view({-1, frames, spatial.size(1), channels_}) + place.unsqueeze(1)).view(spatial.sizes());
  const auto first_token = token.index({Slice(0, at::indexing::None, frames)});
  return temporal_->forward(std::move(placed), first_token, frames);
}

torch::Tensor VideoTransformerImpl::forward(const torch::Tensor& x, const torch::Tensor& token, int64_t frames) const {
  auto projected = proj_in_->forward(core::nn::rows_of(norm_->forward(x)));
  show_stage(*proj_in_, projected);
  const auto spatial = spatial_->forward(std::move(projected), token);
  const auto mixed =
      temporal_.is_empty() ? spatial : time_mixer_->forward(spatial, among_frames(spatial, token, frames));
  auto maps = added(core::nn::maps_like(proj_out_->forward(mixed), x), x);
  show_stage(*this, maps);
  return maps;
}

}  // namespace animate::models::video_diffusion
