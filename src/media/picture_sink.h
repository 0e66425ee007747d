#pragma once

#include <filesystem>
#include <optional>

#include "base/temp_file.h"
#include "media/frame_sink.h"
#include "media/number_pattern.h"
#include "media/picture_encoder.h"

namespace animate::media {

// Frames into picture files, numbered from 1, or a single frame into a single file. The files are written into a
// hidden folder beside the target and moved out of it in finish().
class PictureSink final : public FrameSink {
 public:
  PictureSink(const std::filesystem::path& target, int width, int height, std::optional<NumberPattern> pattern,
              bool with_sound, const Metadata& metadata);
  void write(const Frame& frame) override;
  void finish() override;

 private:
  std::filesystem::path name(int64_t number) const;

  std::filesystem::path target_;
  std::optional<NumberPattern> pattern_;
  TempFile folder_;
  PictureEncoder encoder_;
  int64_t count_ = 0;
};

}  // namespace animate::media
