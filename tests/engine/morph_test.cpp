// Whole morphs: with the identity model, which echoes the pose that it is given, and with small random networks.
#include "animate/model.h"

#include <algorithm>
#include <cstdlib>

#include "base/error.h"
#include "engine/morph/morph_output.h"
#include "engine/portrait/portrait_morph.h"
#include "engine/portrait_samples.h"
#include "media/image_io.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/pictures.h"
#include "support/temp_dir.h"

using namespace animate::engine;
using namespace animate::media;
using namespace animate;
using test::error_of;
using test::TempDir;

namespace {

namespace fs = std::filesystem;

Image flat(int level, int width = 64, int height = 64) {
  Image image(width, height);
  std::fill_n(image.data(), image.size_bytes(), static_cast<uint8_t>(level));
  return image;
}

struct Stills {
  TempDir dir;
  std::shared_ptr<const Model> model = open_model({"identity", {}});

  Stills() {
    fs::create_directories(dir / "out");
    save_image(dir / "a.png", flat(40));
    save_image(dir / "b.png", flat(200));
    save_image(dir / "c.png", flat(120));
  }
  AnimateJob job(const std::vector<std::string>& targets) const {
    AnimateJob job{dir / "a.png", {}, dir / "out" / "m%03d.png", {}};
    for (const std::string& name : targets) job.targets.push_back(dir / name);
    return job;
  }
  AnimateSummary run(const AnimateJob& job) const {
    NoProgress silent;
    return model->run(job, silent);
  }
  std::vector<int> levels(int64_t frames) const {
    std::vector<int> all;
    for (int64_t i = 1; i <= frames; ++i) {
      all.push_back(test::middle_level(load_image(dir / "out" / fmt::format("m{:03d}.png", i))));
    }
    return all;
  }
  std::string usage(const AnimateJob& job) const {
    return error_of(ErrorKind::Usage, [&] { run(job); });
  }
};

// A face in the middle of a picture, shifted to the right by `shift` pixels for every further picture.
struct Placed : FaceFinder {
  explicit Placed(float step) : shift(step) {}
  float shift;
  int seen = 0;

  std::vector<FoundFace> in_picture(const Image&, const std::string&) override {
    const float x = shift * static_cast<float>(seen++);
    FoundFace found;
    found.landmarks = {{35 + x, 40}, {45 + x, 40}, {40 + x, 45}, {37 + x, 50}, {43 + x, 50}};
    return {found};
  }
  std::unique_ptr<FaceTrack> follow(FaceRole, const std::string&) const override { return nullptr; }
  bool has_points203() const override { return false; }
  std::vector<std::string> warnings() const override { return {}; }
};

const models::liveportrait::LivePortraitModel& portrait_model() {
  static const auto model = test::small_liveportrait();
  return *model;
}

struct Portraits {
  TempDir dir;

  explicit Portraits(int second_width = 120) {
    fs::create_directories(dir / "out");
    save_image(dir / "a.png", test::shaded_picture(120, 90, 1));
    save_image(dir / "b.png", test::shaded_picture(second_width, 90, 4));
  }
  AnimateJob job(int64_t frames) const {
    AnimateJob job{dir / "a.png", {}, dir / "out" / "p%03d.png", {}};
    job.targets = {dir / "b.png"};
    job.options.morph.frames = frames;
    return job;
  }
  AnimateSummary run(const AnimateJob& job, float shift = 0) const {
    NoProgress silent;
    Placed finder(shift);
    return run_portrait_morph(portrait_model(), checked_job(job), finder, silent, {});
  }
  Image frame(int number) const { return load_image(dir / "out" / fmt::format("p{:03d}.png", number)); }
};

}  // namespace

TEST_CASE("a morph goes from picture to picture, and is the mean half way") {
  const Stills stills;
  AnimateJob job = stills.job({"b.png"});
  job.options.morph.frames = 9;
  const AnimateSummary summary = stills.run(job);
  CHECK(summary.frames == 9);
  const auto levels = stills.levels(9);
  CHECK(levels.front() == 40);
  CHECK(std::abs(levels[4] - 120) <= 1);
  CHECK(levels.back() == 200);
  CHECK(std::is_sorted(levels.begin(), levels.end()));
}

TEST_CASE("chains, holds, loops and seconds") {
  const Stills stills;
  AnimateJob job = stills.job({"b.png", "c.png"});
  job.options.morph.frames = 3;
  job.options.morph.exact_ends = false;
  CHECK(stills.run(job).frames == 5);
  CHECK(stills.levels(5) == std::vector<int>{40, 120, 200, 160, 120});
  job.options.morph.loop = true;
  job.options.morph.hold = 1;
  CHECK(stills.run(job).frames == 12);
  CHECK(stills.levels(12) == std::vector<int>{40, 40, 120, 200, 200, 160, 120, 120, 160, 200, 200, 120});
  AnimateJob timed = stills.job({"b.png"});
  timed.options.morph.duration = 2;
  timed.options.output.fps = RateChoice::parse("10");
  timed.output = stills.dir / "out" / "timed.mkv";
  CHECK(stills.run(timed).frames == 20);
}

