#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "catalog/model_finder.h"
#include "checkpoint/checkpoint.h"
#include "cli/command.h"

namespace animate::cli {
namespace {

// What family the weights are of, or why they cannot be read.
std::string family_of(const FoundModel& model) {
  if (!model.parts.empty()) return "liveportrait";
  try {
    const Checkpoint weights = Checkpoint::open(model.weights);
    if (const auto stored = weights.metadata().find("family"); stored != weights.metadata().end())
      return stored->second;
    if (!weights.scope("generator").empty() && !weights.scope("kp_detector").empty()) return "fomm";
    return "unknown";
  } catch (const Error& error) {
    return fmt::format("unreadable: {}", error.what());
  }
}

// animate models: what is found, and where it was looked for.
class ModelsCommand : public Command {
 public:
  void declare(CLI::App& app) override { app.add_flag("--json", json_, "one JSON document instead of a table"); }

  void run(std::stop_token) override {
    const auto models = list_models();
    if (json_) {
      print_json(models);
      return;
    }
    size_t width = 8;
    for (const FoundModel& model : models) width = std::max(width, model.name.size());
    for (const FoundModel& model : models) {
      std::puts(fmt::format("{:<{}}  {:<8}  {}{}", show(model.name), width, family_of(model), show(model.location()),
                            model.config.empty() ? "" : ", " + show(model.config.filename()))
                    .c_str());
    }
    if (models.empty()) std::puts("no models were found");
    std::puts("\nlooked for in:");
    for (const auto& folder : model_search_path()) std::puts(("  " + show(folder)).c_str());
  }

 private:
  static void print_json(const std::vector<FoundModel>& models) {
    nlohmann::ordered_json document;
    document["models"] = nlohmann::ordered_json::array();
    for (const FoundModel& model : models) {
      document["models"].push_back({{"name", show(model.name)},
                                    {"family", family_of(model)},
                                    {"weights", show(model.location())},
                                    {"config", show(model.config)}});
    }
    for (const auto& folder : model_search_path()) document["search_path"].push_back(show(folder));
    std::puts(document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
  }

  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> make_models_command() { return std::make_unique<ModelsCommand>(); }

}  // namespace animate::cli
