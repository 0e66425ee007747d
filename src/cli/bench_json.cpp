#include "cli/bench_json.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace animate::cli {
namespace {

using OrderedJson = nlohmann::ordered_json;

OrderedJson stages_of(const BenchReport& report) {
  OrderedJson rows = OrderedJson::array();
  for (const BenchStage& stage : report.stages) {
    rows.push_back({{"name", stage.name},
                    {"parameters", stage.parameters},
                    {"bytes", stage.bytes},
                    {"milliseconds", stage.milliseconds},
                    {"per_frame", stage.per_frame},
                    {"gflop", stage.gflop}});
  }
  return rows;
}

OrderedJson layers_of(const BenchReport& report) {
  OrderedJson rows = OrderedJson::array();
  for (const BenchLayer& layer : report.layers) {
    rows.push_back({{"operation", layer.operation},
                    {"input", layer.input},
                    {"weight", layer.weight},
                    {"output", layer.output},
                    {"calls", layer.count},
                    {"milliseconds", layer.milliseconds},
                    {"gflop", layer.gflop},
                    {"megabytes", layer.megabytes}});
  }
  return {{"frame_milliseconds", report.layers_frame_milliseconds}, {"rows", rows}};
}

OrderedJson comparison_of(const BenchReport& report) {
  const BenchComparison& theirs = *report.comparison;
  OrderedJson json{{"with", theirs.name},
                   {"mode", theirs.mode},
                   {"device", theirs.device},
                   {"milliseconds_per_frame", theirs.milliseconds_per_frame},
                   {"ratio", report.milliseconds_per_frame / theirs.milliseconds_per_frame},
                   {"stages", OrderedJson::array()}};
  for (const BenchStage& stage : theirs.stages) {
    OrderedJson row{{"name", stage.name}, {"milliseconds", stage.milliseconds}};
    const auto ours = std::find_if(report.stages.begin(), report.stages.end(),
                                   [&](const BenchStage& other) { return other.name == stage.name; });
    const bool known = ours != report.stages.end() && stage.milliseconds > 0;
    row["ratio"] = known ? OrderedJson(ours->milliseconds / stage.milliseconds) : OrderedJson();
    json["stages"].push_back(std::move(row));
  }
  if (const auto& difference = theirs.difference) {
    // JSON knows no infinity: equal pictures have null.
    json["difference"] = {{"largest", difference->largest},
                          {"psnr_db", std::isfinite(difference->psnr) ? OrderedJson(difference->psnr) : OrderedJson()}};
  }
  return json;
}

OrderedJson clip_of(const BenchClip& clip) {
  return {{"frames", clip.frames},
          {"width", clip.width},
          {"height", clip.height},
          {"seconds",
           {{"total", clip.seconds},
            {"decoding", clip.decode_seconds},
            {"motion", clip.motion_seconds},
            {"rendering", clip.render_seconds},
            {"pasting_back", clip.compose_seconds},
            {"encoding", clip.encode_seconds}}},
          {"stalls",
           {{"inference_found_nothing", clip.waits.decoded.empty},
            {"inference_found_no_room", clip.waits.rendered.full},
            {"encoder_found_nothing", clip.waits.composed.empty}}}};
}

}  // namespace

std::string bench_json(const BenchReport& report) {
  OrderedJson document{{"model", report.model},
                       {"mode", report.mode},
                       {"device", report.device},
                       {"width", report.width},
                       {"height", report.height},
                       {"frames", report.frames},
                       {"milliseconds_per_frame", report.milliseconds_per_frame},
                       {"frames_per_second", report.frames_per_second},
                       {"gflop_per_frame", report.gflop_per_frame}};
  if (report.probe.gflops > 0) {
    document["probe"] = {{"gflops", report.probe.gflops}, {"gigabytes_per_second", report.probe.gigabytes_per_second}};
  }
  document["stages"] = stages_of(report);
  if (!report.layers.empty()) document["layers"] = layers_of(report);
  if (report.comparison) document["comparison"] = comparison_of(report);
  if (const auto& morph = report.morph) {
    document["morph"] = {{"renders_per_frame", morph->renders},
                         {"milliseconds_per_frame", morph->milliseconds},
                         {"render_milliseconds", morph->render_milliseconds},
                         {"ratio", morph->milliseconds / morph->render_milliseconds}};
  }
  if (report.clip) document["clip"] = clip_of(*report.clip);
  return document.dump(2, ' ', false, OrderedJson::error_handler_t::replace);
}

}  // namespace animate::cli
