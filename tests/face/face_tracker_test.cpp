#include "face/face_tracker.h"

#include <cmath>
#include <functional>

#include "face/crop_landmarks.h"
#include "face/landmark203.h"
#include "pictures/crop_transform.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/pictures.h"

using namespace animate::face;
using namespace animate::pictures;
using namespace animate;

namespace {

// What the fakes see, frame by frame, and how often they were asked.
struct Script {
  std::vector<Face> faces;                        // what the detector would find in this frame
  std::function<Points2(const Points2&)> follow;  // where 203 points go
  int detections = 0;
  int searches106 = 0;
  std::vector<size_t> seeds;  // the size of every list that the 203 points were sought round
};

class ScriptedDetector final : public FaceDetector {
 public:
  explicit ScriptedDetector(Script& script) : script_(script) {}
  std::vector<Face> detect(const Image&) override {
    ++script_.detections;
    return script_.faces;
  }
  std::string_view kind() const override { return "script"; }

 private:
  Script& script_;
};

Points2 ring(const Box& box, size_t count) {
  Points2 points;
  for (size_t i = 0; i < count; ++i) {
    const double turn = 6.2831853 * static_cast<double>(i) / static_cast<double>(count);
    points.push_back({static_cast<float>(box.x + box.width / 2 * (1 + std::cos(turn))),
                      static_cast<float>(box.y + box.height / 2 * (1 + std::sin(turn)))});
  }
  return points;
}

class Scripted106 final : public Landmark106 {
 public:
  explicit Scripted106(Script& script) : script_(script) {}
  Points2 find(const Image&, const Box& face) override {
    ++script_.searches106;
    return ring(face, 106);
  }

 private:
  Script& script_;
};

class Scripted203 final : public Landmark203 {
 public:
  explicit Scripted203(Script& script) : script_(script) {}
  Points2 find(const Image&, const Points2& around) override {
    script_.seeds.push_back(around.size());
    Points2 points = ring(box_round(around), 203);
    return script_.follow ? script_.follow(points) : points;
  }

 private:
  Script& script_;
};

FaceTracker tracker(Script& script, bool with106, bool with203, FaceTrackerOptions options = {}) {
  return {std::make_unique<ScriptedDetector>(script), with106 ? std::make_unique<Scripted106>(script) : nullptr,
          with203 ? std::make_unique<Scripted203>(script) : nullptr, std::move(options)};
}

Points2 moved(Points2 points, float dx) {
  for (Point2& point : points) point[0] += dx;
  return points;
}

const Image kScene = test::plain(320, 240, 90, 100, 110);
const Image kOtherScene = test::plain(320, 240, 200, 200, 30);
const Face kFace{{100, 80, 60, 80}, 0.9, {}};

}  // namespace

TEST_CASE("with all networks: detector and 106 points once, then the 203 points follow themselves") {
  Script script;
  script.faces = {kFace};
  script.follow = [](const Points2& points) { return moved(points, 2); };
  auto chain = tracker(script, true, true);
  for (int i = 0; i < 20; ++i) {
    const auto tracked = chain.next(kScene);
    REQUIRE(tracked);
    CHECK(tracked->landmarks.size() == 203);
    CHECK(tracked->has_ratio_points);
    CHECK(tracked->redetected == (i == 0));
    CHECK(box_round(tracked->landmarks).x == Approx(102 + 2 * i).margin(0.5));
  }
  CHECK(script.detections == 1);
  CHECK(script.searches106 == 1);
  REQUIRE(script.seeds.size() == 20);
  CHECK(script.seeds.front() == 106);
  for (size_t i = 1; i < 20; ++i) CHECK(script.seeds[i] == 203);
}

TEST_CASE("landmarks that jump are looked for again") {
  Script script;
  script.faces = {kFace};
  auto chain = tracker(script, true, true);
  REQUIRE(chain.next(kScene));
  script.follow = [&](const Points2& points) {
    script.follow = nullptr;
    return moved(points, 70);
  };
  const auto tracked = chain.next(kScene);
  REQUIRE(tracked);
  CHECK(tracked->redetected);
  CHECK(script.detections == 2);
  CHECK(box_round(tracked->landmarks).x == Approx(100).margin(0.5));
}

TEST_CASE("the original's chain does not look again, whatever happens") {
  Script script;
  script.faces = {kFace};
  FaceTrackerOptions options;
  options.redetect = false;
  auto chain = tracker(script, true, true, options);
  REQUIRE(chain.next(kScene));
  script.follow = [](const Points2& points) { return moved(points, 70); };
  script.faces.clear();
  REQUIRE(chain.next(kOtherScene));
  REQUIRE(chain.next(kScene));
  CHECK(script.detections == 1);
}

