#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/engine_loader.h"

namespace animate::cli {
namespace {

void print_table(const BenchReport& report) {
  fmt::print("{} ({}) on {}, {}x{}, {} frames\n", report.model, report.mode, report.device, report.width, report.height,
             report.frames);
  fmt::print("{:<28}{:>14}{:>10}{:>12}{:>9}\n", "stage", "parameters M", "size MB", "ms", "share");
  double sum = 0;
  for (const BenchStage& stage : report.stages) sum += stage.per_frame ? stage.milliseconds : 0;
  for (const BenchStage& stage : report.stages) {
    const std::string share =
        stage.per_frame ? fmt::format("{:.1f} %", 100 * stage.milliseconds / std::max(sum, 1e-9)) : "once";
    const std::string size = stage.bytes > 0 ? fmt::format("{:.1f}", static_cast<double>(stage.bytes) / 1e6) : "";
    fmt::print("{:<28}{:>14.3f}{:>10}{:>12.2f}{:>9}\n", stage.name, static_cast<double>(stage.parameters) / 1e6, size,
               stage.milliseconds, share);
  }
  fmt::print("{:<28}{:>14}{:>10}{:>12.2f}\n", "whole frame", "", "", report.milliseconds_per_frame);
  fmt::print("{:.2f} frames a second\n", report.frames_per_second);
}

void print_json(const BenchReport& report) {
  nlohmann::ordered_json document{{"model", report.model},
                                  {"mode", report.mode},
                                  {"device", report.device},
                                  {"width", report.width},
                                  {"height", report.height},
                                  {"frames", report.frames},
                                  {"milliseconds_per_frame", report.milliseconds_per_frame},
                                  {"frames_per_second", report.frames_per_second}};
  for (const BenchStage& stage : report.stages) {
    document["stages"].push_back({{"name", stage.name},
                                  {"parameters", stage.parameters},
                                  {"bytes", stage.bytes},
                                  {"milliseconds", stage.milliseconds},
                                  {"per_frame", stage.per_frame}});
  }
  fmt::print("{}\n", document.dump(2));
}

// animate bench: how fast the networks run here, stage by stage, on synthetic frames.
class BenchCommand : public Command {
 public:
  void declare(CLI::App& app) override {
    add_model_flags(app, model_);
    add_options(app, "Measurement", options_);
    add_options(app, "Runtime", options_.runtime);
    app.add_flag("--json", json_, "one JSON document instead of a table")->group("Measurement");
  }

  void run(std::stop_token) override {
    const BenchReport report = load_toolbox()->bench(model_, options_);
    json_ ? print_json(report) : print_table(report);
  }

 private:
  ModelSpec model_;
  BenchOptions options_;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> make_bench_command() { return std::make_unique<BenchCommand>(); }

}  // namespace animate::cli
