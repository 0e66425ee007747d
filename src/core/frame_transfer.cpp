#include "core/frame_transfer.h"

#include <utility>

namespace animate::core {
namespace {

// The picture's own memory as [1, H, W, 3].
torch::Tensor view_of(const Image& image) {
  auto* data = const_cast<uint8_t*>(image.data());  // a tensor of const numbers does not exist
  return at::from_blob(
      data, {1, image.height(), image.width(), 3}, [image](void*) {}, torch::kUInt8);
}

}  // namespace

Image FetchedFrame::image() const {
  if (wait_) wait_();
  return image_of_bytes(bytes_);
}

FrameTransfer::FrameTransfer(const torch::Device& device) : device_(device), copies_(cuda::make_copy_stream(device)) {}

SentFrame FrameTransfer::send(Image image) const {
  SentFrame frame{std::move(image), {}};
  if (device_.is_cpu() || frame.image.empty()) return frame;
  const auto bytes = view_of(frame.image);
  if (copies_) {
    frame.bytes = copies_->to_device(bytes);
  } else {
    frame.bytes.tensor = bytes.to(device_);
  }
  return frame;
}

torch::Tensor FrameTransfer::bytes(const SentFrame& frame) const {
  if (!frame.bytes.tensor.defined()) return view_of(frame.image).to(device_);
  if (frame.bytes.wait) frame.bytes.wait();
  return frame.bytes.tensor;
}

torch::Tensor FrameTransfer::resized(const SentFrame& frame, int64_t height, int64_t width) {
  if (!frame.bytes.tensor.defined()) return core::to_tensor(frame.image, height, width).to(device_);
  const auto there = bytes(frame);
  if (!resize_ || !resize_->takes(there.size(1), there.size(2), height, width)) {
    resize_.emplace(there.size(1), there.size(2), height, width, device_);
  }
  return (*resize_)(there);
}

torch::Tensor FrameTransfer::to_tensor(std::span<const SentFrame> frames, int64_t height, int64_t width) {
  std::vector<torch::Tensor> tensors;
  for (const SentFrame& frame : frames) tensors.push_back(resized(frame, height, width));
  return tensors.size() == 1 ? tensors.front() : torch::cat(tensors);
}

torch::Tensor FrameTransfer::to_tensor(std::span<const SentFrame> frames) {
  const Image& first = frames.front().image;
  std::vector<torch::Tensor> tensors;
  for (const SentFrame& frame : frames) {
    tensors.push_back(frame.bytes.tensor.defined() ? resized(frame, first.height(), first.width())
                                                   : core::to_tensor(frame.image));
  }
  return tensors.size() == 1 ? tensors.front() : torch::cat(tensors);
}

std::vector<FetchedFrame> FrameTransfer::fetch(const torch::Tensor& frames, Rounding rounding) {
  return fetch_bytes(to_bytes(frames, rounding));
}

std::vector<FetchedFrame> FrameTransfer::fetch_bytes(const torch::Tensor& bytes) {
  cuda::PendingTensor here;
  if (copies_) {
    here = copies_->to_host(bytes);
  } else {
    here.tensor = bytes.to(torch::kCPU);
  }
  std::vector<FetchedFrame> fetched;
  for (int64_t i = 0; i < here.tensor.size(0); ++i) fetched.emplace_back(here.tensor[i], here.wait);
  return fetched;
}

}  // namespace animate::core
