#pragma once

#include <torch/types.h>

#include <optional>
#include <span>
#include <vector>

#include "animate/image.h"
#include "core/frame_transfer.h"
#include "core/tensor_paste.h"
#include "pictures/crop_transform.h"

namespace animate::engine {

// A part of a picture with a face pasted in, on its way from the device.
struct PastedPart {
  PixelBox where;
  core::FetchedFrame pixels;
};

// A copy of the picture with such parts in it, in their order.
Image put_back(const Image& picture, std::span<const PastedPart> parts);

// Faces cut out of pictures and pasted back where the networks are: a picture crosses the bus once on its way there,
// and of the result only what may have changed crosses it on the way back. The numbers are those of source_view() and
// PortraitPasteBack to the bit. Not thread-safe; used by the thread that paints.
class DeviceFaces {
 public:
  // `feather` as PortraitPasteOptions.
  explicit DeviceFaces(core::FrameTransfer& transfer, double feather = 16) : transfer_(transfer), feather_(feather) {}

  // Whether faces painted with `output_side` pixels a side fit the crops as they are; others are resized by OpenCV.
  static bool takes(int64_t output_side);

  // What the networks see of a picture's bytes [1, H, W, 3] -> [1, 3, 256, 256] in [0, 1].
  torch::Tensor view(const torch::Tensor& picture, const pictures::CropTransform& crop) const;

  // Pastes a painted face [1, 3, S, S] in [0, 1] into the picture's bytes, which change only if `keep` says so: for the
  // next face of the same picture. `face` numbers the faces of a picture. Nothing where the crop lies beside it.
  std::optional<PastedPart> paste(size_t face, torch::Tensor& picture, const torch::Tensor& painted,
                                  const pictures::CropTransform& crop, bool keep);

 private:
  // A still source pastes every frame in the same way.
  struct Kept {
    pictures::CropTransform crop;
    int64_t width = 0;
    int64_t height = 0;
    PixelBox part;
    std::optional<core::TensorPaste> paste;  // absent: the crop lies beside the picture
  };
  const Kept& paste_for(size_t face, const torch::Tensor& picture, const pictures::CropTransform& crop);

  core::FrameTransfer& transfer_;
  double feather_;
  std::vector<uint8_t> mask_;
  std::vector<std::optional<Kept>> kept_;
};

}  // namespace animate::engine
