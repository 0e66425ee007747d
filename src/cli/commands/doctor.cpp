#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "animate/version.h"
#include "base/error.h"
#include "catalog/default_model.h"
#include "catalog/model_survey.h"
#include "cli/command.h"
#include "cli/engine_loader.h"
#include "cli/program_version.h"
#include "doctor/diagnosis.h"

namespace animate::cli {
namespace {

const char* mark_of(doctor::Health health) {
  switch (health) {
    case doctor::Health::Good: return "ok";
    case doctor::Health::Note: return "note";
    default: return "BAD";
  }
}

// animate doctor: what runs here, what is missing for what, and the next step. Loads nothing heavy, unless --deep.
class DoctorCommand : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("-o,--output", output_, "folder where results will go; default: the current one")
        ->option_text("FOLDER");
    app.add_flag("--json", json_, "one JSON document instead of a table");
    app.add_flag("--deep", deep_, "also load LibTorch and run the drawn-heads model on three frames (seconds)");
  }

  void run(std::stop_token) override {
    const doctor::Libraries libraries = doctor::look_at_libraries(engine_file());
    doctor::Diagnosis diagnosis = doctor::diagnose(doctor::look_at_machine(output_), libraries, surveyed());
    if (deep_) measure(diagnosis);
    json_ ? print_json(diagnosis) : print_table(diagnosis);
    std::fflush(stdout);
    for (const doctor::Finding& finding : diagnosis.findings) {
      check(finding.health != doctor::Health::Bad, ErrorKind::Input, "{}: {}; {}", finding.area, finding.text,
            finding.advice.empty() ? "nothing can be animated here" : finding.advice);
    }
  }

 private:
  // A damaged list of weights must not keep the rest from being told.
  static std::vector<catalog::SurveyedModel> surveyed() {
    try {
      return catalog::survey_models(catalog::published_weights());
    } catch (const Error&) {
      return catalog::survey_models({});
    }
  }

  // The device is LibTorch's own word here, and the networks have really run.
  static void measure(doctor::Diagnosis& diagnosis) {
    try {
      BenchOptions options;
      options.frames = 3;
      options.probe = false;
      const BenchReport report = engine().make_toolbox()->bench({catalog::kDrawnHeads, {}}, options);
      diagnosis.findings.push_back({"run", doctor::Health::Good,
                                    fmt::format("the drawn-heads model takes {:.0f} ms a frame on {}",
                                                report.milliseconds_per_frame, report.device),
                                    ""});
    } catch (const Error& error) {
      diagnosis.findings.push_back({"run", doctor::Health::Bad, error.what(), ""});
      diagnosis.can_run = false;
    }
  }

  static void print_table(const doctor::Diagnosis& diagnosis) {
    fmt::print("animate {}\n", program_version());
    for (const doctor::Finding& finding : diagnosis.findings) {
      fmt::print("{:<4}  {:<9} {}\n", mark_of(finding.health), finding.area, finding.text);
      if (!finding.advice.empty()) fmt::print("{:<15} -> {}\n", "", finding.advice);
    }
    std::puts("\nwhat can be animated");
    size_t width = 0;
    for (const doctor::Ability& ability : diagnosis.abilities) width = std::max(width, ability.what.size());
    for (const doctor::Ability& ability : diagnosis.abilities) {
      fmt::print("{:<4}  {:<{}}  {}\n", ability.ready ? "yes" : "no", ability.what, width, ability.how);
    }
    fmt::print("\nnext: {}\n", diagnosis.next_step);
  }

  static void print_json(const doctor::Diagnosis& diagnosis) {
    nlohmann::ordered_json document{{"version", ANIMATE_VERSION}, {"can_run", diagnosis.can_run}};
    for (const doctor::Finding& finding : diagnosis.findings) {
      document["findings"].push_back({{"area", finding.area},
                                      {"health", mark_of(finding.health)},
                                      {"text", finding.text},
                                      {"advice", finding.advice}});
    }
    for (const doctor::Ability& ability : diagnosis.abilities) {
      document["abilities"].push_back(
          {{"what", ability.what}, {"ready", ability.ready}, {"how", ability.how}, {"step", ability.step}});
    }
    document["next_step"] = diagnosis.next_step;
    std::puts(document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
  }

  std::string output_;
  bool json_ = false;
  bool deep_ = false;
};

}  // namespace

std::unique_ptr<Command> make_doctor_command() { return std::make_unique<DoctorCommand>(); }

}  // namespace animate::cli
