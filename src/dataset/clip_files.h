#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <vector>

#include "animate/error.h"
#include "animate/image.h"
#include "dataset/frames.h"

// Clips of a data set (models/fomm/README.md#data-sets). A clip is a folder of frames, whatever its name ends in; a
// .png or .jpg strip of frames side by side; or a .gif, .mp4 or .mov. All functions here are thread-safe.
namespace animate::dataset {

// The clips of a data set, sorted by name.
struct ClipList {
  std::vector<std::filesystem::path> train, test;
  bool random_split = false;  // `root` has no parts of its own
};

// With root/train and root/test: their clips. Otherwise the clips that lie in `root` itself, 80 % of them drawn for
// training with numpy's generator (the original shuffles the order of the system's listing; here the sorted one, so
// that every machine has the same split). One single clip serves as both. Hidden files are left out in silence, files
// of other kinds with a warning. Throws Error(Input) for a folder that is missing or holds no clip.
ClipList list_clips(const std::filesystem::path& root, uint32_t seed);

// A frame of another size than the data set's. No accident of one file like damage: the user has to decide.
class WrongFrameSize : public Error {
 public:
  explicit WrongFrameSize(const std::string& message) : Error(ErrorKind::Input, message) {}
};

// Pixels of one frame. 0 x 0: as the clip's first frame has it; a strip is one frame then.
struct FrameSize {
  int64_t width = 0;
  int64_t height = 0;
};

// Calls `visit` with every frame in order until it returns false. Gray becomes RGB; transparency is dropped from
// pictures, the colours below it stay. Frames of a folder come in natural order (2.png before 10.png), which for
// numbers of one length is the original's. One frame is in memory at a time; a strip is read whole.
// Throws WrongFrameSize, and Error(Input) for files that are missing, damaged or no clip. A video that is damaged in
// its middle or ends early gives what decodes.
void visit_frames(const std::filesystem::path& clip, const FrameSize& size,
                  const std::function<bool(const Image&)>& visit);

// All frames, values uint8 / 255. Throws as visit_frames does, and Error(Input) beyond 2^30 values (4 GiB).
Frames read_clip(const std::filesystem::path& clip, int64_t frame_width, int64_t frame_height);

// The number of frames. Folders: files; strips: by the header; videos are decoded, their headers guess.
int64_t count_frames(const std::filesystem::path& clip, const FrameSize& size);

// The frames of these positions, which must not descend and lie below count_frames(), else Error(Input). Of a folder
// only these files are read, a video is decoded up to the last of them.
Frames read_frames(const std::filesystem::path& clip, std::span<const int64_t> positions, const FrameSize& size);

}  // namespace animate::dataset
