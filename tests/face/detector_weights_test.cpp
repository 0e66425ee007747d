#include <cmath>
#include <iostream>

#include "face/face_detector.h"
#include "support/catch.h"
#include "support/fixtures.h"
#include "support/pictures.h"
#include "support/skip.h"
#include "support/temp_dir.h"

// The published detectors on real portraits, where $ANIMATE_MATERIAL names the folder that holds both.
using namespace animate::face;
using namespace animate::pictures;
using namespace animate;
using test::TempDir;

namespace {

const std::vector<std::string> kPortraits = {"s3.jpg", "s7.jpg", "s9.jpg", "s12.jpg"};
const std::string kAlpaca = "s36.jpg";

void print(const std::string& detector, const std::string& picture, const std::vector<Face>& faces) {
  std::cout << detector << " on " << picture << ": " << faces.size() << (faces.size() == 1 ? " face" : " faces");
  for (const Face& face : faces) {
    std::cout << " [" << std::lround(face.box.x) << "," << std::lround(face.box.y) << "," << std::lround(face.box.width)
              << "," << std::lround(face.box.height) << " score " << face.score << "]";
  }
  std::cout << "\n";
}

std::unique_ptr<FaceDetector> detector_or_skip(const std::string& name) {
  if (name == "haar") return make_face_detector({});
  const auto path = test::material("weights/" + name);
  if (path.empty()) {
    test::skip("weights/" + name + " is not in $ANIMATE_MATERIAL");
    return nullptr;
  }
  return make_face_detector({path, {}, 0});
}

Image portrait_or_skip(const std::string& name, const std::filesystem::path& folder) {
  const auto path = test::material("media/source/" + name);
  if (path.empty()) {
    test::skip("media/source/" + name + " is not in $ANIMATE_MATERIAL");
    return {};
  }
  return test::read_with_ffmpeg(path, folder);
}

void check_points(const Face& face) {
  REQUIRE(face.points.size() == 5);
  const auto& [left_eye, right_eye, nose, left_mouth, right_mouth] =
      std::tie(face.points[0], face.points[1], face.points[2], face.points[3], face.points[4]);
  CHECK(left_eye[0] < right_eye[0]);
  CHECK(left_mouth[0] < right_mouth[0]);
  CHECK(left_eye[1] < nose[1]);
  CHECK(nose[1] < left_mouth[1]);
  CHECK(nose[1] < right_mouth[1]);
  for (const Point2& point : face.points) {
    CHECK(point[0] > face.box.x);
    CHECK(point[0] < face.box.x + face.box.width);
    CHECK(point[1] > face.box.y);
    CHECK(point[1] < face.box.y + face.box.height);
  }
}

}  // namespace

TEST_CASE("every detector network finds the face of every portrait", "[optional]") {
  const std::string name = GENERATE("scrfd_500m_bnkps.onnx", "scrfd_500m.onnx", "face_detection_yunet_2026may.onnx");
  const auto detector = detector_or_skip(name);
  if (!detector) return;
  const TempDir dir;
  for (const auto& portrait : kPortraits) {
    const Image image = portrait_or_skip(portrait, dir.path());
    if (image.empty()) continue;
    const auto faces = detector->detect(image);
    INFO(name << " on " << portrait);
    print(name, portrait, faces);
    REQUIRE(!faces.empty());
    CHECK(faces.front().score > 0.5);
    check_points(faces.front());
  }
}

TEST_CASE("the two SCRFD files, fixed and made fixed, agree", "[optional]") {
  const auto fixed = detector_or_skip("scrfd_500m_bnkps.onnx");
  const auto opened = detector_or_skip("scrfd_500m.onnx");
  if (!fixed || !opened) return;
  const TempDir dir;
  auto pictures = kPortraits;
  pictures.push_back(kAlpaca);
  for (const auto& portrait : pictures) {
    const Image image = portrait_or_skip(portrait, dir.path());
    if (image.empty()) continue;
    INFO(portrait);
    const auto a = fixed->detect(image);
    const auto b = opened->detect(image);
    REQUIRE(!a.empty());
    REQUIRE(a.size() == b.size());
    CHECK(overlap_of(a[0].box, b[0].box) > 0.9);
  }
}

TEST_CASE("an alpaca is no portrait: what each detector makes of it", "[optional]") {
  const std::string name = GENERATE("scrfd_500m_bnkps.onnx", "face_detection_yunet_2026may.onnx", "haar");
  const auto detector = detector_or_skip(name);
  const TempDir dir;
  const Image image = portrait_or_skip(kAlpaca, dir.path());
  if (!detector || image.empty()) return;
  const auto faces = detector->detect(image);
  print(name, kAlpaca, faces);
  CHECK(faces.size() <= 1);
}

TEST_CASE("what the cascades find, said plainly", "[optional]") {
  const auto detector = detector_or_skip("haar");
  const TempDir dir;
  int found = 0;
  int seen = 0;
  for (const auto& portrait : kPortraits) {
    const Image image = portrait_or_skip(portrait, dir.path());
    if (image.empty()) continue;
    ++seen;
    const auto faces = detector->detect(image);
    print("haar", portrait, faces);
    if (!faces.empty()) ++found;
  }
  std::cout << "haar found a face in " << found << " of " << seen << " portraits\n";
  CHECK(found == seen);
}
