#include "evaluate/saved_frames.h"

#include "base/error.h"
#include "core/tensor_image.h"
#ifdef ANIMATE_WITH_MEDIA
#include "media/image_io.h"
#endif

namespace animate::evaluate {

void SavedFrames::save([[maybe_unused]] const std::string& clip, [[maybe_unused]] int64_t frame,
                       [[maybe_unused]] const torch::Tensor& driving,
                       [[maybe_unused]] const torch::Tensor& generated) const {
#ifdef ANIMATE_WITH_MEDIA
  const auto write = [&](const char* kind, const torch::Tensor& picture) {
    const auto folder = folder_ / kind / clip;
    std::error_code ec;
    std::filesystem::create_directories(folder, ec);
    check(!ec, ErrorKind::Input, "{}: cannot be created ({}); choose another output", show(folder), ec.message());
    media::save_image(folder / fmt::format("{:07d}.png", frame), core::to_image(picture));
  };
  write("driving", driving);
  write("generated", generated);
#else
  fail(ErrorKind::Usage, "--save-frames: this build has no FFmpeg and OpenCV; build again with -DANIMATE_MEDIA=ON");
#endif
}

}  // namespace animate::evaluate
