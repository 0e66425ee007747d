// Sessions of LivePortrait with a small model and faces by script; what all families share is in
// family_contract_test.cpp.
#include "animate/session.h"

#include <algorithm>
#include <fstream>

#include "base/error.h"
#include "engine/portrait/portrait_animation.h"
#include "engine/portrait/portrait_edit.h"
#include "engine/portrait/portrait_session.h"
#include "portrait_samples.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/pictures.h"

using namespace animate::engine;
using namespace animate::media;
using namespace animate::models;
using namespace animate;
using test::error_of;

namespace {

namespace fs = std::filesystem;
using liveportrait::LivePortraitModel;

std::shared_ptr<const LivePortraitModel> one_model() {
  static const std::shared_ptr<const LivePortraitModel> model = test::small_liveportrait();
  return model;
}

// One face in pictures; of the driver's frames those with a face by a list, whose last entry goes on.
struct OneFace : FaceFinder {
  std::vector<bool> driver{true};
  std::optional<Points2> points203;

  static FoundFace face() { return {{{25, 28}, {39, 28}, {32, 35}, {28, 42}, {36, 42}}, std::nullopt}; }

  struct Track : FaceTrack {
    explicit Track(std::vector<bool> seen) : seen_(std::move(seen)) {}
    std::optional<FoundFace> next(const Image&) override {
      const bool here = seen_[std::min(index_++, seen_.size() - 1)];
      return here ? std::optional(face()) : std::nullopt;
    }
    std::vector<bool> seen_;
    size_t index_ = 0;
  };
  std::vector<FoundFace> in_picture(const Image&, const std::string&) override { return {face()}; }
  std::unique_ptr<FaceTrack> follow(FaceRole, const std::string&) const override {
    return std::make_unique<Track>(driver);
  }
  bool has_points203() const override { return false; }
  std::vector<std::string> warnings() const override { return {}; }
};

PortraitSession open(const AnimateOptions& options = {}, std::vector<bool> driver = {true}) {
  auto script = std::make_unique<OneFace>();
  script->driver = std::move(driver);
  return {one_model(), test::shaded_picture(64, 64, 7), options, std::move(script)};
}

long resident_kb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stol(line.substr(6));
  }
  return 0;
}

}  // namespace

TEST_CASE("a session pastes back what a job pastes back") {
  const test::TempDir folder;
  fs::create_directories(folder / "out");
  save_image(folder / "source.png", test::shaded_picture(64, 64, 7));
  const AnimateJob job{folder / "source.png", test::shaded_clip(folder, "driver", 3), folder / "out" / "r%d.png", {}};
  OneFace script;
  NoProgress silent;
  run_portrait_animation(*one_model(), checked_job(job), script, silent, {});
  PortraitSession session = open();
  for (int i = 0; i < 3; ++i) {
    const SessionFrame frame = session.animate(test::shaded_picture(64, 64, i), std::nullopt);
    CHECK(test::same_pixels(frame.image, load_image(folder / "out" / fmt::format("r{}.png", i + 1))));
  }
}

TEST_CASE("a driving picture without a face holds the last pose") {
  AnimateOptions options;
  options.liveportrait.crop_driving = true;
  PortraitSession session = open(options, {false, true, false, true});
  const Image source = test::shaded_picture(64, 64, 7);
  const SessionFrame nobody = session.animate(test::shaded_picture(64, 64, 0), std::nullopt);
  CHECK_FALSE(nobody.face_found);
  CHECK(test::same_pixels(nobody.image, source));
  const SessionFrame seen = session.animate(test::shaded_picture(64, 64, 1), std::nullopt);
  CHECK(seen.face_found);
  CHECK_FALSE(test::same_pixels(seen.image, source));
  const SessionFrame held = session.animate(test::shaded_picture(64, 64, 5), std::nullopt);
  CHECK_FALSE(held.face_found);
  CHECK(test::same_pixels(held.image, seen.image));
  CHECK_FALSE(test::same_pixels(session.animate(test::shaded_picture(64, 64, 5), std::nullopt).image, seen.image));
}

