#include "face/face_detector.h"

#include <stdlib.h>

#include <string>

#include "face/crop_region.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/fixtures.h"
#include "support/pictures.h"
#include "support/skip.h"
#include "support/temp_dir.h"

using namespace animate::face;
using namespace animate::pictures;
using namespace animate;
using test::TempDir;

namespace {

// Sets a variable of the environment for the length of a scope.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) { ::setenv(name, value.c_str(), 1); }
  ~Variable() { ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

bool holds(const Box& box, double left, double top, double right, double bottom) {
  return box.x <= left && box.y <= top && box.x + box.width >= right && box.y + box.height >= bottom;
}

}  // namespace

TEST_CASE("without cascades the detector says what to install") {
  const TempDir dir;
  const Variable folder("ANIMATE_HAARCASCADES", dir.path().string());
  CHECK(test::error_of(ErrorKind::Input, [] { FaceDetector::create(); }) ==
        "no face detector was found (haarcascade_frontalface_alt2.xml); install the package opencv-data, set "
        "ANIMATE_HAARCASCADES to its folder, or say where the face is with --crop x,y,w,h");
}

TEST_CASE("a broken cascade is named") {
  const TempDir dir;
  const Variable folder("ANIMATE_HAARCASCADES", dir.path().string());
  const std::string content = GENERATE("", "<html></html>", "<?xml version=\"1.0\"?><opencv_storage><cascade>");
  const auto path = dir.write("haarcascade_frontalface_alt2.xml", content);
  CHECK(test::error_of(ErrorKind::Input, [] { FaceDetector::create(); }) ==
        path.string() + ": is not a face cascade; install the package opencv-data again");
}

TEST_CASE("a plain picture has no face, however small or empty") {
  const auto detector = FaceDetector::create();
  CHECK(detector->detect(test::plain(300, 200, 120, 130, 140)).empty());
  CHECK(detector->detect(test::plain(1, 1, 0, 0, 0)).empty());
  CHECK(detector->detect(test::plain(3000, 2, 0, 0, 0)).empty());
  CHECK(detector->detect({}).empty());
}

TEST_CASE("the crops of real portraits hold the whole head", "[optional]") {
  const auto portraits = test::material("media/source");
  if (portraits.empty()) return test::skip("media/source is not in $ANIMATE_MATERIAL");
  struct Portrait {
    const char* name;
    double left, top, right, bottom;  // hair to chin and ear to ear, measured by eye
  };
  // s7's head fills its picture: the crop can be no larger than all of it.
  const auto portrait = GENERATE(Portrait{"s3.jpg", 205, 65, 370, 245}, Portrait{"s7.jpg", 145, 10, 705, 720},
                                 Portrait{"s9.jpg", 235, 130, 470, 445}, Portrait{"s12.jpg", 95, 35, 270, 275});
  const TempDir dir;
  const Image image = test::read_with_ffmpeg(portraits / portrait.name, dir.path());
  if (image.empty()) return;
  const auto faces = FaceDetector::create()->detect(image);
  INFO(portrait.name);
  REQUIRE(faces.size() == 1);
  const Box crop = face_crop_region(faces[0].box, image.width(), image.height());
  CHECK(holds(crop, portrait.left, portrait.top, portrait.right, portrait.bottom));
  CHECK(crop.width < 2.1 * faces[0].box.width);
}
