// Whole LivePortrait jobs on small random networks, with faces where the test says: what is painted, what stays.
#include "engine/portrait/portrait_animation.h"

#include <ATen/Context.h>
#include <torch/types.h>

#include <cmath>

#include "base/error.h"
#include "engine/portrait_jobs.h"
#include "engine/portrait_samples.h"
#include "media/image_io.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/fixtures.h"
#include "support/pictures.h"
#include "support/temp_dir.h"

using namespace animate::engine;
using namespace animate::media;
using namespace animate::models;
using namespace animate;
using namespace animate::test::portrait_jobs;
namespace fs = std::filesystem;

namespace {

struct WithoutOneDnn {
  WithoutOneDnn() { at::globalContext().setUserEnabledMkldnn(false); }
  ~WithoutOneDnn() { at::globalContext().setUserEnabledMkldnn(before); }
  bool before = at::globalContext().userEnabledMkldnn();
};

bool same(const uint8_t* a, const uint8_t* b) { return a[0] == b[0] && a[1] == b[1] && a[2] == b[2]; }

bool mentions(const std::vector<std::string>& warnings, const std::string& words) {
  return std::any_of(warnings.begin(), warnings.end(),
                     [&](const std::string& warning) { return warning.find(words) != std::string::npos; });
}

}  // namespace

TEST_CASE("every face of a picture moves, and every pixel outside the masks stays bit for bit") {
  const test::TempDir folder;
  const Image source = test::shaded_picture(200, 120, 1);
  save_image(folder / "source.png", source);
  Script script;
  script.picture_faces = {face_at(50, 50, 12), face_at(150, 50, 12)};
  auto job = job_of(folder, folder / "source.png", test::shaded_clip(folder, "driver", 2));
  const Result result = run(job, script);
  REQUIRE(result.frames.size() == 2);
  for (const Image& frame : result.frames) {
    REQUIRE(frame.width() == 200);
    int changed_left = 0;
    int changed_right = 0;
    int changed_between = 0;
    for (int y = 0; y < 120; ++y) {
      for (int x = 0; x < 200; ++x) {
        if (same(frame.row(y) + 3 * x, source.row(y) + 3 * x)) continue;
        // The crops are 2.3 x 12 pixels or so wide on either side of the faces' middles.
        if (std::abs(x - 50) < 30)
          ++changed_left;
        else if (std::abs(x - 150) < 30)
          ++changed_right;
        else
          ++changed_between;
      }
    }
    CHECK(changed_left > 300);
    CHECK(changed_right > 300);
    CHECK(changed_between == 0);
  }
}

namespace {

// Largest difference of a level between two results; a batch may add up in another order.
int furthest(const Result& a, const Result& b) {
  REQUIRE(a.frames.size() == b.frames.size());
  int most = 0;
  for (size_t i = 0; i < a.frames.size(); ++i) {
    REQUIRE(a.frames[i].size_bytes() == b.frames[i].size_bytes());
    for (size_t k = 0; k < a.frames[i].size_bytes(); ++k) {
      most = std::max(most, std::abs(int{a.frames[i].data()[k]} - int{b.frames[i].data()[k]}));
    }
  }
  return most;
}

}  // namespace

TEST_CASE("pictures painted together are those painted alone, of pictures with two faces and of videos") {
  const test::TempDir folder;
  save_image(folder / "source.png", test::shaded_picture(200, 120, 1));
  const auto driver = test::shaded_clip(folder, "driver", 5);
  for (const bool video : {false, true}) {
    auto job = job_of(folder, video ? test::shaded_clip(folder, "source", 5) : folder / "source.png", driver);
    const auto with_batch = [&](int64_t batch) {
      Script script;
      script.picture_faces = {face_at(50, 50, 12), face_at(150, 50, 12)};
      script.source = {true, false, true, true, true};  // one frame stays as it is
      job.options.runtime.batch.frames = batch;
      return run(job, script);
    };
    const Result alone = with_batch(1);
    const Result together = with_batch(3);
    REQUIRE(alone.frames.size() == 5);
    CHECK(together.summary.batch == 3);
    CHECK(furthest(alone, together) <= 1);
    CHECK(furthest(alone, with_batch(9)) <= 1);
    CHECK(!test::same_pixels(alone.frames[0], alone.frames[3]));
  }
}

