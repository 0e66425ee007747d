// What every registered family promises, asked of a small model of each (family_samples.cpp).
#include <algorithm>
#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "animate/dream.h"
#include "animate/faces.h"
#include "animate/model.h"
#include "animate/toolbox.h"
#include "base/error.h"
#include "engine/codec/latent_morph.h"
#include "engine/codec/open_codec.h"
#include "engine/family_samples.h"
#include "engine/job_family.h"
#include "engine/toy_family/toy_family.h"
#include "media/image_io.h"
#include "motion/template_file.h"
#include "portrait_samples.h"
#include "report/job_report.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/fixtures.h"

using namespace animate::catalog;
using namespace animate::core;
using namespace animate::engine;
using namespace animate::media;
using namespace animate::models;
using namespace animate::motion;
using namespace animate::report;
using namespace animate;
using test::error_of;
using test::FamilySample;
using test::TempDir;

namespace {

namespace fs = std::filesystem;

constexpr int kFrames = 3;

// A model of the family, a source and a driver.
struct FamilyJob {
  explicit FamilyJob(const FamilySample& sample)
      : spec(sample.make(dir)), model(open_model(spec)), options(sample.options) {
    fs::create_directories(dir / "out");
    save_image(source, picture);
    driver = test::shaded_clip(dir, "driver", kFrames);
  }

