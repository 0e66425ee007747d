// What whole LivePortrait jobs tell and draw beside their pictures: jitter, contact sheets; and the animals' way.
#include <torch/types.h>

#include <cmath>

#include "core/tensor_image.h"
#include "engine/portrait/driving_track.h"
#include "engine/portrait/portrait_source.h"
#include "engine/portrait_jobs.h"
#include "motion/animal_transfer.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/pictures.h"

using namespace animate::core;
using namespace animate::engine;
using namespace animate::media;
using namespace animate::models;
using namespace animate;
using namespace animate::test::portrait_jobs;
using liveportrait::LivePortraitModel;

TEST_CASE("jitter is measured with and without the smoother") {
  const test::TempDir folder;
  save_image(folder / "source.png", test::shaded_picture(100, 100, 1));
  auto job = job_of(folder, folder / "source.png", test::shaded_clip(folder, "driver", 6));
  Script script;
  const auto plain = run(job, script).summary.jitter;
  REQUIRE(plain.has_value());
  CHECK(plain->before > 0);
  CHECK(plain->before == plain->after);
  CHECK(plain->frames == 6);
  job.options.liveportrait.smooth = 1;
  const auto smooth = run(job, script).summary.jitter;
  CHECK(smooth->before == plain->before);
  CHECK(smooth->after < 0.5 * smooth->before);

  job.source = test::shaded_clip(folder, "source", 6, 80);
  const auto video = run(job, script).summary.jitter;
  CHECK(video->after < video->before);
  job.options.liveportrait.driving_smooth_observation_variance = 0;
  const auto raw = run(job, script).summary.jitter;
  CHECK(raw->before == raw->after);
  CHECK(raw->before == Approx(video->before));

  job.driving = test::shaded_clip(folder, "short", 2);
  CHECK_FALSE(run(job, script).summary.jitter.has_value());
}

TEST_CASE("a portrait's contact sheet has a column for every shown frame") {
  const test::TempDir folder;
  save_image(folder / "source.png", test::shaded_picture(200, 120, 1));
  Script script;
  script.picture_faces = {face_at(50, 50, 12), face_at(150, 50, 12)};
  auto job = job_of(folder, folder / "source.png", test::shaded_clip(folder, "driver", 3, 48));
  job.preview = true;
  job.output = folder / "sheet.png";
  NoProgress progress;
  const AnimateSummary still = run_portrait_animation(shared_model(), checked_job(job), script, progress, {});
  CHECK(still.frames == 3);
  CHECK(load_image(job.output).width() == 6 + 540 + 6 + 3 * (256 + 6));

  job.source = test::shaded_clip(folder, "source", 9, 80);
  job.driving = test::shaded_clip(folder, "long", 9, 48);
  const AnimateSummary video = run_portrait_animation(shared_model(), checked_job(job), script, progress, {});
  CHECK(video.frames == 5);
  CHECK(load_image(job.output).width() == video.width);
}

TEST_CASE("animals take the driver's whole pose and expression") {
  const test::TempDir folder;
  const Image source = test::shaded_picture(64, 64, 5);
  save_image(folder / "source.png", source);
  Script script;
  auto job = job_of(folder, folder / "source.png", test::shaded_clip(folder, "driver", 3));
  job.options.crop.crop.kind = CropChoice::Kind::None;
  const Result human = run(job, script);
  job.options.liveportrait.animal = true;
  const Result animal = run(job, script);

  // The same from the formula, straight through the networks.
  const LivePortraitModel& model = shared_model();
  std::vector<motion::FaceMotion> driving;
  for (int i = 0; i < 3; ++i) {
    driving.push_back(model.motion_of(to_tensor(driving_view(test::shaded_picture(64, 64, i), std::nullopt))));
  }
  const auto view = to_tensor(source_view(source, std::nullopt));
  const motion::AnimalTransfer transfer(model.motion_of(view), driving, driving[0], model.retargeter());
  REQUIRE(animal.frames.size() == 3);
  for (size_t i = 0; i < 3; ++i) {
    const Image expected =
        to_image(model.paint(model.appearance_of(view), transfer.driving_keypoints(i), transfer.source_keypoints(i)),
                 Rounding::Truncate);
    INFO(i);
    REQUIRE(expected.size_bytes() == animal.frames[i].size_bytes());
    int most = 0;
    for (size_t k = 0; k < expected.size_bytes(); ++k) {
      most = std::max(most, std::abs(expected.data()[k] - animal.frames[i].data()[k]));
    }
    CHECK(most <= 1);
  }
  CHECK_FALSE(test::same_pixels(animal.frames[2], human.frames[2]));

  job.options.motion.relative = false;
  CHECK(test::error_of(ErrorKind::Usage, [&] { run(job, script); }) ==
        "--relative: has no effect on an animal, which takes the driver's whole pose and expression; leave it or "
        "--animal out");
}
