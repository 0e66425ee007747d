#include "engine/source_image.h"

#include "base/error.h"
#include "base/file_kind.h"
#include "media/image_io.h"

namespace animate::engine {
namespace {

// Below this no network sees anything, and a detector may not even start.
constexpr int kSmallestSide = 8;

}  // namespace

Image load_source_image(const std::filesystem::path& path) {
  require_file(path, "a picture");
  Image picture = media::load_image(path);
  check_source_size(picture, show(path));
  return picture;
}

void check_source_size(const Image& picture, const std::string& shown) {
  check(picture.width() >= kSmallestSide && picture.height() >= kSmallestSide, ErrorKind::Input,
        "{}: is only {}x{} pixels; give a picture of at least {}x{}", shown, picture.width(), picture.height(),
        kSmallestSide, kSmallestSide);
}

}  // namespace animate::engine