  AnimateJob job(const fs::path& driving, const std::string& name) const {
    return {source, driving, dir / "out" / (name + "-%02d.png"), options};
  }
  AnimateSummary run(const AnimateJob& job) const {
    NoProgress silent;
    return model->run(job, silent);
  }
  Image frame(const std::string& name, int number) const {
    return load_image(dir / "out" / fmt::format("{}-{:02d}.png", name, number));
  }
  TempDir dir;
  ModelSpec spec;
  std::shared_ptr<const Model> model;
  AnimateOptions options;
  Image picture = test::shaded_picture(64, 64, 7);
  fs::path source = dir / "source.png";
  fs::path driver;
};

int largest_difference(const Image& a, const Image& b) {
  REQUIRE(a.width() == b.width());
  REQUIRE(a.height() == b.height());
  int largest = 0;
  for (size_t i = 0; i < a.size_bytes(); ++i) largest = std::max(largest, std::abs(a.data()[i] - b.data()[i]));
  return largest;
}

void check_jobs(const FamilyJob& setup) {
  const AnimateJob job = setup.job(setup.driver, "direct");
  check_job(job);
  const AnimateSummary summary = setup.run(job);
  CHECK(summary.frames == kFrames);
  CHECK(summary.width == setup.frame("direct", 1).width());

  AnimateJob sheet = job;
  sheet.output = setup.dir / "out" / "sheet.png";
  sheet.preview = true;
  CHECK(setup.run(sheet).frames == kFrames);
  CHECK(fs::exists(sheet.output));
}

void check_morph(const FamilyJob& setup) {
  save_image(setup.dir / "target.png", test::shaded_picture(64, 64, 2));
  AnimateJob job = setup.job({}, "morph");
  job.targets = {setup.dir / "target.png"};
  job.options.morph.frames = 3;
  job.options.morph.loop = true;
  animate::check_job(job);
  const AnimateSummary summary = setup.run(job);
  CHECK(summary.frames == 4);
  CHECK(summary.width == setup.frame("morph", 1).width());
  CHECK(largest_difference(setup.frame("morph", 1), setup.frame("morph", 3)) > 0);
  // The way back is the same way.
  CHECK(largest_difference(setup.frame("morph", 2), setup.frame("morph", 4)) == 0);
}

void check_template(const FamilyJob& setup) {
  NoProgress silent;
  const TemplateJob make{setup.driver, setup.dir / "driver.motion", setup.options};
  check_job(make);
  CHECK(setup.model->run(make, silent).frames == kFrames);
  CHECK(load_motion_template(make.output).family == setup.model->facts().family);
  setup.run(setup.job(make.output, "stored"));
  for (int i = 1; i <= kFrames; ++i) {
    CHECK(largest_difference(setup.frame("stored", i), setup.frame("direct", i)) == 0);
  }
  MotionTemplate foreign = load_motion_template(make.output);
  foreign.family = "another";
  foreign.save(setup.dir / "foreign.motion");
  const std::string refusal =
      error_of(ErrorKind::Input, [&] { setup.run(setup.job(setup.dir / "foreign.motion", "foreign")); });
  CHECK(refusal.find("foreign.motion: ") != std::string::npos);
  CHECK(refusal.find("another") != std::string::npos);
}

void check_session(const FamilyJob& setup) {
  const auto session = setup.model->open_session(setup.picture, setup.options);
  for (int i = 0; i < kFrames; ++i) {
    const SessionFrame frame = session->animate(test::shaded_picture(64, 64, i));
    CHECK(frame.face_found);
    CHECK(largest_difference(frame.image, setup.frame("direct", i + 1)) == 0);
  }
  // From where the driver is now, the source is at rest again: as it was in the first frame.
  session->recalibrate();
  const Image at_rest = session->animate(test::shaded_picture(64, 64, 2)).image;
  CHECK(at_rest.width() == setup.frame("direct", 1).width());
  CHECK_FALSE(session->faces().empty());

  AnimateOptions changed = setup.options;
  changed.motion.relative = false;
  session->set_options(changed);
  CHECK(session->animate(test::shaded_picture(64, 64, 1)).image.width() == at_rest.width());
  changed.motion.reference.kind = ReferenceChoice::Kind::Auto;
  CHECK(error_of(ErrorKind::Usage, [&] { session->set_options(changed); }) ==
        "--reference: needs a whole clip, and a session sees one picture after the other; leave it out");
  CHECK_THROWS_AS(setup.model->open_session(setup.picture, changed), Error);
  CHECK_THROWS_AS(session->animate(Image()), Error);
  CHECK_THROWS_AS(setup.model->open_session(Image(), setup.options), Error);
}

void check_report(const FamilyJob& setup) {
  JobRecord record;
  record.job = setup.job(setup.driver, "told");
  record.model = setup.model->facts();
  record.summary = setup.run(record.job);
  const auto report = nlohmann::json::parse(report_json(record));
  CHECK(report["status"] == "ok");
  CHECK(report["model"]["family"] == setup.model->facts().family);
  CHECK(report["output"]["frames"] == kFrames);
}

void check_bench(const ModelSpec& spec, const JobFamily& family, std::optional<FrameSize> size = std::nullopt) {
  const auto models = model_families();
  const auto found =
      std::find_if(models.begin(), models.end(), [&](const ModelFamily& other) { return other.name == family.name; });
  REQUIRE(found != models.end());
  BenchOptions options;
  options.frames = 1;
  options.probe = false;
  options.size = size;
  if (found->bench == nullptr) {
    error_of(ErrorKind::Usage, [&] { make_toolbox()->bench(spec, options); });
    return;
  }
  const BenchReport report = make_toolbox()->bench(spec, options);
  CHECK_FALSE(report.stages.empty());
  CHECK(report.milliseconds_per_frame > 0);
}

// A codec draws faces and morphs, the same twice, and is refused in one sentence where a driver would move it.
void check_codec(const FamilySample& sample, const JobFamily& family) {
  const TempDir dir;
  const ModelSpec spec = sample.make(dir);
  NoProgress silent;
  FacesJob faces;
  faces.model = spec;
  faces.options.count = 3;
  faces.output = dir / "sheet.png";
  const auto maker = make_face_maker();
  const FacesResult made = maker->make(faces, silent);
  CHECK(made.model.family == family.name);
  CHECK(made.summary.frames == 1);
  CHECK(made.summary.width == 3 * 66 + 2);
  faces.output = dir / "again.png";
  maker->make(faces, silent);
  CHECK(largest_difference(load_image(dir / "sheet.png"), load_image(dir / "again.png")) == 0);
  faces.output = dir / "face-%02d.png";
  CHECK(maker->make(faces, silent).summary.frames == 3);
  CHECK(load_image(dir / "face-03.png").width() == 64);

  const OpenedCodec opened = open_codec(spec, {});
  const std::array pictures{test::shaded_picture(64, 64, 1), test::shaded_picture(90, 70, 2)};
  std::vector<Image> frames;
  paint_latent_morph(*opened.codec, pictures, moments_between(2, 5),
                     [&](const Image& frame) { frames.push_back(frame); }, silent, {});
  CHECK(frames.size() == 5);
  CHECK(latent_morph_sheet(*opened.codec, pictures[0], pictures[1], 9).height() == 2 * 66 + 2);
  CHECK(names_a_codec(spec));

  save_image(dir / "a.png", pictures[0]);
  save_image(dir / "b.png", pictures[1]);
  const auto model = open_model(spec);
  CHECK(model->facts().family == family.name);
  AnimateJob job{dir / "a.png", {}, dir / "morph-%02d.png", {}};
  job.targets = {dir / "b.png"};
  job.options.morph.frames = 5;
  job.options.morph.grid = dir / "grid.png";
  CHECK(model->run(job, silent).frames == 5);
  for (int i = 1; i <= 5; ++i) {
    const Image frame = load_image(dir / fmt::format("morph-{:02d}.png", i));
    CHECK(largest_difference(frame, frames[static_cast<size_t>(i) - 1]) == 0);
  }
  CHECK(load_image(dir / "grid.png").width() == 8 * 66 + 2);
  job.options.morph.size = 128;
  CHECK(model->run(job, silent).width == 128);
  job.options.morph.method = MorphMethod::Motion;
  CHECK(error_of(ErrorKind::Usage, [&] { model->run(job, silent); }).find("has no poses") != std::string::npos);

  const AnimateJob driven{dir / "a.png", dir / "b.png", dir / "driven.png", {}};
  const std::string refusal = error_of(ErrorKind::Usage, [&] { model->run(driven, silent); });
  CHECK(refusal ==
        "codec: is an autoencoder of faces, which no driver moves; use it with `animate faces` or `animate "
        "morph`, or give another model with -m");
  check_bench(spec, family);
}

// A family of clips dreams, the same twice, packs into one file that dreams the same, and is refused in one sentence
// where a driver would move it.
void check_clips(const FamilySample& sample, const JobFamily& family) {
  const TempDir dir;
  save_image(dir / "a.png", test::shaded_picture(64, 32, 1));
  DreamJob job;
  job.model = sample.make(dir);
  job.source = dir / "a.png";
  job.options.width = 64;
  job.options.height = family.name == "video_ldm" ? 64 : 32;  // which paints squares
  job.options.frames = 2;
  job.options.steps = 2;
  NoProgress silent;
  const auto dreamer = make_dreamer();
  const auto last_frame_of = [&](const std::string& name) {
    job.output = dir / (name + "-%d.png");
    const DreamResult made = dreamer->make(job, silent);
    CHECK(made.model.family == family.name);
    CHECK(made.summary.frames == 2);
    return load_image(dir / (name + "-2.png"));
  };
  const Image once = last_frame_of("once");
  CHECK(largest_difference(once, last_frame_of("again")) == 0);
  const ModelSpec whole = job.model;
  make_toolbox()->convert(whole.model, dir / "packed.safetensors", {});
  job.model = {(dir / "packed.safetensors").string(), {}};
  CHECK(largest_difference(once, last_frame_of("packed")) == 0);
  const auto plan = dreamer->plan(job, /*probe=*/false);
  CHECK(plan.calls == 4);

  CHECK(error_of(ErrorKind::Usage, [&] { open_model(job.model); }) ==
        fmt::format("packed: is {}, which no driver moves; use it with `animate dream`, or give another model with -m",
                    family.name == "video_ldm" ? "a video LDM" : "an image-to-video model"));
  CHECK_FALSE(names_a_codec(job.model));
  check_bench(whole, family, FrameSize{64, 32});
}

void check_bad_input(const FamilyJob& setup) {
  CHECK(error_of(ErrorKind::Input, [&] { setup.run(setup.job(setup.dir / "none.mp4", "bad")); }) ==
        (setup.dir / "none.mp4").string() + ": no such file; check the path");
  setup.dir.write("page.mp4", "<!DOCTYPE html><html></html>");
  error_of(ErrorKind::Input, [&] { setup.run(setup.job(setup.dir / "page.mp4", "bad")); });
  CHECK_FALSE(fs::exists(setup.dir / "out" / "bad-01.png"));
}

}  // namespace