TEST_CASE("a cut makes the face be looked for") {
  Script script;
  script.faces = {kFace};
  auto chain = tracker(script, true, true);
  REQUIRE(chain.next(kScene));
  script.faces = {{{10, 10, 60, 80}, 0.9, {}}};
  const auto tracked = chain.next(kOtherScene);
  REQUIRE(tracked);
  CHECK(tracked->redetected);
  CHECK(box_round(tracked->landmarks).x == Approx(10).margin(0.5));
  CHECK(script.detections == 2);
}

TEST_CASE("a number chosen at the start does not stop the clip when a later scene has fewer faces") {
  Script script;
  script.faces = {kFace, {{200, 80, 60, 80}, 0.9, {}}};
  FaceTrackerOptions options;
  options.choice = FaceChoice::parse("2");
  auto chain = tracker(script, false, false, options);
  CHECK(chain.next(kScene)->face.box.x == 200);
  script.faces = {kFace};
  CHECK(chain.next(kOtherScene)->face.box.x == 100);

  auto second = tracker(script, false, false, options);
  CHECK(test::error_of(ErrorKind::Input, [&] { second.next(kScene); }) ==
        "clip: there is no face 2, there is only 1; give --face a number up to 1");
}

TEST_CASE("the detector is asked now and then whether there is still a face") {
  Script script;
  script.faces = {kFace};
  FaceTrackerOptions options;
  options.check_every = 5;
  auto chain = tracker(script, true, true, options);
  for (int i = 0; i < 11; ++i) REQUIRE(chain.next(kScene));
  CHECK(script.detections == 3);
  // No face for one look, then again: nothing is lost.
  script.faces.clear();
  for (int i = 0; i < 5; ++i) REQUIRE(chain.next(kScene));
  script.faces = {kFace};
  REQUIRE(chain.next(kScene));
  // No face for good: given up after the third look.
  script.faces.clear();
  int frames = 0;
  while (chain.next(kScene)) ++frames;
  CHECK(frames == 6);
  // And found again later, near where it was.
  script.faces = {{{290, 80, 30, 40}, 0.9, {}}, kFace};
  const auto tracked = chain.next(kScene);
  REQUIRE(tracked);
  CHECK(tracked->redetected);
  CHECK(box_round(tracked->landmarks).x == Approx(100).margin(0.5));
}

TEST_CASE("a face elsewhere only means that the landmarks have gone astray") {
  Script script;
  script.faces = {kFace};
  FaceTrackerOptions options;
  options.check_every = 2;
  auto chain = tracker(script, true, true, options);
  REQUIRE(chain.next(kScene));
  script.faces = {{{240, 20, 50, 60}, 0.9, {}}};
  REQUIRE_FALSE(chain.next(kScene)->redetected);
  const auto tracked = chain.next(kScene);
  REQUIRE(tracked);
  CHECK(tracked->redetected);
  CHECK(box_round(tracked->landmarks).x == Approx(240).margin(0.5));
}

TEST_CASE("without 203 points the detector leads, and its trembling is quietened") {
  Script script;
  auto chain = tracker(script, false, false);
  double most = 0;
  double last = 0;
  for (int i = 0; i < 60; ++i) {
    const double noise = i % 2 == 0 ? 1 : -1;
    // Another, larger face beside it must not steal the attention.
    script.faces = {{{100 + noise, 80, 60, 80}, 0.9, {}}};
    if (i > 0) script.faces.insert(script.faces.begin(), {{200, 60, 90, 120}, 0.9, {}});
    const auto tracked = chain.next(kScene);
    REQUIRE(tracked);
    CHECK(tracked->redetected == (i == 0));
    CHECK_FALSE(tracked->has_ratio_points);
    CHECK(tracked->landmarks.size() == 9);
    if (i > 10) most = std::max(most, std::abs(tracked->face.box.x - last));
    last = tracked->face.box.x;
  }
  CHECK(script.detections == 60);
  CHECK(most < 1.2);  // of 2 pixels between one frame and the next
  CHECK(std::abs(last - 100) < 1);
}

TEST_CASE("a face that moves is followed without lag") {
  Script script;
  auto chain = tracker(script, true, false);
  for (int i = 0; i < 15; ++i) {
    script.faces = {{{20.0 + 9 * i, 80, 60, 80}, 0.9, {}}};
    const auto tracked = chain.next(kScene);
    REQUIRE(tracked);
    CHECK(tracked->landmarks.size() == 106);
    CHECK(std::abs(tracked->face.box.x - script.faces[0].box.x) < 2);
  }
}

TEST_CASE("frames without a face give nothing, at the start and in the middle") {
  Script script;
  auto chain = tracker(script, false, false);
  CHECK_FALSE(chain.next(kScene));
  CHECK_FALSE(chain.next(kScene));
  script.faces = {kFace};
  CHECK(chain.next(kScene)->redetected);
  CHECK_FALSE(chain.next(kScene)->redetected);
  script.faces.clear();
  CHECK_FALSE(chain.next(kScene));
  script.faces = {kFace};
  CHECK(chain.next(kScene)->redetected);
  test::error_of(ErrorKind::Internal, [] { FaceTracker(nullptr, nullptr, nullptr, {}); });
}

