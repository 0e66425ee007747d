#include "models/video_diffusion/res_block.h"

#include "core/nn/in_place.h"
#include "core/nn/stage_observer.h"

namespace animate::models::video_diffusion {
namespace {

using core::nn::Convolution;
using core::nn::convolution_3x3;
using core::nn::GroupNorm;
using core::nn::Linear;
using core::nn::show_stage;
using core::nn::TimeConvolution;

// Adds what a block makes of the time embedding to every pixel of its image.
torch::Tensor with_embedding(torch::Tensor maps, const Linear& projection, const torch::Tensor& embedding) {
  if (projection.is_empty()) return maps;
  return core::nn::added(std::move(maps), projection->forward(torch::silu(embedding)).unsqueeze(2).unsqueeze(3));
}

}  // namespace

SpatialResBlockImpl::SpatialResBlockImpl(const ResBlockForm& form) {
  norm1_ = register_module("norm1", GroupNorm(form.groups, form.in, form.eps));
  conv1_ = register_module("conv1", convolution_3x3(form.in, form.out));
  if (form.embedding > 0) time_emb_proj_ = register_module("time_emb_proj", Linear(form.embedding, form.out));
  norm2_ = register_module("norm2", GroupNorm(form.groups, form.out, form.eps));
  conv2_ = register_module("conv2", convolution_3x3(form.out, form.out));
  if (form.in != form.out) conv_shortcut_ = register_module("conv_shortcut", Convolution(form.in, form.out, 1, 1, 0));
}

torch::Tensor SpatialResBlockImpl::forward(const torch::Tensor& x, const torch::Tensor& embedding) const {
  const auto hidden = with_embedding(conv1_->forward(norm1_->activated(x)), time_emb_proj_, embedding);
  auto y = conv2_->forward(norm2_->activated(hidden));
  y = core::nn::added(std::move(y), conv_shortcut_.is_empty() ? x : conv_shortcut_->forward(x));
  show_stage(*this, y);
  return y;
}

TemporalResBlockImpl::TemporalResBlockImpl(const ResBlockForm& form) {
  norm1_ = register_module("norm1", GroupNorm(form.groups, form.out, form.time_eps));
  conv1_ = register_module("conv1", TimeConvolution(form.out, form.out));
  if (form.embedding > 0) time_emb_proj_ = register_module("time_emb_proj", Linear(form.embedding, form.out));
  norm2_ = register_module("norm2", GroupNorm(form.groups, form.out, form.time_eps));
  conv2_ = register_module("conv2", TimeConvolution(form.out, form.out));
  if (form.context > 0) context_proj_ = register_module("context_proj", Convolution(form.context, form.out, 1, 1, 0));
}

torch::Tensor TemporalResBlockImpl::forward(const torch::Tensor& x, const torch::Tensor& embedding, int64_t frames,
                                            const torch::Tensor& context) const {
  auto hidden = with_embedding(conv1_->forward(norm1_->activated(x, frames), frames), time_emb_proj_, embedding);
  if (!context_proj_.is_empty()) hidden = core::nn::added(std::move(hidden), context_proj_->forward(context));
  auto y = conv2_->forward(norm2_->activated(hidden, frames), frames);
  y = core::nn::added(std::move(y), x);
  show_stage(*this, y);
  return y;
}

TimeMixerImpl::TimeMixerImpl(bool mixes_time) : mixes_time_(mixes_time) {
  mix_factor = register_parameter("mix_factor", torch::empty({1}), /*requires_grad=*/false);
}

torch::Tensor TimeMixerImpl::forward(const torch::Tensor& spatial, const torch::Tensor& temporal) const {
  const auto share = torch::sigmoid(mix_factor);
  // lerp is start + weight * (end - start), in one pass.
  auto y = mixes_time_ ? torch::lerp(spatial, temporal, share) : torch::lerp(temporal, spatial, share);
  show_stage(*this, y);
  return y;
}

VideoResBlockImpl::VideoResBlockImpl(const ResBlockForm& form) {
  spatial_res_block_ = register_module("spatial_res_block", SpatialResBlock(form));
  if (!form.temporal) return;
  temporal_res_block_ = register_module("temporal_res_block", TemporalResBlock(form));
  time_mixer_ = register_module("time_mixer", TimeMixer(form.mixes_time));
}

torch::Tensor VideoResBlockImpl::forward(const torch::Tensor& x, const torch::Tensor& embedding, int64_t frames,
                                         const torch::Tensor& context) const {
  auto y = spatial_res_block_->forward(x, embedding);
  if (frames > 0 && !temporal_res_block_.is_empty()) {
    y = time_mixer_->forward(y, temporal_res_block_->forward(y, embedding, frames, context));
  }
  show_stage(*this, y);
  return y;
}

}  // namespace animate::models::video_diffusion