TEST_CASE("every registered family keeps its promises") {
  const auto toy = test::add_toy_family();
  const auto all = test::family_samples();
  const auto families = job_families();
  for (const JobFamily& family : families) {
    INFO("family " << family.name);
    const auto sample =
        std::find_if(all.begin(), all.end(), [&](const FamilySample& other) { return other.family == family.name; });
    REQUIRE(sample != all.end());
    if (family.kind == FamilyKind::Codec) {
      check_codec(*sample, family);
      continue;
    }
    if (family.kind == FamilyKind::Clips) {
      check_clips(*sample, family);
      continue;
    }
    const FamilyJob setup(*sample);
    CHECK(setup.model->facts().family == family.name);
    REQUIRE(family.kind == FamilyKind::Driven);
    check_jobs(setup);
    check_morph(setup);
    check_template(setup);
    check_session(setup);
    check_report(setup);
    check_bench(setup.spec, family);
    check_bad_input(setup);
  }
}

TEST_CASE("the lists of families agree") {
  std::set<std::string_view> models, jobs;
  for (const ModelFamily& family : model_families()) models.insert(family.name);
  for (const JobFamily& family : job_families()) jobs.insert(family.name);
  CHECK(models == jobs);
  const auto toy = test::add_toy_family();
  CHECK(job_families().size() == jobs.size() + 1);
}

TEST_CASE("a family's own options are rows of every animation") {
  AnimateOptions options;
  const auto all = rows_of(options);
  for (const JobFamily& family : job_families()) {
    if (family.options == nullptr) continue;
    for (const OptionRow& row : family.options(options)) {
      INFO(row.name());
      CHECK(std::any_of(all.begin(), all.end(), [&](const OptionRow& other) { return other.name() == row.name(); }));
    }
  }
}
