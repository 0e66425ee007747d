#pragma once

#include <filesystem>
#include <optional>

#include "animate/image.h"
#include "media/av_ptr.h"
#include "media/color_converter.h"
#include "media/metadata.h"

namespace animate::media {

// Encodes single pictures as PNG or JPEG files. Does not name, number or rename files. Not thread-safe.
class PictureEncoder {
 public:
  // `target` is the file the user asked for: its suffix chooses the format and error sentences name it.
  // Throws Error(Usage) when the suffix is no picture's. `metadata` goes into every file.
  PictureEncoder(std::filesystem::path target, int width, int height, Metadata metadata = {});

  // Writes one picture of the size given above. Throws Error(Input) when the disk is full.
  void write(const std::filesystem::path& file, const Image& image);

 private:
  std::filesystem::path target_;
  Metadata metadata_;
  bool png_ = false;
  UniqueCodec context_;
  std::optional<PixelPacker> packer_;
  UniquePacket packet_ = make_packet();
  int64_t next_pts_ = 0;
};

// The sentence for a failed write. `code` is FFmpeg's (a negative errno). Throws Error(Input).
[[noreturn]] void fail_writing(const std::filesystem::path& target, int code);

}  // namespace animate::media
