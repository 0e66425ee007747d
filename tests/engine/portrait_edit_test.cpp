// Edited portraits and videos on small random networks, with faces where the test says.
#include "engine/portrait/portrait_edit.h"

#include <torch/types.h>

#include <cmath>

#include "base/error.h"
#include "engine/job_checks.h"
#include "engine/portrait/portrait_animation.h"
#include "engine/portrait_samples.h"
#include "media/image_io.h"
#include "motion/edit_values.h"
#include "motion/open_ratios.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/fixtures.h"
#include "support/pictures.h"
#include "support/temp_dir.h"

using namespace animate::engine;
using namespace animate::media;
using namespace animate::models;
using namespace animate::motion;
using namespace animate;
using liveportrait::LivePortraitModel;
namespace fs = std::filesystem;

namespace {

const LivePortraitModel& small_model() {
  static const auto model = test::small_liveportrait();
  return *model;
}

// 203 landmarks whose eyes are 0.3 open and whose lips are 0.2.
Points2 measured_points() {
  Points2 points(203, Point2{});
  const auto place = [&points](size_t above, size_t below, size_t left, size_t right, float open) {
    points[above] = {0, 0};
    points[below] = {0, open};
    points[left] = {-0.5F, 0};
    points[right] = {0.5F, 0};
  };
  place(6, 18, 0, 12, 0.3F);
  place(30, 42, 24, 36, 0.3F);
  place(90, 102, 48, 66, 0.2F);
  return points;
}

// An upright face in the middle of an 80 x 80 picture; on clips it is seen in the frames that `seen` says.
struct FaceInTheMiddle : FaceFinder {
  bool measured = true;
  std::vector<bool> seen{true};

  FoundFace face() const {
    FoundFace found{{{35, 40}, {45, 40}, {40, 45}, {37, 50}, {43, 50}}, std::nullopt};
    if (measured) found.points203 = measured_points();
    return found;
  }

  struct Track : FaceTrack {
    explicit Track(const FaceInTheMiddle& script) : script_(script) {}
    std::optional<FoundFace> next(const Image&) override {
      const bool here = script_.seen[std::min(index_++, script_.seen.size() - 1)];
      return here ? std::optional(script_.face()) : std::nullopt;
    }
    const FaceInTheMiddle& script_;
    size_t index_ = 0;
  };

  std::vector<FoundFace> in_picture(const Image&, const std::string&) override { return {face()}; }
  std::unique_ptr<FaceTrack> follow(FaceRole, const std::string&) const override {
    return std::make_unique<Track>(*this);
  }
  bool has_points203() const override { return measured; }
  std::vector<std::string> warnings() const override { return {}; }
};

AnimateJob edit_job(const test::TempDir& folder, const fs::path& source, const std::string& name,
                    const std::string& settings) {
  fs::create_directories(folder / "out");
  AnimateJob job{source, {}, folder / "out" / name, AnimateOptions()};
  job.options.liveportrait.set = EditSettings::parse(settings);
  return job;
}

Image edited(const AnimateJob& job, FaceInTheMiddle& script) {
  NoProgress progress;
  const AnimateSummary summary = run_portrait_edit(small_model(), checked_job(job), script, progress, {});
  CHECK(summary.frames == 1);
  return load_image(job.output);
}

}  // namespace

TEST_CASE("an edited picture changes inside the mask only, and eyes at their own ratio change nothing") {
  const test::TempDir folder;
  const Image source = test::shaded_picture(120, 90, 1);
  save_image(folder / "source.png", source);
  FaceInTheMiddle script;
  const auto edit = [&](const std::string& settings) {
    return edited(edit_job(folder, folder / "source.png", "a.png", settings), script);
  };
  const Image neutral = edit("smile=0,yaw=0,z=1");
  const Image smiling = edit("smile=1.3,yaw=20");
  CHECK(test::same_pixels(edit("eyes=0.3,lip=0.2"), neutral));
  CHECK_FALSE(test::same_pixels(edit("eyes=0.6"), neutral));
  CHECK_FALSE(test::same_pixels(smiling, neutral));
  int inside = 0;
  int outside = 0;
  for (int y = 0; y < 90; ++y) {
    for (int x = 0; x < 120; ++x) {
      if (std::equal(smiling.row(y) + 3 * x, smiling.row(y) + 3 * x + 3, source.row(y) + 3 * x)) continue;
      ++(std::abs(x - 40) < 40 ? inside : outside);
    }
  }
  CHECK(inside > 300);
  CHECK(outside == 0);
}

