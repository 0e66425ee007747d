#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "catalog/model_finder.h"
#include "catalog/model_survey.h"
#include "cli/byte_text.h"
#include "cli/commands/models_commands.h"

namespace animate::cli {
namespace {

std::string where(const catalog::SurveyedModel& row) {
  if (row.present) return show(row.location) + (row.config.empty() ? "" : ", " + show(row.config.filename()));
  if (row.fetchable) return fmt::format("animate models fetch {} ({})", row.name, byte_text(row.published_bytes));
  return byte_text(row.published_bytes) + ", to be fetched by hand";
}

// animate models list: what is found and what is published, and where it was looked for. Nothing is hashed.
class ModelsList : public Command {
 public:
  void declare(CLI::App& app) override { app.add_flag("--json", json_, "one JSON document instead of a table"); }

  void run(std::stop_token) override {
    const auto rows = catalog::survey_models(catalog::published_weights());
    json_ ? print_json(rows) : print_table(rows);
  }

 private:
  static void print_table(const std::vector<catalog::SurveyedModel>& rows) {
    size_t name = 0, family = 0, state = 0, licence = 0;
    const auto state_of = [](const catalog::SurveyedModel& row) {
      return row.state + (row.is_default ? ", default" : "");
    };
    for (const catalog::SurveyedModel& row : rows) {
      name = std::max(name, show(row.name).size());
      family = std::max(family, row.family.size());
      state = std::max(state, state_of(row).size());
      licence = std::max(licence, row.licence.size());
    }
    for (const catalog::SurveyedModel& row : rows) {
      fmt::print("{:<{}}  {:<{}}  {:<{}}  {:<{}}  {}\n", show(row.name), name, row.family, family, state_of(row), state,
                 row.licence, licence, where(row));
    }
    std::puts("\nlooked for in:");
    for (const auto& folder : catalog::model_search_path()) std::puts(("  " + show(folder)).c_str());
  }

  static void print_json(const std::vector<catalog::SurveyedModel>& rows) {
    nlohmann::ordered_json document;
    document["models"] = nlohmann::ordered_json::array();
    for (const catalog::SurveyedModel& row : rows) {
      document["models"].push_back({{"name", show(row.name)},
                                    {"family", row.family},
                                    {"state", row.state},
                                    {"present", row.present},
                                    {"usable", row.usable},
                                    {"default", row.is_default},
                                    {"weights", show(row.location)},
                                    {"config", show(row.config)},
                                    {"licence", row.licence},
                                    {"published", row.published},
                                    {"published_bytes", row.published_bytes},
                                    {"fetchable", row.fetchable}});
    }
    for (const auto& folder : catalog::model_search_path()) document["search_path"].push_back(show(folder));
    std::puts(document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
  }

  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> make_models_list() { return std::make_unique<ModelsList>(); }

}  // namespace animate::cli
