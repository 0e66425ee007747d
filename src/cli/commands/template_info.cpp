#include <spdlog/fmt/fmt.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"
#include "checkpoint/printable.h"
#include "cli/commands/template_commands.h"
#include "motion/template_facts.h"
#include "motion/template_file.h"
#include "motion/template_pickle.h"

namespace animate::cli {
namespace {

using OrderedJson = nlohmann::ordered_json;

OrderedJson describe(const std::string& file) {
  const motion::MotionTemplate motion = motion::load_motion_template(file);
  const motion::TemplateFacts facts = motion::facts_of(motion, show(file));
  const auto range = [](const motion::ValueRange& r) { return OrderedJson{{"from", r.low}, {"to", r.high}}; };
  OrderedJson document{{"file", show(file)},
                       {"format", motion::is_pickle(file) ? "LivePortrait pickle" : "animate-motion"},
                       {"family", checkpoint::printable(facts.family)}};
  if (!facts.model.empty()) document["model"] = checkpoint::printable(facts.model);
  document["frames"] = facts.frames;
  document["frame_rate"] = fmt::format("{}/{}", facts.frame_rate.num, facts.frame_rate.den);
  document["seconds"] = facts.seconds;
  document["steady"] = facts.steady;
  if (!facts.sound.empty()) document["sound"] = checkpoint::printable(facts.sound);
  for (const std::string& array : facts.arrays) document["arrays"].push_back(checkpoint::printable(array));
  if (facts.face) {
    document["points"] = facts.face->points;
    document["canonical_points"] = facts.face->canonical;
    document["open_ratios"] = facts.face->ratios;
    document["pitch_degrees"] = range(facts.face->pitch);
    document["yaw_degrees"] = range(facts.face->yaw);
    document["roll_degrees"] = range(facts.face->roll);
    document["scale"] = range(facts.face->scale);
    document["largest_expression_change"] = facts.face->expression_change;
    document["largest_expression_change_frame"] = facts.face->expression_frame;
  }
  return document;
}

std::string fact_text(const OrderedJson& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  if (value.is_number_float()) return fmt::format("{:.4g}", value.get<double>());
  if (value.is_object()) return fmt::format("{} to {}", fact_text(value["from"]), fact_text(value["to"]));
  if (!value.is_array()) return value.dump();
  std::string list;
  for (const OrderedJson& item : value) list += (list.empty() ? "" : ", ") + fact_text(item);
  return list;
}

// animate template info FILE: what a template holds and how far it moves.
class TemplateInfo : public Command {
 public:
  void declare(CLI::App& app) override {
    app.add_option("input", input_, "motion template: .motion or LivePortrait's .pkl, told by content")
        ->option_text("FILE")
        ->required();
    app.add_flag("--json", json_, "one JSON document instead of lines");
  }

  void run(std::stop_token) override { print_template_info(input_, json_); }

 private:
  std::string input_;
  bool json_ = false;
};

}  // namespace

void print_template_info(const std::string& file, bool json) {
  const OrderedJson document = describe(file);
  if (json) {
    fmt::print("{}\n", document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
    return;
  }
  for (const auto& [key, value] : document.items()) fmt::print("{}: {}\n", key, fact_text(value));
}

std::unique_ptr<Command> make_template_info() { return std::make_unique<TemplateInfo>(); }

}  // namespace animate::cli
