#include "evaluate/report_json.h"

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "animate/version.h"
#include "base/write_errors.h"

namespace animate::evaluate {
namespace {

using Json = nlohmann::ordered_json;

// JSON has no infinity.
Json number(double value) {
  if (std::isnan(value)) return nullptr;
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return value;
}

Json part_of(const EvaluatedPart& part) {
  Json json{{"what", part.what}, {"figures", Json::object()}, {"items", Json::object()}};
  for (const EvaluatedFigure& figure : part.figures) {
    json["figures"][figure.name] = {{"mean", number(figure.mean)},
                                    {"margin95", number(figure.margin)},
                                    {"count", figure.count},
                                    {"unit", figure.unit}};
  }
  for (const auto& [item, values] : part.items) {
    Json& row = json["items"][item] = Json::object();
    for (const auto& [name, value] : values) row[name] = number(value);
  }
  return json;
}

}  // namespace

std::string to_json(const EvaluateJob& job, const EvaluationReport& report) {
  const EvaluateOptions& options = job.options;
  Json json{{"program", "animate " ANIMATE_VERSION},
            {"command", job.command_line},
            {"data", job.data ? job.data->string() : "heads"},
            {"seed", options.seed},
            {"heads", options.heads},
            {"pairs", options.pairs},
            {"transfers", options.transfers},
            {"frames", options.frames},
            {"clips", options.clips},
            {"faces", options.faces},
            {"linear_code", options.linear_code}};
  if (!job.keypoints.empty()) json["keypoints"] = job.keypoints.string();
  if (!job.embedding.empty()) json["embedding"] = job.embedding.string();
  if (!job.keypoints_real.empty()) {
    json["keypoints_real"] = job.keypoints_real.string();
    json["keypoints_generated"] = job.keypoints_generated.string();
  }
  json["models"] = Json::array();
  for (const EvaluatedModel& model : report.models) {
    Json row{{"name", model.name},
             {"family", model.family},
             {"file", model.file.string()},
             {"frame_size", {model.frame_width, model.frame_height}},
             {"parameters", model.parameters},
             {"seconds", model.seconds}};
    for (const EvaluatedPart& part : model.parts) row[part.name] = part_of(part);
    json["models"].push_back(std::move(row));
  }
  // Paths may hold any bytes.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void write_text(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  check_written(file, path);
}

}  // namespace animate::evaluate
