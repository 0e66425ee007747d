#include "animate/picture_reader.h"

#include <algorithm>

#include "engine/source_image.h"
#include "engine/translate_errors.h"
#include "face/crop_region.h"
#include "face/face_detector.h"
#include "media/media_kind.h"
#include "media/video_reader.h"
#include "pictures/resize_image.h"

namespace animate {
namespace {

class EnginePictureReader : public PictureReader {
 public:
  Image read(const std::filesystem::path& path) override {
    return engine::translate_errors([&] {
      const bool moves = media::classify_media(path) == media::MediaKind::Video;
      return moves ? media::VideoReader(path).next()->image : engine::load_source_image(path);
    });
  }

  void read_clip(const std::filesystem::path& path, int64_t most,
                 const std::function<void(const Image&)>& take) override {
    engine::translate_errors([&] {
      media::VideoReader reader(path);
      for (int64_t count = 0; count < most; ++count) {
        const auto frame = reader.next();
        if (!frame) return;
        take(frame->image);
      }
    });
  }

  Image shrink(const Image& picture, int longest) override {
    return engine::translate_errors([&] {
      const int side = std::max(picture.width(), picture.height());
      if (side <= longest) return picture;
      const auto part = [&](int length) { return std::max(1, static_cast<int>(int64_t{length} * longest / side)); };
      return pictures::resize_image(picture, part(picture.width()), part(picture.height()));
    });
  }

  std::vector<SeenFace> faces(const Image& picture) override {
    return engine::translate_errors([&] {
      if (!detector_) detector_ = face::FaceDetector::create();
      std::vector<SeenFace> seen;
      for (const face::Face& found : detector_->detect(picture)) {
        seen.push_back(
            {box_of(found.box), box_of(face::face_crop_region(found.box, picture.width(), picture.height()))});
      }
      return seen;
    });
  }

 private:
  static FaceBox box_of(const pictures::Box& box) { return {box.x, box.y, box.width, box.height}; }

  std::unique_ptr<face::FaceDetector> detector_;
};

}  // namespace

std::unique_ptr<PictureReader> make_picture_reader() { return std::make_unique<EnginePictureReader>(); }

}  // namespace animate
