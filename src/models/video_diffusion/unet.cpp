#include "models/video_diffusion/unet.h"

#include "core/nn/stage_observer.h"

namespace animate::models::video_diffusion {
namespace {

using core::nn::Convolution;
using core::nn::convolution_3x3;
using core::nn::group_of_modules;
using core::nn::GroupNorm;
using core::nn::show_stage;
using core::nn::sinusoid;
using core::nn::TimeEmbedding;

// The published program's, which differ by the block and not by design (models/video_diffusion/README.md#eps); its
// pictures come out by them.
constexpr double kEpsOfAttendingLevels = 1e-6;  // and of every level up
constexpr double kEpsOfOtherLevels = 1e-5;      // and of the middle, and of the last norm

}  // namespace

VideoUnetImpl::VideoUnetImpl(const UnetConfig& config) : config_(config) {
  const std::vector<int64_t>& channels = config.channels;
  const size_t levels = channels.size();
  const int64_t width = 4 * channels.front();
  conv_in_ = register_module("conv_in", convolution_3x3(config.in_channels, channels.front()));
  time_embedding_ = register_module("time_embedding", TimeEmbedding(channels.front(), width, width));
  add_embedding_ = register_module("add_embedding", TimeEmbedding(config.ids * config.id_width, width, width));

  const auto down_blocks = group_of_modules(*this, "down_blocks");
  std::vector<int64_t> kept{channels.front()};  // channels of the maps that the way up takes
  for (size_t level = 0; level < levels; ++level) {
    const bool attends = config.attends[level];
    const LevelForm form{config.heads[level],
                         attends,
                         config.token_width,
                         width,
                         attends ? kEpsOfAttendingLevels : kEpsOfOtherLevels,
                         level + 1 < levels,
                         config.groups,
                         config.temporal,
                         config.context_width,
                         level};
    const int64_t in = channels[level == 0 ? 0 : level - 1];
    down_.push_back(
        down_blocks->register_module(std::to_string(level), DownLevel(in, channels[level], config.layers, form)));
    kept.insert(kept.end(), static_cast<size_t>(config.layers + (form.resizes ? 1 : 0)), channels[level]);
  }

  const LevelForm middle{config.heads.back(),  true,      config.token_width, width,
                         kEpsOfOtherLevels,    false,     config.groups,      config.temporal,
                         config.context_width, levels - 1};
  middle_ = register_module("mid_block", Middle(channels.back(), middle));

  const auto up_blocks = group_of_modules(*this, "up_blocks");
  int64_t in = channels.back();
  for (size_t i = 0; i < levels; ++i) {
    const size_t level = levels - 1 - i;
    const LevelForm form{
        config.heads[level], config.attends[level], config.token_width,   width, kEpsOfAttendingLevels, level > 0,
        config.groups,       config.temporal,       config.context_width, level};
    std::vector<int64_t> skips;
    for (int64_t layer = 0; layer <= config.layers; ++layer) {
      skips.push_back(kept.back());
      kept.pop_back();
    }
    up_.push_back(up_blocks->register_module(std::to_string(i), UpLevel(in, channels[level], skips, form)));
    in = channels[level];
  }
  conv_norm_out_ = register_module("conv_norm_out", GroupNorm(config.groups, channels.front(), kEpsOfOtherLevels));
  conv_out_ = register_module("conv_out", convolution_3x3(channels.front(), config.out_channels));
  if (config.context_width == 0) return;
  const auto context = group_of_modules(*this, "context_embedding");
  for (size_t level = 0; level < levels; ++level) {
    const int64_t from = level == 0 ? config.out_channels + 1 : config.context_width;
    context_embedding_.push_back(context->register_module(
        std::to_string(level), Convolution(from, config.context_width, 3, level == 0 ? 1 : 2, 1)));
  }
}

// A learnt way down to the sizes of the levels (Blattmann et al., CVPR 2023, section 3.2).
std::vector<torch::Tensor> VideoUnetImpl::context_maps(const torch::Tensor& context) const {
  std::vector<torch::Tensor> maps;
  for (const Convolution& layer : context_embedding_) {
    maps.push_back(torch::silu(layer->forward(maps.empty() ? context.flatten(0, 1) : maps.back())));
  }
  return maps;
}

torch::Tensor VideoUnetImpl::embedding(const torch::Tensor& times, const torch::Tensor& ids,
                                       const torch::Tensor& like) const {
  const auto type = like.scalar_type();
  const auto of_time = time_embedding_->forward(sinusoid(times, config_.channels.front()).to(type));
  const auto waves = sinusoid(ids.flatten(), config_.id_width).view({ids.size(0), -1});
  return of_time + add_embedding_->forward(waves.to(type));
}

torch::Tensor VideoUnetImpl::forward(const torch::Tensor& sample, double time, const torch::Tensor& token,
                                     const torch::Tensor& ids) const {
  const auto times = torch::full({ids.size(0)}, time, torch::TensorOptions().dtype(torch::kFloat)).to(ids.device());
  return forward({sample, times, token, ids, {}});
}

torch::Tensor VideoUnetImpl::forward(const UnetInput& input) const {
  const int64_t frames = input.sample.size(1);
  const Conditions conditions{embedding(input.times, input.ids, input.sample).repeat_interleave(frames, 0),
                              input.token.repeat_interleave(frames, 0), frames, context_maps(input.context)};
  auto x = conv_in_->forward(input.sample.flatten(0, 1));
  show_stage(*conv_in_, x);
  std::vector<torch::Tensor> kept{x};
  for (const DownLevel& level : down_) x = level->forward(x, conditions, kept);
  x = middle_->forward(x, conditions);
  for (const UpLevel& level : up_) x = level->forward(x, conditions, kept);
  const auto flat = conv_out_->forward(conv_norm_out_->activated(x)).contiguous();
  auto output = flat.view({input.sample.size(0), frames, flat.size(1), flat.size(2), flat.size(3)});
  show_stage(*this, output);
  return output;
}

}  // namespace animate::models::video_diffusion