TEST_CASE("a cut is told from motion") {
  SceneCut cut(30);
  CHECK_FALSE(cut.next(kScene));
  CHECK_FALSE(cut.next(kScene));
  Image bright = kScene.clone();
  for (size_t i = 0; i < bright.size_bytes(); ++i) bright.data()[i] = static_cast<uint8_t>(bright.data()[i] + 15);
  CHECK_FALSE(cut.next(bright));
  CHECK(cut.next(kOtherScene));
  CHECK(cut.next(test::plain(64, 64, 0, 0, 0)));
}

namespace {

// A stand-in for landmark.onnx: it knows where the face is and answers with its points in the crop that it is given,
// but off by a fifth of how far that crop is off the right one, in place, size and angle.
class Framed203 final : public Landmark203 {
 public:
  explicit Framed203(Points2 truth) : truth_(std::move(truth)) {}
  Points2 find(const Image&, const Points2& around) override {
    crops_.push_back(landmark203_crop(around));
    const CropTransform right = landmark203_crop(truth_);
    Points2 seen = transform_points(truth_, right.crop_from_image);
    const Points2 there = transform_points(truth_, crops_.back().crop_from_image);
    for (size_t i = 0; i < seen.size(); ++i) {
      for (size_t axis = 0; axis < 2; ++axis) seen[i][axis] = there[i][axis] + 0.2F * (seen[i][axis] - there[i][axis]);
    }
    return transform_points(seen, crops_.back().image_from_crop);
  }
  // How far the n-th crop's corners lie from the right one's, in sides of it.
  double offset(size_t n) const {
    const CropTransform right = landmark203_crop(truth_);
    const auto side = static_cast<float>(right.size);
    const Points2 corners{{0, 0}, {side, 0}, {side, side}, {0, side}};
    const Points2 a = transform_points(corners, crops_.at(n).image_from_crop);
    const Points2 b = transform_points(corners, right.image_from_crop);
    const double length = std::hypot(b[1][0] - b[0][0], b[1][1] - b[0][1]);
    double most = 0;
    for (size_t i = 0; i < 4; ++i) most = std::max(most, std::hypot(a[i][0] - b[i][0], a[i][1] - b[i][1]) / length);
    return most;
  }
  size_t looks() const { return crops_.size(); }

 private:
  Points2 truth_;
  std::vector<CropTransform> crops_;
};

// 203 points of a face turned by `angle`: the ones that give the upright axis where they belong, the rest between.
Points2 face_of_203(double x, double y, double size, double angle) {
  Points2 points;
  const auto at = [&](double u, double v) {
    return Point2{static_cast<float>(x + size * (u * std::cos(angle) - v * std::sin(angle))),
                  static_cast<float>(y + size * (u * std::sin(angle) + v * std::cos(angle)))};
  };
  for (size_t i = 0; i < 203; ++i) {
    const double turn = 6.2831853 * static_cast<double>(i) / 203;
    points.push_back(at(0.5 * std::cos(turn), 0.5 * std::sin(turn)));
  }
  const auto put = [&](std::initializer_list<size_t> at_indices, Point2 point) {
    for (const size_t i : at_indices) points[i] = point;
  };
  put({0, 6, 12, 18}, at(-0.2, -0.15));
  put({24, 30, 36, 42}, at(0.2, -0.15));
  put({48, 66}, at(0, 0.22));
  return points;
}

}  // namespace

TEST_CASE("without 106 points the 203 are found in two looks, from seeds that are off by a fifth") {
  const Image picture(400, 400);
  for (const double angle : {0.0, 0.3, -0.5}) {
    const Points2 truth = face_of_203(200, 190, 150, angle);
    for (const auto& [dx, dy, grown] :
         {std::array{0.0, 0.0, 1.2}, {0.0, 0.0, 0.8}, {0.2, 0.0, 1.0}, {0.0, -0.2, 1.0}, {-0.14, 0.14, 1.1}}) {
      // The seed: the same face elsewhere and of another size.
      const Points2 seed = face_of_203(200 + dx * 150, 190 + dy * 150, 150 * grown, angle);
      Framed203 network(truth);
      const Points2 points = network.find_from_rough(picture, seed);
      INFO(angle << " " << dx << " " << dy << " " << grown);
      REQUIRE(network.looks() == 2);
      CHECK(network.offset(0) > 0.05);
      // Where a third look would be, and the crop that is made from the points.
      network.find(picture, points);
      CHECK(network.offset(2) < 0.01);
    }
  }
}