TEST_CASE("what no morph can be is refused before any work") {
  const Stills stills;
  const auto a = (stills.dir / "a.png").string();
  CHECK(stills.usage(stills.job({"a.png"})) ==
        a + ": would become itself, and nothing would change; give another picture with -t");
  CHECK(stills.usage(stills.job({"b.png", "b.png"})).find("b.png: would become itself") != std::string::npos);
  AnimateJob job = stills.job({"b.png"});
  job.driving = stills.dir / "c.png";
  CHECK(stills.usage(job) == (stills.dir / "c.png").string() + ": a morph has no driver; leave it out");
  job = stills.job({"b.png"});
  job.output = stills.dir / "out" / "one.png";
  CHECK(stills.usage(job) ==
        job.output.string() + ": a morph does not fit into one picture; give a name as in out.mp4 or out-%05d.png");
  job = stills.job({"b.png"});
  job.options.morph.duration = 1;
  job.options.morph.frames = 10;
  CHECK(stills.usage(job) == "--frames and --duration both say how long it takes; give one of them");
  job = stills.job({"b.png"});
  job.options.morph.method = MorphMethod::Latent;
  CHECK(stills.usage(job) ==
        "--method latent: goes between the codes of a face autoencoder, and identity is a model of the family "
        "identity; give one with -m, or leave it out");
  job = stills.job({"b.png"});
  job.options.morph.grid = a;
  CHECK(stills.usage(job) == a + ": is another file of the job; give --grid another name");
  test::shaded_clip(stills.dir, "clip", 2);
  CHECK(stills.usage(stills.job({"clip"})) ==
        (stills.dir / "clip").string() + ": is a clip, and a morph goes from picture to picture; give pictures");
  CHECK(error_of(ErrorKind::Input, [&] { stills.run(stills.job({"none.png"})); }) ==
        (stills.dir / "none.png").string() + ": no such file; check the path");
  AnimateJob driven{stills.dir / "a.png", stills.dir / "b.png", stills.dir / "out" / "d.png", {}};
  driven.options.morph.loop = true;
  CHECK(stills.usage(driven).find("are a morph's") != std::string::npos);
  CHECK(fs::is_empty(stills.dir / "out"));
}

TEST_CASE("the sheet shows the frames in rows of eight") {
  const Stills stills;
  AnimateJob job = stills.job({"b.png"});
  job.options.morph.frames = 12;
  job.options.morph.grid = stills.dir / "sheet.png";
  stills.run(job);
  const Image sheet = load_image(stills.dir / "sheet.png");
  CHECK(sheet.width() == 8 * 66 + 2);
  CHECK(sheet.height() == 2 * 66 + 2);
  CHECK(sheet.row(0)[0] == 0);
  CHECK(sheet.row(20)[3 * 20] == 40);
  CHECK(morph_sheet({flat(9, 64, 80)}).height() == 84);
}

TEST_CASE("a portrait's morph ends with the true pictures and changes nothing outside the faces' mixture") {
  const Portraits portraits;
  const AnimateJob job = portraits.job(6);
  const AnimateSummary summary = portraits.run(job, 6);
  CHECK(summary.frames == 6);
  CHECK(summary.width == 120);
  CHECK(summary.height == 90);
  CHECK(test::same_pixels(portraits.frame(1), test::shaded_picture(120, 90, 1)));
  CHECK(test::same_pixels(portraits.frame(6), test::shaded_picture(120, 90, 4)));
  CHECK_FALSE(test::same_pixels(portraits.frame(3), portraits.frame(4)));
}

TEST_CASE("portraits of different sizes become their faces alone") {
  const Portraits portraits(100);
  AnimateJob job = portraits.job(4);
  const AnimateSummary summary = portraits.run(job);
  CHECK(summary.width == portrait_model().output_size());
  CHECK(summary.height == portrait_model().output_size());
  job.options.crop.paste_back = Switch::On;
  CHECK(error_of(ErrorKind::Input, [&] { portraits.run(job); }) ==
        "--paste-back: the pictures have different sizes, and nothing could go over into each other round the faces; "
        "bring them to one size, or leave it out for the faces alone");
  job.options.crop.paste_back = Switch::Off;
  CHECK(portraits.run(job).width == portrait_model().output_size());
}

TEST_CASE("batches of frames are the frames one by one") {
  const Portraits portraits;
  AnimateJob job = portraits.job(6);
  portraits.run(job);
  std::vector<Image> single;
  for (int i = 1; i <= 6; ++i) single.push_back(portraits.frame(i));
  job.options.runtime.batch.frames = 4;
  portraits.run(job);
  for (int i = 1; i <= 6; ++i) {
    const Image now = portraits.frame(i);
    int largest = 0;
    for (size_t k = 0; k < now.size_bytes(); ++k) {
      largest = std::max(largest, std::abs(now.data()[k] - single[static_cast<size_t>(i) - 1].data()[k]));
    }
    CHECK(largest <= 1);
  }
}