TEST_CASE("faces cut out and pasted back as tensors give the same pictures, to the bit") {
  const test::TempDir folder;
  save_image(folder / "source.png", test::shaded_picture(200, 120, 1));
  const auto driver = test::shaded_clip(folder, "driver", 3);
  // Two faces whose seams overlap, one of them beyond the border; a video with a frame that stays as it is.
  for (const bool video : {false, true}) {
    auto job = job_of(folder, video ? test::shaded_clip(folder, "source", 3) : folder / "source.png", driver);
    job.options.runtime.batch.frames = 2;
    const auto painted = [&](bool device_faces) {
      Script script;
      script.picture_faces = {face_at(90, 60, 12), face_at(110, 66, 14), face_at(196, 110, 16)};
      script.source = {true, false, true};
      return run(job, script, shared_model(), device_faces);
    };
    REQUIRE(shared_model().output_size() == 512);  // others are pasted by OpenCV
    const Result plain = painted(false);
    const Result tensors = painted(true);
    REQUIRE(plain.frames.size() == 3);
    CHECK(furthest(plain, tensors) == 0);
    CHECK(!test::same_pixels(plain.frames[0], plain.frames[2]));
  }
}

TEST_CASE("without a crop the painted picture itself is the result") {
  const test::TempDir folder;
  save_image(folder / "source.png", test::shaded_picture(90, 70, 1));
  auto job = job_of(folder, folder / "source.png", test::shaded_clip(folder, "driver", 1));
  job.options.crop.crop.kind = CropChoice::Kind::None;
  Script script;
  const Result result = run(job, script);
  CHECK(result.frames.front().width() == shared_model().output_size());
  CHECK(mentions(result.summary.warnings, "has only one frame"));
}

TEST_CASE("frames of a source video without a face stay as they are") {
  const test::TempDir folder;
  const auto source = test::shaded_clip(folder, "source", 4, 80);
  auto job = job_of(folder, source, test::shaded_clip(folder, "driver", 4));
  Script script;
  script.source = {false, true, false, true};
  const Result result = run(job, script);
  REQUIRE(result.frames.size() == 4);
  CHECK(test::same_pixels(result.frames[0], test::shaded_picture(80, 80, 0)));
  CHECK(!test::same_pixels(result.frames[1], test::shaded_picture(80, 80, 1)));
  CHECK(test::same_pixels(result.frames[2], test::shaded_picture(80, 80, 2)));
  CHECK(mentions(result.summary.warnings, "no face is to be seen at 0.00 s, 0.08 s"));

  script.source = {false};
  CHECK(test::error_of(ErrorKind::Input, [&] { run(job, script); }) ==
        source.string() +
            ": no face was found in any frame; place it by hand with "
            "--bbox x,y,w,h, give a better --detector, or use --crop none");
}

