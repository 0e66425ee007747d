#include "models/video_diffusion/attention_layers.h"

#include <algorithm>

#include "core/nn/attention.h"
#include "core/nn/in_place.h"
#include "core/nn/stage_observer.h"

namespace animate::models::video_diffusion {
namespace {

using core::nn::group_of_modules;
using core::nn::Linear;

// Of the rows whose queries, keys and values are there at once, where sequences are short.
constexpr int64_t kBlockBytes = int64_t{16} << 20;

Linear output_projection(torch::nn::Module& parent, int64_t channels) {
  return group_of_modules(parent, "to_out")->register_module("0", Linear(channels, channels));
}

}  // namespace

SelfAttentionImpl::SelfAttentionImpl(int64_t channels, int64_t heads, bool biased) : heads_(heads) {
  to_q_ = register_module("to_q", Linear(channels, channels, biased));
  to_k_ = register_module("to_k", Linear(channels, channels, biased));
  to_v_ = register_module("to_v", Linear(channels, channels, biased));
  to_out_ = output_projection(*this, channels);
}

torch::Tensor SelfAttentionImpl::attend(const torch::Tensor& sequences) const {
  return core::nn::attend(to_q_->forward(sequences), to_k_->forward(sequences), to_v_->forward(sequences), heads_);
}

torch::Tensor SelfAttentionImpl::among_pixels(const torch::Tensor& rows) const {
  if (core::nn::wants_gradients(rows, to_v_->weight)) return to_out_->forward(attend(rows));
  auto y = torch::empty(rows.sizes(), rows.options());
  for (int64_t image = 0; image < rows.size(0); ++image) {
    y.narrow(0, image, 1).copy_(to_out_->forward(attend(rows.narrow(0, image, 1))));
  }
  core::nn::show_stage(*this, y);
  return y;
}

torch::Tensor SelfAttentionImpl::among_frames(const torch::Tensor& rows, int64_t frames) const {
  const int64_t pixels = rows.size(1);
  const int64_t channels = rows.size(2);
  if (core::nn::wants_gradients(rows, to_v_->weight)) {
    const auto sequences = rows.view({-1, frames, pixels, channels}).transpose(1, 2);
    const auto attended = to_out_->forward(attend(sequences.reshape({-1, frames, channels})));
    return attended.view(sequences.sizes()).transpose(1, 2).reshape(rows.sizes());
  }
  auto y = torch::empty(rows.sizes(), rows.options());
  const auto clips = rows.view({-1, frames, pixels, channels});
  const auto into = y.view(clips.sizes());
  const int64_t at_once =
      std::max<int64_t>(1, kBlockBytes / (frames * channels * static_cast<int64_t>(rows.element_size())));
  for (int64_t clip = 0; clip < clips.size(0); ++clip) {
    for (int64_t first = 0; first < pixels; first += at_once) {
      const int64_t count = std::min(at_once, pixels - first);
      // [T, p, C] -> [p, T, C]: a sequence is a pixel's frames.
      const auto sequences = clips[clip].narrow(1, first, count).transpose(0, 1).contiguous();
      into[clip].narrow(1, first, count).copy_(to_out_->forward(attend(sequences)).transpose(0, 1));
    }
  }
  core::nn::show_stage(*this, y);
  return y;
}

TokenAttentionImpl::TokenAttentionImpl(int64_t channels, int64_t token_width) {
  to_v_ = register_module("to_v", Linear(token_width, channels, /*biased=*/false));
  to_out_ = output_projection(*this, channels);
}

torch::Tensor TokenAttentionImpl::forward(const torch::Tensor& token) const {
  auto y = to_out_->forward(to_v_->forward(token));
  core::nn::show_stage(*this, y);
  return y;
}

std::vector<core::nn::UnreadArrays::Array> TokenAttentionImpl::unread() const {
  const int64_t channels = to_out_->weight.size(0);
  return {{"to_q.weight", {channels, channels}}, {"to_k.weight", {channels, to_v_->weight.size(1)}}};
}

}  // namespace animate::models::video_diffusion
