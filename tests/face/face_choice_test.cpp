#include "face/face_choice.h"

#include "face/crop_landmarks.h"
#include "face/face_rectangle.h"
#include "face/manual_face.h"
#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate::pictures;
using namespace animate::face;
using namespace animate;
using test::error_of;

namespace {

// Middle, right (largest), left.
const std::vector<Face> kFaces = {
    {{100, 50, 40, 40}, 0.9, {}}, {{200, 40, 80, 80}, 0.8, {}}, {{10, 60, 30, 30}, 0.7, {}}};

std::vector<size_t> chosen(const std::string& text) { return choose_faces(kFaces, FaceChoice::parse(text), "p.jpg"); }

}  // namespace

TEST_CASE("a face is chosen by size, side, number and place") {
  CHECK(chosen("largest") == std::vector<size_t>{1});
  CHECK(chosen("left") == std::vector<size_t>{2});
  CHECK(chosen("right") == std::vector<size_t>{1});
  CHECK(chosen("1") == std::vector<size_t>{2});
  CHECK(chosen("2") == std::vector<size_t>{0});
  CHECK(chosen("3") == std::vector<size_t>{1});
  CHECK(chosen("all") == std::vector<size_t>{2, 0, 1});
  CHECK(chosen("120,70") == std::vector<size_t>{0});
  CHECK(chosen("0,0") == std::vector<size_t>{2});
  CHECK(chosen("279.5,119.5") == std::vector<size_t>{1});
  CHECK(choose_faces({}, FaceChoice::parse("2"), "p.jpg").empty());
}

TEST_CASE("a place in two faces means the smaller") {
  const std::vector<Face> nested = {{{0, 0, 100, 100}, 1, {}}, {{40, 40, 20, 20}, 1, {}}};
  CHECK(choose_faces(nested, FaceChoice::parse("50,50"), "p.jpg") == std::vector<size_t>{1});
  CHECK(choose_faces(nested, FaceChoice::parse("10,10"), "p.jpg") == std::vector<size_t>{0});
}

TEST_CASE("a number beyond the faces says how many there are") {
  CHECK(error_of(ErrorKind::Input, [] { chosen("4"); }) ==
        "p.jpg: there is no face 4, there are only 3; give --face a number up to 3");
  CHECK(error_of(ErrorKind::Input, [] { choose_faces(std::span(kFaces).first(1), FaceChoice::parse("2"), "p.jpg"); }) ==
        "p.jpg: there is no face 2, there is only 1; give --face a number up to 1");
}

TEST_CASE("a box by hand") {
  const auto placed = [](const char* text) { return place_face(FaceBox::parse(text), 640, 480); };
  CHECK(placed("10.5,20,100,120").box == Box{10.5, 20, 100, 120});
  CHECK(placed("10.5,20,100,120").points.empty());
  CHECK(placed("-20,-20,100,100").box.x == -20);
  CHECK(error_of(ErrorKind::Usage, [&] { placed("700,2,70,90"); }) ==
        "--bbox 700,2,70,90: is not in the picture of 640x480 pixels; give a box inside it");
  error_of(ErrorKind::Usage, [&] { placed("1,2,1e300,90"); });
}

TEST_CASE("points by hand") {
  const auto placed = [](const char* text) { return place_face(FacePoints::parse(text), 640, 480); };
  const Face face = placed("80,100;120,100;100,120;85,140;115,140");
  REQUIRE(face.points.size() == 5);
  CHECK(face.points[3] == Point2{85, 140});
  // The box beside five points agrees with them: the frame does not move.
  Face bare = face;
  bare.box = {};
  const FaceRectangle with = face_rectangle(landmarks_for_crop(face), {1, 0, 0, true});
  const FaceRectangle without = face_rectangle(landmarks_for_crop(bare), {1, 0, 0, true});
  CHECK(with.centre[0] == Approx(without.centre[0]).margin(1e-3));
  CHECK(with.centre[1] == Approx(without.centre[1]).margin(1e-3));
  CHECK(face.box.x < 80);
  CHECK(face.box.y < 100);
  CHECK(face.box.y + face.box.height > 150);

  const Face animal = placed("60,50;70,50;30,50;40,50;50,70;45,80;55,80;50,60;50,90");
  CHECK(animal.points.size() == 9);
  CHECK(landmarks_for_crop(animal) == animal.points);
  CHECK(animal.box == Box{30, 50, 40, 40});

  CHECK(error_of(ErrorKind::Usage, [&] { placed("1,2;3,4;5,6;7,8;9,500"); }) ==
        "--points 1,2;3,4;5,6;7,8;9,500: 9,500 is not in the picture of 640x480 pixels; give points inside it");
  CHECK(error_of(ErrorKind::Usage, [&] { placed("9,9;9,9;9,9;9,9;9,9"); }) ==
        "--points 9,9;9,9;9,9;9,9;9,9: eyes and mouth lie in one place; give points of the face that are apart");
}
