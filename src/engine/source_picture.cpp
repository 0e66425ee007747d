#include "engine/source_picture.h"

#include "base/error.h"
#include "base/file_kind.h"
#include "face/crop_region.h"
#include "face/face_detector.h"
#include "face/paste_back.h"
#include "media/image_io.h"

namespace animate {
namespace {

// Below this no network sees anything, and a detector may not even start.
constexpr int kSmallestSide = 8;

Box choose_crop(const Image& picture, const std::string& shown, const std::string& crop,
                std::vector<std::string>& warnings) {
  if (crop.empty() || crop == "none")
    return {0, 0, static_cast<double>(picture.width()), static_cast<double>(picture.height())};
  if (crop != "auto") return parse_crop(crop, picture.width(), picture.height());
  const auto faces = FaceDetector::create()->detect(picture);
  if (faces.empty()) {
    warnings.push_back(shown +
                       ": no face was found; its centre square is animated (choose another part with --crop x,y,w,h)");
    return centre_square(picture.width(), picture.height());
  }
  if (faces.size() > 1) {
    warnings.push_back(fmt::format("{}: {} faces were found; the largest is animated", shown, faces.size()));
  }
  return face_crop_region(faces.front().box, picture.width(), picture.height());
}

}  // namespace

SourcePicture::SourcePicture(const std::filesystem::path& path, const CropOptions& options) {
  require_file(path, "a picture");
  Image picture = load_image(path);
  check(picture.width() >= kSmallestSide && picture.height() >= kSmallestSide, ErrorKind::Input,
        "{}: is only {}x{} pixels; give a picture of at least {}x{}", show(path), picture.width(), picture.height(),
        kSmallestSide, kSmallestSide);
  box_ = choose_crop(picture, show(path), options.crop, warnings_);
  crop_ = crop_image(picture, box_);
  if (options.paste_back == "on") paste_back_ = std::make_unique<PasteBack>(std::move(picture), box_, options.feather);
}

SourcePicture::~SourcePicture() = default;

Image SourcePicture::finish(const Image& animated) const {
  return paste_back_ ? paste_back_->apply(animated) : animated;
}

}  // namespace animate
