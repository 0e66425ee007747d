// Whole jobs through the engine with the identity model: what goes round the networks, without networks.
#include "animate/model.h"

#include <fstream>
#include <iterator>

#include "base/error.h"
#include "engine/preview_parts.h"
#include "engine/provenance.h"
#include "media/image_io.h"
#include "media/video_reader.h"
#include "media/video_writer.h"
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

constexpr int kSide = 64;  // the identity model's frame, so that nothing is resized

// Frame i is all of one gray level.
Image gray(int level) {
  Image image(kSide, kSide);
  std::fill_n(image.data(), image.size_bytes(), static_cast<uint8_t>(level));
  return image;
}

std::filesystem::path make_clip(const TempDir& dir, const std::vector<int64_t>& pts, Rational time_base) {
  const auto path = dir / "driver.mkv";
  VideoWriterOptions options;
  options.frame_rate = {10, 1};
  options.time_base = time_base;
  VideoWriter writer(path, kSide, kSide, options);
  for (size_t i = 0; i < pts.size(); ++i) writer.write({gray(static_cast<int>(40 + 10 * i)), pts[i], 0});
  writer.finish();
  return path;
}

struct Setup {
  TempDir dir;
  std::filesystem::path clip = make_clip(dir, {0, 100, 200, 300, 900, 1000, 1100, 1200}, {1, 1000});
  std::shared_ptr<const Model> model = open_model({"identity", {}});

  Setup() { save_image(dir / "source.png", gray(82)); }
  AnimateJob job(const std::string& output) const { return {dir / "source.png", clip, dir / output, {}}; }
  AnimateSummary run(const AnimateJob& job, std::stop_token stop = {}) const {
    NoProgress progress;
    return model->run(job, progress, stop);
  }
};

std::vector<Frame> read_all(const std::filesystem::path& path, Rational& time_base) {
  VideoReader reader(path);
  time_base = reader.info().time_base;
  std::vector<Frame> frames;
  while (auto frame = reader.next()) frames.push_back(std::move(*frame));
  return frames;
}

}  // namespace

TEST_CASE("a job keeps every frame and the driver's own times") {
  const Setup setup;
  const auto summary = setup.run(setup.job("out.mkv"));
  CHECK(summary.frames == 8);
  CHECK(summary.width == kSide);
  Rational base;
  const auto frames = read_all(setup.dir / "out.mkv", base);
  REQUIRE(frames.size() == 8);
  const std::vector<double> expected{0, 0.1, 0.2, 0.3, 0.9, 1.0, 1.1, 1.2};
  for (size_t i = 0; i < frames.size(); ++i) {
    CHECK(static_cast<double>(frames[i].pts) * base.value() == Approx(expected[i]).margin(0.001));
    CHECK(std::abs(test::middle_level(frames[i].image) - static_cast<int>(40 + 10 * i)) <= 3);
  }
}

