#include "report/job_report.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

#include "animate/version.h"
#include "base/command_line.h"
#include "base/error.h"
#include "base/log.h"
#include "base/temp_file.h"
#include "base/utc_time.h"
#include "base/write_errors.h"
#include "catalog/option_json.h"
#include "report/input_facts.h"

namespace animate::report {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

Json spans_of(const std::vector<FrameSpan>& spans) {
  Json list = Json::array();
  for (const FrameSpan& span : spans) list.push_back({{"first", span.first}, {"last", span.last}});
  return list;
}

Json inputs_of(const AnimateJob& job) {
  Json inputs = Json::object();
  if (!job.source.empty()) inputs["source"] = input_facts(job.source);  // faces that are drawn have none
  // An edit and a morph have none.
  if (job.driving == kIdleDriver) {
    inputs["driving"] = {{"made_by", "formulas"}};
    if (!job.options.idle.talk.empty()) inputs["talk"] = input_facts(job.options.idle.talk);
  } else if (!job.driving.empty()) {
    inputs["driving"] = input_facts(job.driving);
  }
  for (const fs::path& target : job.targets) inputs["targets"].push_back(input_facts(target));
  const SoundChoice& audio = job.options.output.audio;
  if (audio.kind == SoundChoice::Kind::File) inputs["audio"] = input_facts(audio.file);
  return inputs;
}

Json model_of(const ModelFacts& model) {
  Json files = Json::array();
  for (const ModelFile& file : model.files) {
    files.push_back(
        {{"role", file.role}, {"path", file.path.string()}, {"bytes", file.bytes}, {"sha256", file.sha256}});
  }
  return {{"name", model.name},
          {"family", model.family},
          {"parameters", model.parameters},
          {"sha256", model.sha256.empty() ? Json(nullptr) : Json(model.sha256)},
          {"files", std::move(files)}};
}

Json gaps_of(const std::vector<FaceGap>& gaps) {
  Json list = Json::array();
  for (const FaceGap& gap : gaps) {
    list.push_back({{"input", gap.input},
                    {"first", gap.first},
                    {"last", gap.last},
                    {"begin_seconds", gap.begin},
                    {"end_seconds", gap.end},
                    {"policy", gap.policy}});
  }
  return list;
}

Json wait_of(const QueueWait& wait) {
  return {{"empty", wait.empty},
          {"empty_seconds", wait.empty_seconds},
          {"full", wait.full},
          {"full_seconds", wait.full_seconds}};
}

Json stalls_of(const QueueWaits& waits) {
  return {{"decode_to_infer", wait_of(waits.decoded)},
          {"infer_to_compose", wait_of(waits.rendered)},
          {"compose_to_encode", wait_of(waits.composed)}};
}

Json jitter_of(const std::optional<MotionJitter>& jitter) {
  if (!jitter) return nullptr;
  return {{"before_smoothing", jitter->before},
          {"after_smoothing", jitter->after},
          {"frames", jitter->frames},
          {"unit", "mean |second difference| of keypoint x and y from frame to frame; the model's frame is 2 wide"}};
}

void add_summary(Json& report, const JobRecord& record) {
  const AnimateSummary& summary = *record.summary;
  Json output = record.error.empty() ? input_facts(summary.output) : Json{{"path", record.job.output.string()}};
  output["frames"] = summary.frames;
  output["width"] = summary.width;
  output["height"] = summary.height;
  report["output"] = std::move(output);
  report["seconds"] = {{"total", summary.seconds},
                       {"decoding", summary.decode_seconds},
                       {"motion", summary.motion_seconds},
                       {"rendering", summary.render_seconds},
                       {"composing", summary.compose_seconds},
                       {"encoding", summary.encode_seconds}};
  report["batch"] = summary.batch;
  report["stalls"] = stalls_of(summary.waits);
  report["reference_frame"] = summary.reference_frame;
  report["faces_framed_by"] = summary.framed_by.empty() ? Json(nullptr) : Json(summary.framed_by);
  report["without_face"] = gaps_of(summary.gaps);
  report["jitter"] = jitter_of(summary.jitter);
  report["poses_outside"] = {{"frames", summary.outside.frames}, {"spans", spans_of(summary.outside.spans)}};
}

Json warnings_of(const JobRecord& record) {
  Json warnings = Json::array();
  if (record.model) {
    for (const std::string& warning : record.model->warnings) warnings.push_back(warning);
  }
  if (record.summary) {
    for (const std::string& warning : record.summary->warnings) warnings.push_back(warning);
  }
  return warnings;
}

}  // namespace

std::string report_json(const JobRecord& record, bool one_line) {
  const bool well = record.error.empty();
  Json report{{"program", "animate"},
              {"version", ANIMATE_VERSION},
              {"status", well               ? "ok"
                         : record.cancelled ? "cancelled"
                                            : "failed"}};
  if (!well) report["message"] = record.error;
  report["finished"] = utc_now();
  report["command"] = record.command;
  report["preview"] = record.job.preview;
  report["inputs"] = inputs_of(record.job);
  if (record.model) {
    report["model"] = model_of(*record.model);
    report["device"] = record.model->device;
    report["libtorch"] = record.model->torch_version;
  }
  report["options"] = catalog::changed_options(record.job.options);
  for (const catalog::OptionRow& row : record.own_options) report["options"][row.name()] = catalog::json_of(row);
  if (record.summary) {
    add_summary(report, record);
  } else {
    report["output"] = {{"path", record.job.output.string()}};
  }
  report["warnings"] = warnings_of(record);
  return report.dump(one_line ? -1 : 2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

JobReport::JobReport(fs::path path, AnimateJob job) : path_(std::move(path)) {
  record_.job = std::move(job);
  record_.command = command_line();
  if (path_.empty()) return;
  std::vector<fs::path> files{record_.job.source, record_.job.driving, record_.job.output};
  files.insert(files.end(), record_.job.targets.begin(), record_.job.targets.end());
  for (const fs::path& other : files) {
    std::error_code ec;
    const bool same = fs::weakly_canonical(path_, ec) == fs::weakly_canonical(other, ec);
    check(!same, ErrorKind::Usage, "{}: is a file of the job itself; give --report another name", show(path_));
  }
  const TempFile probe(path_);
}

AnimateSummary JobReport::run(const std::function<AnimateSummary()>& action) {
  try {
    record_.summary = action();
    write();
    return *record_.summary;
  } catch (const Error& error) {
    if (!record_.error.empty() || record_.summary) throw;  // the report itself could not be written
    if (const auto* refused = dynamic_cast<const StrictError*>(&error)) record_.summary = refused->facts();
    record_.error = error.what();
    record_.cancelled = error.kind() == ErrorKind::Cancelled;
    try {
      write();
    } catch (const Error& second) {
      log::warn("{}", second.what());  // the job's own fault is the one to tell
    }
    throw;
  }
}

void JobReport::write() const {
  if (path_.empty()) return;
  TempFile file(path_);
  std::ofstream stream(file.path(), std::ios::binary);
  stream << report_json(record_) << '\n';
  stream.close();
  check_written(stream, path_);
  file.commit();
}

}  // namespace animate::report
