#pragma once

#include <torch/types.h>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "animate/image.h"
#include "core/cuda/copy_stream.h"
#include "core/tensor_image.h"
#include "core/tensor_resize.h"

namespace animate::core {

// A picture that is on its way to the device, or there.
struct SentFrame {
  Image image;                // what was sent
  cuda::PendingTensor bytes;  // [1, H, W, 3] on the device; undefined on the CPU, where the picture itself is read
};

// A painted picture that is on its way from the device, or here.
class FetchedFrame {
 public:
  FetchedFrame() = default;
  // `wait` returns once `bytes` [H, W, 3] are here; empty: they are.
  FetchedFrame(torch::Tensor bytes, std::function<void()> wait) : bytes_(std::move(bytes)), wait_(std::move(wait)) {}
  // Any thread.
  Image image() const;

 private:
  torch::Tensor bytes_;
  std::function<void()> wait_;
};

// Takes pictures to a device and back. Each crosses the bus once either way, as bytes, while the device computes;
// resizing, scaling and rounding happen where the networks are, with the numbers of to_tensor() and to_image() to the
// bit. For the CPU the same calls just convert.
class FrameTransfer {
 public:
  explicit FrameTransfer(const torch::Device& device);

  // Starts the way there. Thread-safe: the decoding thread sends while another one computes.
  SentFrame send(Image image) const;

  // Pictures -> [B, 3, height, width] in [0, 1] on the device, as to_tensor(image, height, width). One thread.
  torch::Tensor to_tensor(std::span<const SentFrame> frames, int64_t height, int64_t width);
  // The same at their own size, which all must share.
  torch::Tensor to_tensor(std::span<const SentFrame> frames);

  // A picture's bytes [1, H, W, 3] on the device, at their own size. On the CPU they are the picture's own memory.
  torch::Tensor bytes(const SentFrame& frame) const;

  // Frames [B, 3, H, W] in [0, 1] on the device, one or more: starts the way back. One thread.
  std::vector<FetchedFrame> fetch(const torch::Tensor& frames, Rounding rounding = Rounding::HalfEven);
  // The same for bytes [B, H, W, 3].
  std::vector<FetchedFrame> fetch_bytes(const torch::Tensor& bytes);

  const torch::Device& device() const { return device_; }

 private:
  torch::Tensor resized(const SentFrame& frame, int64_t height, int64_t width);

  torch::Device device_;
  std::shared_ptr<cuda::CopyStream> copies_;  // null on the CPU, and where copies have no stream of their own
  std::optional<TensorResize> resize_;
};

}  // namespace animate::core
