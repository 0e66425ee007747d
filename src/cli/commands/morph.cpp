#include <spdlog/fmt/fmt.h>

#include <cstdio>
#include <filesystem>
#include <vector>

#include "base/error.h"
#include "base/fitted_name.h"
#include "base/path_text.h"
#include "batch/output_pattern.h"
#include "catalog/default_model.h"
#include "cli/bind_options.h"
#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/engine_loader.h"
#include "cli/own_folder.h"
#include "cli/progress_display.h"
#include "report/job_report.h"

namespace animate::cli {
namespace {

namespace fs = std::filesystem;
using batch::stem_of;

constexpr const char* kMorphExamples = R"(Examples:
  animate morph -s anna.png -t ben.png -o morph.mp4
      one face slowly becomes the other: both are painted in the same pose and dissolved
  animate morph -s anna.png -t ben.png -t carla.png -o round.webm --duration 2 --ease smooth --hold 10 --loop
      a chain of three, which goes round
)";

// animate morph -s A -t B: one face becomes another.
class MorphCommand : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("-s,--source", source_, "picture of the face that the morph begins with")
        ->option_text("FILE")
        ->group("Files");
    app.add_option("-t,--target", targets_, "picture that it becomes; several times for a chain: A to B to C")
        ->option_text("FILE…")
        ->group("Files");
    app.add_option("-o,--output", output_,
                   "result: .mp4 .mkv .mov .webm .gif, out-%05d.png, or a folder; default "
                   "animations/{source}--{target}_morph.mp4")
        ->option_text("FILE")
        ->group("Files");
    add_model_flags(app, model_);
    add_options(app, catalog::kMorphGroup, options_.morph);
    auto& own = options_.liveportrait;
    bind(app, "Face", own, {"face", "bbox", "points", "detector", "landmarks-106", "landmarks-203", "det-thresh"});
    bind(app, "Crop", options_.crop, {"crop", "paste-back"});
    app.get_option("--paste-back")
        ->description("liveportrait: put the face back into the pictures, where they have one size; auto: there");
    bind(app, "Crop", own, {"scale", "vx-ratio", "vy-ratio", "rotation", "max-dim", "source-division", "compat"});
    bind(app, "Output", options_.output,
         {"codec", "crf", "pix-fmt", "provenance", "overwrite", "strict", "fps", "audio", "encoder-preset"});
    app.get_option("--fps")->option_text("N [25]")->description("frames a second, as in 25 or 30000/1001");
    app.get_option("--audio")->option_text("none|FILE [none]")->description("sound of the result");
    app.add_option("--report", report_, "write what happened as JSON, also when the job fails")
        ->option_text("FILE.json")
        ->group("Output");
    add_options(app, "Runtime", options_.runtime);
    bind(app, "Model family fomm", options_.fomm, {"align-corners", "frame-size"});
    add_progress_flag(app, progress_);
    app.footer(kMorphExamples);
  }

  void run(std::stop_token stop) override {
    check(!source_.empty() && !targets_.empty(), ErrorKind::Usage,
          "{} is missing; give two pictures: animate morph -s a.png -t b.png -o morph.mp4",
          source_.empty() ? "-s SOURCE" : "-t TARGET");
    for (std::string* path : {&source_, &output_}) *path = path_of_text(*path);
    OwnFolder made;
    AnimateJob job{source_, {}, {}, options_};
    for (const std::string& target : targets_) job.targets.push_back(path_of_text(target));
    job.output = choose_output(job, made);
    report::JobReport report(report_, job);
    const AnimateSummary summary = report.run([&] {
      engine().check_job(job);
      model_.fomm = options_.fomm;
      const bool codes = options_.morph.method == MorphMethod::Latent;
      if (codes && model_.model.empty() && model_.config.empty()) model_.model = catalog::kFaceCodec;
      const auto model = engine().open_model(model_, options_.runtime);
      if (!report_.empty()) report.record().model = model->facts();
      const auto progress = make_progress(progress_);
      return model->run(job, *progress, stop);
    });
    std::puts(summary.output.c_str());
  }

 private:
  template <typename Options>
  static void bind(CLI::App& app, const std::string& group, Options& options,
                   std::initializer_list<std::string_view> names) {
    const auto rows = catalog::rows_of(options, group);
    for (const std::string_view name : names) bind_option(app, row_of(rows, name));
  }

  fs::path choose_output(const AnimateJob& job, OwnFolder& made) const {
    std::error_code ec;
    const bool named = !output_.empty() && !output_.ends_with('/') && !fs::is_directory(output_, ec);
    if (named) return output_;
    const fs::path folder = output_.empty() ? fs::path("animations") : fs::path(output_);
    made.make(folder);
    return fitted_path(folder / (stem_of(job.source) + "--" + stem_of(job.targets.back()) + "_morph.mp4"));
  }

  std::string source_;
  std::vector<std::string> targets_;
  std::string output_;
  ModelSpec model_;
  AnimateOptions options_;
  std::string progress_ = "auto";
  std::string report_;
};

}  // namespace

std::unique_ptr<Command> make_morph_command() { return std::make_unique<MorphCommand>(); }

}  // namespace animate::cli
