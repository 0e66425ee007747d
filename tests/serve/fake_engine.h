#pragma once

#include <algorithm>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "animate/engine.h"
#include "base/error.h"
#include "support/pictures.h"

namespace animate::test {

// An engine without networks: pictures are 32x16, a job writes a line, a session gives the driver back.

class FakeSession : public Session {
 public:
  SessionFrame animate(const Image& driving, std::optional<double>) override {
    check(!fails, ErrorKind::Input, "the driving picture is bad");
    return {driving, true, 1.0};
  }
  void recalibrate() override { ++recalibrations; }
  void set_options(const AnimateOptions& wanted) override { options = wanted; }
  Image edit(const EditSettings&) override { return plain(32, 16, 1, 2, 3); }
  std::vector<SessionFace> faces() const override { return {{{1, 2, 3, 4}, {}, std::nullopt, std::nullopt}}; }

  bool fails = false;
  int recalibrations = 0;
  AnimateOptions options;
};

class FakeModel : public Model {
 public:
  explicit FakeModel(std::string name) : name_(std::move(name)) {}
  const std::string& name() const override { return name_; }
  ModelFacts facts() const override { return {}; }
  AnimateSummary run(const AnimateJob& job, Progress& progress, std::stop_token stop) const override {
    progress.start("animating", 2);
    for (int64_t done = 1; done <= 2; ++done) {
      check(!stop.stop_requested(), ErrorKind::Cancelled, "interrupted; nothing was written");
      progress.advance(done);
    }
    check(job.options.output.crf != 63, ErrorKind::Input, "{}: is bad; give another", show(job.source));
    std::ofstream(job.output) << "moved";
    progress.finish(2);
    AnimateSummary summary;
    summary.output = job.output;
    summary.frames = 2;
    summary.width = 32;
    summary.height = 16;
    return summary;
  }
  AnimateSummary run(const TemplateJob& job, Progress&, std::stop_token) const override {
    std::ofstream(job.output) << "motion";
    return {};
  }
  std::unique_ptr<Session> open_session(const Image&, const AnimateOptions&) const override {
    return std::make_unique<FakeSession>();
  }

 private:
  std::string name_;
};

class FakePictures : public PictureReader {
 public:
  Image read(const std::filesystem::path&) override { return patterned(32, 16, 1); }
  void read_clip(const std::filesystem::path&, int64_t most, const std::function<void(const Image&)>& take) override {
    for (int64_t count = 0; count < std::min<int64_t>(most, 12); ++count) take(patterned(32, 16, count));
  }
  Image shrink(const Image& picture, int) override { return picture; }
  std::vector<SeenFace> faces(const Image&) override { return {{{1, 2, 3, 4}, {0, 1, 8, 8}}}; }
};

class FakeToolbox : public Toolbox {
 public:
  std::string inspect(const std::filesystem::path& path) override {
    std::ifstream file(path);
    std::string kind;
    file >> kind;
    check(kind == "picture" || kind == "video", ErrorKind::Input, "{}: is nothing that is known; give a picture",
          show(path));
    return nlohmann::json{{"kind", kind}, {"width", 32}, {"height", 16}, {"seconds", 2.0}}.dump();
  }
  std::string convert(const std::filesystem::path&, const std::filesystem::path&, const ConvertOptions&) override {
    return {};
  }
  std::string heads(const std::filesystem::path&, const HeadsOptions&) override { return {}; }
  std::vector<std::string> suggest_crops(const std::filesystem::path&, const CropsOptions&, Progress&,
                                         std::stop_token) override {
    return {};
  }
  BenchReport bench(const ModelSpec&, const BenchOptions&) override { return {}; }
};

class FakeDreamer : public Dreamer {
 public:
  void check(const DreamJob& job) const override {
    animate::check(job.options.width % 8 == 0, ErrorKind::Usage, "--width {}: has to be a multiple of 8",
                   job.options.width);
  }
  DreamPlan plan(const DreamJob&, bool) const override { return {}; }
  DreamResult make(const DreamJob& job, Progress& progress, std::stop_token) const override {
    progress.start("dreaming", 1);
    progress.finish(1);
    std::ofstream(job.output) << "dreamt of " << job.source.filename() << " at " << job.options.fps;
    DreamResult result;
    result.summary.output = job.output;
    result.summary.frames = 14;
    result.summary.width = 32;
    result.summary.height = 16;
    return result;
  }
};

inline Engine fake_engine() {
  Engine engine;
  engine.open_model = [](const ModelSpec& spec, const RuntimeOptions&) -> std::shared_ptr<const Model> {
    return std::make_shared<FakeModel>(spec.model.empty() ? "fake" : spec.model);
  };
  engine.check_job = [](const AnimateJob& job) {
    check(job.options.driving.start < job.options.driving.end, ErrorKind::Usage,
          "--start does not lie before --end; swap them");
  };
  engine.check_template_job = [](const TemplateJob&) {};
  engine.make_toolbox = []() -> std::unique_ptr<Toolbox> { return std::make_unique<FakeToolbox>(); };
  engine.make_picture_reader = []() -> std::unique_ptr<PictureReader> { return std::make_unique<FakePictures>(); };
  engine.make_dreamer = []() -> std::unique_ptr<Dreamer> { return std::make_unique<FakeDreamer>(); };
  return engine;
}

}  // namespace animate::test
