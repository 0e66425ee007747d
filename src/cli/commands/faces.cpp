#include <spdlog/fmt/fmt.h>

#include <string>
#include <utility>

#include "base/error.h"
#include "base/path_text.h"
#include "cli/bind_options.h"
#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/engine_loader.h"
#include "cli/own_job.h"

namespace animate::cli {
namespace {

constexpr const char* kFacesExamples = R"(Examples:
  animate faces -o faces.png                      64 faces of nobody in a sheet
  animate faces -o faces/%03d.png --count 200     single pictures
  animate faces -o walk.mp4 --count 8 --size 256  a walk through eight of them, which loops
)";

// animate faces -o faces.png: faces that nobody has, from an autoencoder's codes.
class FacesCommand : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("-o,--output", output_,
                   "a sheet: .png .jpg; single pictures: faces/%03d.png; a walk: .mp4 .mkv .mov .webm .gif")
        ->option_text("FILE")
        ->group("Files");
    app.add_option("--distribution", job_.distribution,
                   "of the codes, as numpy.savez writes it (mean, covariance); default: what came with the weights")
        ->option_text("FILE.npz")
        ->group("Files");
    add_model_flags(app, job_.model);
    app.get_option("--model")->description(
        "an autoencoder of faces: the name of a found model, a folder or a weights file; default: the one that ships");
    add_options(app, "Faces", job_.options);
    const auto rows = catalog::rows_of(job_.writing, "Output");
    for (const char* name : {"fps", "codec", "crf", "encoder-preset", "pix-fmt", "provenance", "overwrite", "strict"}) {
      bind_option(app, row_of(rows, name));
    }
    app.get_option("--fps")->option_text("N")->description("frame rate of a walk, as in 25 or 30000/1001; default 25");
    app.add_option("--report", report_, "write what happened as JSON, also when the job fails")
        ->option_text("FILE.json")
        ->group("Output");
    add_options(app, "Runtime", job_.runtime);
    add_progress_flag(app, progress_);
    app.footer(kFacesExamples);
  }

  void run(std::stop_token stop) override {
    check(!output_.empty(), ErrorKind::Usage,
          "-o OUTPUT is missing; give a name for the sheet: animate faces -o faces.png");
    job_.output = path_of_text(output_);
    run_own_job(
        job_, {}, report_, progress_, [&] { return engine().make_face_maker(); }, std::move(stop));
  }

 private:
  std::string output_;
  FacesJob job_;
  std::string progress_ = "auto";
  std::string report_;
};

}  // namespace

std::unique_ptr<Command> make_faces_command() { return std::make_unique<FacesCommand>(); }

}  // namespace animate::cli