TEST_CASE("a driver that loses the face is held, cut or refused, as asked") {
  const test::TempDir folder;
  save_image(folder / "source.png", test::shaded_picture(100, 100, 1));
  const auto driver = test::shaded_clip(folder, "driver", 16, 48);
  auto job = job_of(folder, folder / "source.png", driver);
  job.options.liveportrait.crop_driving = true;
  Script script;
  // Away for longer than half a second of 25 frames.
  script.driver.assign(16, true);
  std::fill(script.driver.begin() + 2, script.driver.begin() + 15, false);
  NoProgress progress;
  const AnimateSummary held = run_portrait_animation(shared_model(), checked_job(job), script, progress, {});
  CHECK(held.frames == 16);
  CHECK(mentions(held.warnings, "no face is to be seen at 0.08-0.56 s; the motion is held there"));
  REQUIRE(held.gaps.size() == 1);
  CHECK(held.gaps[0].input == "driving");
  CHECK(held.gaps[0].first == 2);
  CHECK(held.gaps[0].last == 14);
  CHECK(held.gaps[0].end == Approx(0.56));
  CHECK(held.gaps[0].policy == "hold");
  job.options.output.strict = true;
  const auto written = [&] { return std::distance(fs::directory_iterator(folder / "out"), fs::directory_iterator()); };
  const auto before = written();
  test::error_of(ErrorKind::Input,
                 [&] { run_portrait_animation(shared_model(), checked_job(job), script, progress, {}); });
  CHECK(before == written());
  job.options.output.strict = false;

  job.options.liveportrait.on_lost = OnLost::Skip;
  const AnimateSummary skipped = run_portrait_animation(shared_model(), checked_job(job), script, progress, {});
  CHECK(skipped.frames == 3);

  job.options.liveportrait.on_lost = OnLost::Fail;
  CHECK(test::error_of(ErrorKind::Input,
                       [&] { run_portrait_animation(shared_model(), checked_job(job), script, progress, {}); }) ==
        driver.string() +
            ": no face is to be seen at 0.08-0.56 s; use --on-lost hold or "
            "cut the clip with --start and --end");

  script.driver = {false};
  CHECK(test::error_of(ErrorKind::Input,
                       [&] { run_portrait_animation(shared_model(), checked_job(job), script, progress, {}); }) ==
        driver.string() +
            ": no face was found in any frame; give a clip that shows one, a "
            "better --detector, or a square clip, which is not cropped");
}

TEST_CASE("a source video that outlasts its driver is cut, or goes on as asked") {
  const test::TempDir folder;
  auto job = job_of(folder, test::shaded_clip(folder, "source", 3, 72), test::shaded_clip(folder, "driver", 2));
  Script script;
  CHECK(run(job, script).summary.frames == 2);
  job.options.liveportrait.on_mismatch = OnMismatch::Cycle;
  CHECK(run(job, script).summary.frames == 3);
}

TEST_CASE("retargeting without landmarks is refused, since nothing would move") {
  const test::TempDir folder;
  save_image(folder / "source.png", test::shaded_picture(100, 100, 1));
  auto job = job_of(folder, folder / "source.png", test::shaded_clip(folder, "driver", 2));
  job.options.liveportrait.eye_retargeting = true;
  Script script;
  CHECK(test::error_of(ErrorKind::Input, [&] { run(job, script); }) ==
        (folder / "source.png").string() +
            ": how far eyes and lips are open is not known, which --eye-retargeting needs; put landmark.onnx "
            "into the model's folder or give it with --landmarks-203");
}

TEST_CASE("sixteen bits paint nearly the same picture, and broken frames are told") {
  // bfloat16 stands for CUDA's half, which the CPU does not compute. Nothing in the program computes it with oneDNN,
  // whose version 3.7 is three times further from float32 than the format explains.
  const WithoutOneDnn plain;
  const auto model = test::small_liveportrait(torch::kBFloat16);
  torch::manual_seed(5);
  const auto view = torch::rand({1, 3, 256, 256});
  const Points3 x_s = shared_model().motion_of(view).keypoints();
  Points3 x_d = x_s;
  for (Point3& point : x_d) point[0] += 0.05F;
  const auto exact = shared_model().paint(shared_model().appearance_of(view), x_d, x_s);
  const auto rounded = model->paint(model->appearance_of(view), x_d, x_s);
  CHECK(rounded.scalar_type() == torch::kFloat);
  CHECK((exact - rounded).abs().mean().item<double>() < 0.02);
  CHECK(liveportrait::broken_frames(exact) == std::vector<bool>{false});
  auto frames = torch::full({5, 3, 4, 4}, 0.5);
  frames[1].zero_();
  frames[2].fill_(NAN);
  frames[4][1][2][3] = INFINITY;
  CHECK(liveportrait::broken_frames(frames) == std::vector<bool>{false, true, true, false, true});
}