TEST_CASE("frames that go through the model together come out as they do alone") {
  const Setup setup;
  auto job = setup.job("alone-%02d.png");
  CHECK(setup.run(job).batch == 1);
  // With one left over, and all at once with room for more.
  for (const int batch : {3, 64}) {
    job.output = setup.dir / fmt::format("together{}-%02d.png", batch);
    job.options.runtime.batch.frames = batch;
    const auto summary = setup.run(job);
    CHECK(summary.frames == 8);
    CHECK(summary.batch == batch);
    for (int i = 1; i <= 8; ++i) {
      const Image together = load_image(setup.dir / fmt::format("together{}-{:02d}.png", batch, i));
      CHECK(test::middle_level(together) ==
            test::middle_level(load_image(setup.dir / fmt::format("alone-{:02d}.png", i))));
    }
  }
  NoProgress progress;
  TemplateJob make{setup.clip, setup.dir / "one.motion", {}};
  setup.model->run(make, progress);
  make.output = setup.dir / "five.motion";
  make.options.runtime.batch.frames = 5;
  CHECK(setup.model->run(make, progress).frames == 8);
  const auto bytes = [](const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  CHECK(bytes(setup.dir / "one.motion") == bytes(setup.dir / "five.motion"));
}

TEST_CASE("a constant rate fills the gaps of a variable one") {
  const Setup setup;
  auto job = setup.job("out.mp4");
  job.options.output.fps = RateChoice::parse("10");
  setup.run(job);
  Rational base;
  const auto frames = read_all(setup.dir / "out.mp4", base);
  CHECK(frames.size() == 13);
  CHECK(std::abs(test::middle_level(frames[6].image) - 70) <= 3);  // the gap shows the frame that began last
}

TEST_CASE("start and end cut the driver") {
  const Setup setup;
  auto job = setup.job("out.mp4");
  job.options.driving.start = 0.2;
  job.options.driving.end = 1.0;
  CHECK(setup.run(job).frames == 3);
}

TEST_CASE("a template drives as its clip does, without the clip") {
  const Setup setup;
  NoProgress progress;
  const TemplateJob make{setup.clip, setup.dir / "clip.motion", {}};
  CHECK(setup.model->run(make, progress).frames == 8);
  setup.run(setup.job("direct.mkv"));
  std::filesystem::remove(setup.clip);
  auto job = setup.job("stored.mkv");
  job.driving = make.output;
  CHECK(setup.run(job).frames == 8);
  Rational direct_base;
  Rational stored_base;
  const auto direct = read_all(setup.dir / "direct.mkv", direct_base);
  const auto stored = read_all(setup.dir / "stored.mkv", stored_base);
  REQUIRE(direct.size() == stored.size());
  for (size_t i = 0; i < direct.size(); ++i) {
    CHECK(direct[i].pts == stored[i].pts);
    CHECK(test::middle_level(direct[i].image) == test::middle_level(stored[i].image));
  }
}

TEST_CASE("the reference frame is found by number and by pose") {
  const Setup setup;
  auto job = setup.job("out.mp4");
  job.options.motion.reference = ReferenceChoice::parse("auto");
  CHECK(setup.run(job).reference_frame == 4);  // level 80 is nearest to the source's 82
  job.options.motion.reference = ReferenceChoice::parse("2");
  CHECK(setup.run(job).reference_frame == 2);
  job.options.motion.reference = ReferenceChoice::parse("8");
  CHECK(error_of(ErrorKind::Input, [&] { setup.run(job); }) ==
        "--reference 8: the driving clip has only 8 frames; use a number from 0 to 7");
}

TEST_CASE("driver, source and result stand side by side with --concat") {
  const Setup setup;
  auto job = setup.job("out.mkv");
  job.options.output.concat = true;
  CHECK(setup.run(job).width == 3 * kSide);
}

TEST_CASE("a paste-back job writes the full picture") {
  const Setup setup;
  Image picture(200, 120);
  std::fill_n(picture.data(), picture.size_bytes(), uint8_t{250});
  save_image(setup.dir / "source.png", picture);
  auto job = setup.job("out.mkv");
  job.options.crop.crop = CropChoice::parse("60,20,80,80");
  job.options.crop.paste_back = Switch::On;
  const auto summary = setup.run(job);
  CHECK(summary.width == 200);
  CHECK(summary.height == 120);
  Rational base;
  const auto frames = read_all(setup.dir / "out.mkv", base);
  CHECK(std::abs(test::middle_level(frames[0].image) - 40) <= 4);
  CHECK(frames[0].image.row(5)[3 * 5] >= 246);
}

TEST_CASE("a stopped job leaves nothing behind") {
  const Setup setup;
  const size_t before = setup.dir.entries();
  std::stop_source stop;
  stop.request_stop();
  CHECK(error_of(ErrorKind::Cancelled, [&] { setup.run(setup.job("out.mp4"), stop.get_token()); }) ==
        "interrupted; nothing was written");
  CHECK(setup.dir.entries() == before);
}

TEST_CASE("an output that is an input is refused before anything is opened") {
  const Setup setup;
  auto job = setup.job("out.mp4");
  job.output = setup.clip;
  CHECK(error_of(ErrorKind::Usage, [&] { check_job(job); }) ==
        setup.clip.string() + ": is the driving clip itself and would be overwritten; choose another output");
}

TEST_CASE("a strict job whose result has a warning writes nothing and tells its facts") {
  const Setup setup;
  auto job = setup.job("out-%02d.png");
  job.options.output.strict = true;
  CHECK(setup.run(job).frames == 8);
  // Gray has no face.
  job = setup.job("strict.mp4");
  job.options.output.strict = true;
  job.options.crop.crop.kind = CropChoice::Kind::Auto;
  const size_t before = setup.dir.entries();
  try {
    setup.run(job);
    FAIL("the warning passed");
  } catch (const StrictError& error) {
    CHECK(std::string(error.what()).find("no face was found") != std::string::npos);
    CHECK(std::string(error.what()).find("; nothing was written, as --strict refuses a result with a warning") !=
          std::string::npos);
    CHECK(error.facts().frames == 8);
    CHECK(error.facts().warnings.size() == 1);
  }
  CHECK(setup.dir.entries() == before);
  job.options.output.strict = false;
  CHECK(setup.run(job).warnings.size() == 1);
}

TEST_CASE("a contact sheet shows five frames spread over the driver") {
  CHECK(spread_frames(8) == std::vector<size_t>{0, 1, 3, 5, 7});
  CHECK(spread_frames(3) == std::vector<size_t>{0, 1, 2});
  CHECK(spread_frames(1) == std::vector<size_t>{0});
  CHECK(spread_frames(0).empty());
  CHECK(spread_frames(1000).back() == 999);

  const Setup setup;
  auto job = setup.job("sheet.png");
  job.preview = true;
  const auto summary = setup.run(job);
  CHECK(summary.frames == 5);
  const Image sheet = load_image(job.output);
  CHECK(sheet.width() == summary.width);
  // The identity model echoes its driver: the middles of the panels have the levels of frames 0, 1, 3, 5 and 7.
  const std::vector<int> levels{40, 50, 70, 90, 110};
  for (int i = 0; i < 5; ++i) {
    const int x = 6 + 540 + 6 + i * (256 + 6) + 128;
    CHECK(std::abs(sheet.row(6 + 128)[3 * x] - levels[static_cast<size_t>(i)]) <= 3);
    CHECK(std::abs(sheet.row(6 + 256 + 22 + 6 + 128)[3 * x] - levels[static_cast<size_t>(i)]) <= 3);
  }
  CHECK(std::abs(sheet.row(6 + 270)[3 * (6 + 270)] - 82) <= 1);
  job.output = setup.dir / "sheet.mp4";
  CHECK(error_of(ErrorKind::Usage, [&] { setup.run(job); }) ==
        job.output.string() + ": a contact sheet is a picture; give --preview a name that ends in .png or .jpg");
}

TEST_CASE("the model's facts name what is loaded") {
  const Setup setup;
  const ModelFacts facts = setup.model->facts();
  CHECK(facts.name == "identity");
  CHECK(facts.family == "identity");
  CHECK(facts.files.empty());
  CHECK(facts.sha256.empty());
  CHECK(facts.device.substr(0, 3) == "cpu");
  const auto tags = provenance_of({"m", "fomm", 0, "0123456789abcdef", {}, "", "", {}});
  CHECK(tags.at("comment").find("with the model m (fomm, sha256 0123456789ab).") != std::string::npos);
  AnimateOptions options;
  options.output.metadata["comment"] = "mine";
  CHECK(with_provenance(options, facts).output.metadata.at("comment") == "mine");
  CHECK(with_provenance(options, facts).output.metadata.at("digital_source_type") == "trainedAlgorithmicMedia");
  options.output.provenance = false;
  CHECK(with_provenance(options, facts).output.metadata.size() == 1);
}