TEST_CASE("after recalibrate() the source is at rest where the driver is") {
  PortraitSession session = open();
  const Image first = session.animate(test::shaded_picture(64, 64, 0), std::nullopt).image;
  CHECK_FALSE(test::same_pixels(session.animate(test::shaded_picture(64, 64, 3), std::nullopt).image, first));
  session.recalibrate();
  const Image again = session.animate(test::shaded_picture(64, 64, 3), std::nullopt).image;
  // The same pose but for rounding in the last digits of the rotation.
  int largest = 0;
  for (size_t i = 0; i < first.size_bytes(); ++i)
    largest = std::max(largest, std::abs(first.data()[i] - again.data()[i]));
  CHECK(largest <= 2);
}

TEST_CASE("a session edits its picture as `animate edit` does") {
  const test::TempDir folder;
  fs::create_directories(folder / "out");
  save_image(folder / "source.png", test::shaded_picture(64, 64, 7));
  AnimateJob job{folder / "source.png", {}, folder / "out" / "edited.png", {}};
  job.options.liveportrait.set = EditSettings::parse("smile=0.6,yaw=-8");
  OneFace script;
  NoProgress silent;
  run_portrait_edit(*one_model(), checked_job(job), script, silent, {});
  PortraitSession session = open();
  CHECK(test::same_pixels(session.edit(job.options.liveportrait.set), load_image(job.output)));
  // How far eyes are open was measured of no face here.
  CHECK(error_of(ErrorKind::Input, [&] {
          session.edit(EditSettings::parse("eyes=0.4"));
        }).starts_with("the source picture: how far eyes and lips are open is not known, which --set eyes needs"));
}

TEST_CASE("keyframes of --set are evaluated at the times that are given") {
  AnimateOptions options;
  options.liveportrait.set = EditSettings::parse("yaw@0s=0,2s=20");
  PortraitSession keyed = open(options);
  PortraitSession plain = open();
  const Image driving = test::shaded_picture(64, 64, 2);
  CHECK(test::same_pixels(keyed.animate(driving, 0).image, plain.animate(driving, 0).image));
  const Image later = keyed.animate(driving, 1).image;
  CHECK_FALSE(test::same_pixels(later, plain.animate(driving, 1).image));
  CHECK(test::same_pixels(later, keyed.animate(driving, 1).image));
}

TEST_CASE("options of an open session") {
  PortraitSession session = open();
  const Image first = session.animate(test::shaded_picture(64, 64, 0), std::nullopt).image;
  AnimateOptions options;
  options.liveportrait.driving_multiplier = 0;
  session.set_options(options);
  const Image still = session.animate(test::shaded_picture(64, 64, 4), std::nullopt).image;
  CHECK(test::same_pixels(still, session.animate(test::shaded_picture(64, 64, 9), std::nullopt).image));
  options.liveportrait.scale = 2;
  CHECK(error_of(ErrorKind::Usage, [&] { session.set_options(options); }) ==
        "--scale: is settled when a session is opened; open another one");
  options.liveportrait.scale = LivePortraitOptions().scale;
  options.liveportrait.smooth = 0.5;
  CHECK(error_of(ErrorKind::Usage, [&] { session.set_options(options); }) ==
        "--smooth: needs a whole clip, and a session sees one picture after the other; leave it out");
  // Refused options change nothing.
  CHECK(test::same_pixels(still, session.animate(test::shaded_picture(64, 64, 2), std::nullopt).image));
}

TEST_CASE("a session tells its faces") {
  const PortraitSession session = open();
  const auto faces = session.faces();
  REQUIRE(faces.size() == 1);
  CHECK(faces[0].keypoints.size() == 21);
  CHECK(faces[0].box.x < 25);
  CHECK(faces[0].box.x + faces[0].box.width > 39);
  CHECK_FALSE(faces[0].eyes_open.has_value());
}

TEST_CASE("a warm session takes no more memory") {
  PortraitSession session = open();
  const auto frames = [&](int count) {
    for (int i = 0; i < count; ++i) session.animate(test::shaded_picture(64, 64, i % 16), std::nullopt);
  };
  frames(10);
  const long before = resident_kb();
  frames(25);
  CHECK(resident_kb() - before < 2 * 1024);
}
