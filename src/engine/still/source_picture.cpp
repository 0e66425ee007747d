#include "engine/still/source_picture.h"

#include "base/error.h"
#include "engine/source_image.h"
#include "face/crop_region.h"
#include "face/face_detector.h"
#include "pictures/paste_back.h"

namespace animate::engine {
namespace {

pictures::Box choose_crop(const Image& picture, const std::string& shown, const CropChoice& crop,
                          SourcePicture::WithoutFace without, std::vector<std::string>& warnings) {
  if (crop.kind == CropChoice::Kind::ByFamily || crop.kind == CropChoice::Kind::None)
    return {0, 0, static_cast<double>(picture.width()), static_cast<double>(picture.height())};
  if (crop.kind == CropChoice::Kind::Box) return face::box_in_picture(crop, picture.width(), picture.height());
  const auto faces = face::FaceDetector::create()->detect(picture);
  check(!faces.empty() || without == SourcePicture::WithoutFace::Centre, ErrorKind::Input,
        "{}: no face was found; choose the part that counts with --crop x,y,w,h, or take all of it with --crop none",
        shown);
  if (faces.empty()) {
    warnings.push_back(shown +
                       ": no face was found; its centre square is animated (choose another part with --crop x,y,w,h)");
    return face::centre_square(picture.width(), picture.height());
  }
  if (faces.size() > 1) {
    warnings.push_back(without == SourcePicture::WithoutFace::Centre
                           ? fmt::format("{}: {} faces were found; the largest is animated", shown, faces.size())
                           : fmt::format("{}: {} faces were found; the largest is taken (cut the other one out of the "
                                         "picture first, or choose with --crop x,y,w,h)",
                                         shown, faces.size()));
  }
  return face::face_crop_region(faces.front().box, picture.width(), picture.height());
}

}  // namespace

SourcePicture::SourcePicture(const std::filesystem::path& path, const CropOptions& options, WithoutFace without)
    : SourcePicture(load_source_image(path), show(path), options, without) {}

SourcePicture::SourcePicture(Image picture, const std::string& shown, const CropOptions& options, WithoutFace without) {
  check_source_size(picture, shown);
  box_ = choose_crop(picture, shown, options.crop, without, warnings_);
  crop_ = pictures::crop_image(picture, box_);
  if (options.paste_back == Switch::On) {
    paste_back_ = std::make_unique<pictures::PasteBack>(std::move(picture), box_, options.feather);
  }
}

SourcePicture::~SourcePicture() = default;

Image SourcePicture::finish(const Image& animated) const {
  return paste_back_ ? paste_back_->apply(animated) : animated;
}

}  // namespace animate::engine
