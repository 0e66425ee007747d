#include <spdlog/fmt/fmt.h>

#include "cli/bench_file.h"
#include "cli/bench_json.h"
#include "cli/bench_table.h"
#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/engine_loader.h"

namespace animate::cli {
namespace {

// animate bench: how fast the networks run here, stage by stage, on synthetic frames; and whole clips.
class BenchCommand : public Command {
 public:
  void declare(CLI::App& app) override {
    add_model_flags(app, model_);
    add_options(app, "Measurement", options_);
    add_options(app, "Runtime", options_.runtime);
    app.add_flag("--json", json_, "one JSON document instead of a table")->group("Measurement");
  }

  void run(std::stop_token) override {
    if (options_.compare.kind == ComparedWith::Kind::File) options_.earlier = read_bench_file(options_.compare.file);
    const BenchReport report = engine().make_toolbox()->bench(model_, options_);
    fmt::print("{}", json_ ? bench_json(report) + "\n" : bench_table(report));
  }

 private:
  ModelSpec model_;
  BenchOptions options_;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> make_bench_command() { return std::make_unique<BenchCommand>(); }

}  // namespace animate::cli
