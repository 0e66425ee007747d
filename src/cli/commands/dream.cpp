#include <spdlog/fmt/fmt.h>

#include <cstdio>
#include <string>
#include <utility>

#include "animate/dream.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/path_text.h"
#include "cli/bind_options.h"
#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/engine_loader.h"
#include "cli/own_job.h"

namespace animate::cli {
namespace {

constexpr const char* kDreamExamples = R"(Examples:
  animate dream -s photo.jpg -o clip.mp4 -m svd --check          what it will cost, before anything is loaded
  animate dream -s photo.jpg -o clip.mp4 -m svd --width 576 --height 320
  animate dream -s photo.jpg -o clip.mp4 -m svd --unet AnimateLCM-SVD-xt.safetensors --sampler lcm
)";

// What a plan says, as lines of a name and a value.
void print_plan(const DreamPlan& plan) {
  const auto line = [](const char* name, const std::string& value) { std::printf("%-10s %s\n", name, value.c_str()); };
  line("clip", fmt::format("{} of {}x{}{}", counted(plan.length, "frame"), plan.width, plan.height,
                           plan.runs > 1 ? fmt::format(", in {} runs of {}", plan.runs, plan.frames) : ""));
  line("calls", fmt::format("{} of the UNet, {} steps a run", plan.calls, plan.steps));
  line("work", fmt::format("{:.3g} TFLOP", plan.tflop));
  line("memory", fmt::format("{:.1f} GB{}, {} decoded at once", plan.memory / 1e9,
                             plan.free_memory > 0 ? fmt::format(" of {:.1f} GB free", plan.free_memory / 1e9) : "",
                             counted(plan.chunk, "frame")));
  line("device", plan.device);
  line("time", fmt::format("about {:.0f} s where all of it ran at the device's peak", plan.seconds));
  for (const std::string& hint : plan.hints) line("note", hint);
}

// animate dream -s photo.jpg -o clip.mp4: a photo moves without a driver.
class DreamCommand : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("-s,--source", source_, "the picture that the clip starts from")
        ->option_text("PHOTO")
        ->group("Files");
    app.add_option("-o,--output", output_, "a clip: .mp4 .mkv .mov .webm .gif, or frames/%03d.png")
        ->option_text("FILE")
        ->group("Files");
    app.add_option(
           "-m,--model", job_.model.model,
           "an image-to-video model: a name in the models' folders, its folder (unet, vae, image_encoder), or its "
           "single file")
        ->option_text("NAME|FOLDER|FILE")
        ->group("Model");
    add_options(app, "Dream", job_.options);
    app.add_flag("--check", check_, "only tell what the job will cost: work, memory, time")->group("Dream");
    const auto rows = catalog::rows_of(job_.writing, "Output");
    for (const char* name : {"codec", "crf", "encoder-preset", "pix-fmt", "provenance", "overwrite", "strict"}) {
      bind_option(app, row_of(rows, name));
    }
    app.add_option("--report", report_, "write what happened as JSON, also when the job fails")
        ->option_text("FILE.json")
        ->group("Output");
    add_options(app, "Runtime", job_.runtime);
    add_progress_flag(app, progress_);
    app.footer(kDreamExamples);
  }

  void run(std::stop_token stop) override {
    check(!output_.empty(), ErrorKind::Usage,
          "-o OUTPUT is missing; give a name for the clip: animate dream -s photo.jpg -o clip.mp4");
    job_.source = path_of_text(source_);
    job_.output = path_of_text(output_);
    if (check_) return print_plan(engine().make_dreamer()->plan(job_, /*probe=*/true));
    AnimateJob told;
    told.source = job_.source;
    run_own_job(
        job_, std::move(told), report_, progress_, [&] { return engine().make_dreamer(); }, std::move(stop));
  }

 private:
  std::string source_;
  std::string output_;
  DreamJob job_;
  bool check_ = false;
  std::string progress_ = "auto";
  std::string report_;
};

}  // namespace

std::unique_ptr<Command> make_dream_command() { return std::make_unique<DreamCommand>(); }

}  // namespace animate::cli
