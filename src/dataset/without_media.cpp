// Stands in for clip_files.cpp, face_files.cpp and sheet_file.cpp in a build without the media room.
#include "base/error.h"
#include "base/plain_picture.h"
#include "dataset/clip_files.h"
#include "dataset/face_files.h"
#include "dataset/sheet_file.h"

namespace animate::dataset {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& clip) {
  fail(ErrorKind::Input,
       "{}: this build reads no pictures and videos; use --data heads, or build the program with ANIMATE_MEDIA=ON",
       show(clip));
}

}  // namespace

void visit_frames(const std::filesystem::path& clip, const FrameSize&, const std::function<bool(const Image&)>&) {
  refuse(clip);
}
Frames read_clip(const std::filesystem::path& clip, int64_t, int64_t) { refuse(clip); }
int64_t count_frames(const std::filesystem::path& clip, const FrameSize&) { refuse(clip); }
Frames read_frames(const std::filesystem::path& clip, std::span<const int64_t>, const FrameSize&) { refuse(clip); }
FaceFiles list_faces(const std::filesystem::path& data) { refuse(data); }
Image read_face(const std::filesystem::path& file) { refuse(file); }

void save_sheet(const std::filesystem::path& path, const Image& image) {
  auto plain = path;
  save_ppm(plain.replace_extension(".ppm"), image);
}

}  // namespace animate::dataset