TEST_CASE("eyes and lips need landmarks") {
  const test::TempDir folder;
  save_image(folder / "source.png", test::shaded_picture(80, 80, 1));
  FaceInTheMiddle script;
  script.measured = false;
  const auto job = edit_job(folder, folder / "source.png", "a.png", "lip=0.2");
  CHECK(test::error_of(ErrorKind::Input, [&] { edited(job, script); }) ==
        (folder / "source.png").string() +
            ": how far eyes and lips are open is not known, which --set lip needs; put landmark.onnx into the "
            "model's folder or give it with --landmarks-203");
  CHECK_FALSE(fs::exists(job.output));
}

TEST_CASE("an edited video keeps its frames, and those without a face as they are") {
  const test::TempDir folder;
  const auto source = test::shaded_clip(folder, "source", 3, 80);
  FaceInTheMiddle script;
  script.seen = {true, false, true};
  NoProgress progress;
  const auto run = [&](const std::string& settings, bool silent = false) {
    auto job = edit_job(folder, source, "r%d.png", settings);
    job.options.liveportrait.silent_lips = silent;
    CHECK(run_portrait_edit(small_model(), checked_job(job), script, progress, {}).frames == 3);
    std::vector<Image> frames;
    for (int i = 1; i <= 3; ++i) frames.push_back(load_image(folder / "out" / fmt::format("r{}.png", i)));
    return frames;
  };
  const auto neutral = run("smile=0");
  const auto turned = run("yaw@1f=0,2f=20");
  CHECK(test::same_pixels(neutral[1], test::shaded_picture(80, 80, 1)));
  CHECK(test::same_pixels(turned[1], test::shaded_picture(80, 80, 1)));
  CHECK_FALSE(test::same_pixels(neutral[0], test::shaded_picture(80, 80, 0)));
  // Keyframes leave the first frame, where the slider is at rest, bit for bit.
  CHECK(test::same_pixels(turned[0], neutral[0]));
  CHECK_FALSE(test::same_pixels(turned[2], neutral[2]));
  CHECK_FALSE(test::same_pixels(run("", true)[0], neutral[0]));
}

TEST_CASE("on top of a driver neutral settings change no bit, others every frame") {
  const test::TempDir folder;
  save_image(folder / "source.png", test::shaded_picture(80, 80, 1));
  FaceInTheMiddle script;
  NoProgress progress;
  const auto run = [&](const std::string& settings) {
    auto job = edit_job(folder, folder / "source.png", "d%d.png", settings);
    job.driving = test::shaded_clip(folder, "driver", 2, 64);
    const auto summary = run_portrait_animation(small_model(), checked_job(job), script, progress, {});
    CHECK(summary.warnings.size() == (settings == "yaw=99" ? 1 : 0));
    return load_image(folder / "out" / "d2.png");
  };
  const Image plain = run("");
  CHECK(test::same_pixels(run("smile=0,yaw=0,z=1"), plain));
  const Image turned = run("yaw=99");
  CHECK_FALSE(test::same_pixels(turned, plain));
  CHECK(test::same_pixels(run("yaw@0f=0,1f=25"), turned));
}

TEST_CASE("editing jobs that make no sense are refused before weights are loaded") {
  const test::TempDir folder;
  save_image(folder / "a.png", test::shaded_picture(32, 32, 1));
  const auto video = test::shaded_clip(folder, "v", 2, 32);
  const auto refusal = [&](const fs::path& source, const std::string& name, const std::string& settings,
                           bool silent = false) {
    auto job = edit_job(folder, source, name, settings);
    job.options.liveportrait.silent_lips = silent;
    return test::error_of(ErrorKind::Usage, [&] { check_job(job); });
  };
  const std::string out = (folder / "out").string() + "/";
  CHECK(refusal(folder / "a.png", "b.png", "smile@0s=0,1s=1") ==
        out + "b.png: one picture cannot show keyframes; give a name as in out.mp4, or a value for all frames");
  CHECK(refusal(folder / "a.png", "b.mp4", "smile=1") ==
        out + "b.mp4: nothing would move in it; give keyframes as in smile@0s=0,2s=1, or a name as in out.jpg");
  CHECK(refusal(video, "b.png", "smile=1") == out + "b.png: the edited video " + video.string() +
                                                  " does not fit into one picture; give a name as in out.mp4 or "
                                                  "out-%05d.png");
  CHECK(refusal(folder / "a.png", "b.png", "", true) == "--silent-lips: works on a source video; give the picture " +
                                                            (folder / "a.png").string() + " settings with --set");
  CHECK(refusal(video, "b.mp4", "smile=1", true) ==
        "--silent-lips: takes all expression but the eyes away and --set adds to it; give one of them");
  CHECK(refusal(folder / "a.png", "b.png", "") ==
        "--set is missing; say what to change, as in --set smile=0.6,yaw=-8 (`animate edit --list` shows all)");
  CHECK_NOTHROW(check_job(edit_job(folder, folder / "a.png", "b.jpg", "smile=1")));
}
