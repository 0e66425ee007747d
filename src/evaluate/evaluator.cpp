#include "animate/evaluator.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/file_kind.h"
#include "base/log.h"
#include "base/stopwatch.h"
#include "catalog/default_model.h"
#include "core/device.h"
#include "core/threads.h"
#include "evaluate/clip_generation.h"
#include "evaluate/clip_reconstruction.h"
#include "evaluate/codec_evaluation.h"
#include "evaluate/head_reconstruction.h"
#include "evaluate/head_transfer.h"
#include "evaluate/keypoint_files.h"
#include "evaluate/output_folder.h"
#include "evaluate/report_json.h"
#include "evaluate/saved_frames.h"
#include "models/registry.h"

namespace animate::evaluate {
namespace {

namespace fs = std::filesystem;

void check_job(const EvaluateJob& job) {
  const EvaluateOptions& options = job.options;
  check(job.keypoints_real.empty() == job.keypoints_generated.empty(), ErrorKind::Usage,
        "--keypoints-real and --keypoints-generated are compared with each other; give both");
  if (!job.keypoints_real.empty()) {
    check(job.models.empty() && job.keypoints.empty() && job.embedding.empty() && !options.save_frames,
          ErrorKind::Usage,
          "--keypoints-real: files are compared as they are and no model runs; leave out -m, "
          "--keypoints, --embedding and --save-frames");
    return;
  }
  check(!options.save_frames || !job.output.empty(), ErrorKind::Usage, "--save-frames: needs a folder; add -o FOLDER");
  if (!job.keypoints.empty()) require_file(job.keypoints, "an ONNX network that finds keypoints");
  if (!job.embedding.empty()) require_file(job.embedding, "an ONNX network that describes an identity");
  if (!job.data) {
    check(options.heads > 0 || options.transfers > 0, ErrorKind::Usage,
          "--heads 0 and --transfers 0 leave nothing to measure; give at least one of them");
    return;
  }
  std::error_code ec;
  check(fs::exists(*job.data, ec), ErrorKind::Usage,
        "--data {}: no such folder or clip; give heads, a folder of clips or a video", show(*job.data));
}

void check_family(const models::ModelFiles& files) {
  const std::string_view why_not = models::family_of(files).not_evaluated;
  check(why_not.empty(), ErrorKind::Usage, "{}: {}; evaluate models of the family fomm", files.name, why_not);
}

// What kind of model is measured; each meets pictures of its own.
enum class Kind { Driven, Codec, Clips };

Kind kind_of(const models::ModelFiles& files) {
  const models::ModelFamily family = models::family_of(files);
  if (family.is_codec()) return Kind::Codec;
  return family.load == nullptr ? Kind::Clips : Kind::Driven;
}

Kind kind_of(const std::vector<catalog::FoundModel>& found) {
  static constexpr std::array<const char*, 3> does{"moves them", "turns faces into codes", "makes clips by itself"};
  const Kind first = kind_of(models::ModelFiles::open(found.front()));
  for (const catalog::FoundModel& model : found) {
    const Kind other = kind_of(models::ModelFiles::open(model));
    if (other == first) continue;
    // The driven one last, as it is about the faces that were named.
    const bool swap = first == Kind::Driven;
    fail(ErrorKind::Usage, "{} {}, and {} {}: no figure is the same; evaluate them one after the other",
         swap ? model.name : found.front().name, does[static_cast<size_t>(swap ? other : first)],
         swap ? found.front().name : model.name, does[static_cast<size_t>(swap ? first : other)]);
  }
  return first;
}

void check_codec_job(const EvaluateJob& job) {
  const bool plain = job.keypoints.empty() && job.embedding.empty() && !job.options.save_frames;
  check(plain, ErrorKind::Usage,
        "--keypoints, --embedding and --save-frames: an autoencoder's faces follow no driver; leave them out");
}

void check_clips_job(const EvaluateJob& job) {
  const bool plain = job.keypoints.empty() && job.embedding.empty() && !job.options.save_frames && !job.data;
  check(plain, ErrorKind::Usage,
        "--data, --keypoints, --embedding and --save-frames: a video LDM is measured on drawn heads, and follows no "
        "driver; leave them out");
  check(job.options.heads > 0, ErrorKind::Usage, "--heads 0 leaves nothing to measure; give at least one");
}

// What -m asks for, once it was found; all are looked for before the first is measured.
std::vector<catalog::FoundModel> found_models(const EvaluateJob& job) {
  std::vector<catalog::FoundModel> found;
  for (const std::string& spec : job.models) found.push_back(catalog::find_model({spec, job.config}));
  if (found.empty()) found.push_back(catalog::find_model({catalog::kDrawnHeads, job.config}));
  for (const catalog::FoundModel& model : found) check_family(models::ModelFiles::open(model));
  return found;
}

// One evaluation: every model meets the same pictures, one model in memory at a time.
class Run {
 public:
  Run(const EvaluateJob& job, Progress& progress, std::stop_token stop)
      : job_(job), progress_(progress), stop_(std::move(stop)), models_(found_models(job)), kind_(kind_of(models_)) {
    if (!job.output.empty()) output_.emplace(job.output, job.options.save_frames);
    judge_ = make_frame_judge(job);
    if (kind_ == Kind::Clips) {
      check_clips_job(job);
    } else if (kind_ == Kind::Codec) {
      check_codec_job(job);
    } else if (job.data) {
      clips_ = clips_of(job);
    } else if (job.options.transfers > 0) {
      head_judge_ = HeadJudge::find(torch::kCPU);
      if (head_judge_ == nullptr) {
        log::debug(
            "the judge's weights, default/judge/heads.safetensors, are not beside the program's configs; what it "
            "would tell is left out");
      }
    }
    core::use_threads(job.options.runtime);
  }

  EvaluationReport run() {
    for (const catalog::FoundModel& found : models_) measure(found);
    rename_equal_rows();
    return std::move(report_);
  }

  void write(const EvaluationReport& report) {
    if (!output_) return;
    write_text(output_->path() / "report.json", to_json(job_, report));
    if (!sheet_.empty()) sheet_.write(output_->path() / "sheet.png");
    output_->commit();
  }

 private:
  void measure(const catalog::FoundModel& found) {
    if (kind_ == Kind::Clips) {
      measure_clips(found);
    } else if (kind_ == Kind::Codec) {
      measure_codec(found);
    } else {
      measure_driven(found);
    }
  }

  void measure_codec(const catalog::FoundModel& found) {
    const Stopwatch watch;
    AnimateOptions options;
    options.runtime = job_.options.runtime;
    const auto codec = models::load_codec(models::ModelFiles::open(found), options);
    const models::CodecInfo& info = codec->info();
    log::info("model {} ({:.1f} M parameters, codes of {} numbers) on {}", info.name,
              static_cast<double>(info.parameters) / 1e6, info.numbers, core::describe_device(codec->device()));
    // The same for every model, but drawn only once somebody is there to look at them.
    if (!faces_) {
      faces_ = faces_for(job_, progress_, stop_);
      std::string why_not;
      if (job_.options.faces > 0) features_ = DetectorFeatures::find(codec->device(), why_not);
      if (!why_not.empty()) log::warn("{}; Fréchet distances are left out", why_not);
    }
    sheet_.begin_model();
    EvaluatedModel row{info.name, info.family, found.location(), info.side, info.side, info.parameters, 0, {}};
    row.parts = evaluate_codec(*codec, job_, *faces_, features_.get(), sheet_, progress_, stop_);
    row.seconds = watch.seconds();
    report_.models.push_back(std::move(row));
  }

  void measure_clips(const catalog::FoundModel& found) {
    const Stopwatch watch;
    // Small networks and small pictures: the CPU is at no disadvantage.
    const torch::Device device = torch::kCPU;
    const auto networks = models::video_ldm::LdmNetworks::open(found.location(), device);
    log::info("model {} ({:.1f} M parameters, clips of {} frames) on {}", networks.name,
              static_cast<double>(networks.parameters) / 1e6, networks.config.frames, core::describe_device(device));
    std::string why_not;
    if (!features_) features_ = DetectorFeatures::find(torch::kCPU, why_not);
    if (!why_not.empty()) log::warn("{}; Fréchet distances are left out", why_not);
    sheet_.begin_model();
    const int64_t side = networks.config.picture;
    EvaluatedModel row{networks.name, "video_ldm", found.location(), side, side, networks.parameters, 0, {}};
    row.parts = evaluate_clips(networks, job_, features_.get(), sheet_, progress_, stop_);
    row.seconds = watch.seconds();
    report_.models.push_back(std::move(row));
  }

  void measure_driven(const catalog::FoundModel& found) {
    const Stopwatch watch;
    AnimateOptions options;
    options.runtime = job_.options.runtime;
    const auto model = models::load_model(models::ModelFiles::open(found), options);
    const models::ModelInfo& info = model->info();
    log::info("model {} ({:.1f} M parameters, {}x{}) on {}", info.name, static_cast<double>(info.parameters) / 1e6,
              info.frame_width, info.frame_height, core::describe_device(model->device()));
    sheet_.begin_model();
    Task task{*model, job_, judge_.get(), head_judge_.get(), sheet_, {}, progress_, stop_};
    if (job_.options.save_frames) {
      const SavedFrames frames(output_->path() / "frames" / fmt::format("{}-{}", report_.models.size() + 1, info.name));
      task.keep = [frames](const std::string& clip, int64_t frame, const torch::Tensor& driving,
                           const torch::Tensor& generated) { frames.save(clip, frame, driving, generated); };
    }
    EvaluatedModel row{info.name, info.family, found.location(), info.frame_width, info.frame_height, info.parameters,
                       0,         {}};
    if (!job_.data) {
      check_square(*model);
      if (job_.options.heads > 0) row.parts.push_back(reconstruct_heads(task));
      if (job_.options.transfers > 0) row.parts.push_back(transfer_heads(task));
    } else {
      row.parts.push_back(reconstruct_clips(task, clips_));
    }
    row.seconds = watch.seconds();
    report_.models.push_back(std::move(row));
  }

  // Runs of training all call their model model.safetensors: then the rows are called as the user wrote them.
  void rename_equal_rows() {
    std::set<std::string> names;
    for (const EvaluatedModel& model : report_.models) names.insert(model.name);
    if (names.size() == report_.models.size()) return;
    for (size_t i = 0; i < job_.models.size(); ++i) report_.models[i].name = job_.models[i];
  }

  const EvaluateJob& job_;
  Progress& progress_;
  std::stop_token stop_;
  std::vector<catalog::FoundModel> models_;
  Kind kind_;  // what all of them are
  std::optional<CodecFaces> faces_;
  std::unique_ptr<DetectorFeatures> features_;
  std::optional<OutputFolder> output_;
  std::unique_ptr<FrameJudge> judge_;
  std::unique_ptr<HeadJudge> head_judge_;
  std::vector<fs::path> clips_;
  ContactSheet sheet_;
  EvaluationReport report_;
};

EvaluationReport compare_files(const EvaluateJob& job) {
  EvaluationReport report;
  EvaluatedModel row;
  row.name = job.keypoints_generated.filename().string();
  row.family = "files";
  row.file = job.keypoints_generated;
  row.parts.push_back(compare_keypoint_files(job.keypoints_real, job.keypoints_generated));
  report.models.push_back(std::move(row));
  if (!job.output.empty()) {
    OutputFolder output(job.output, false);
    write_text(output.path() / "report.json", to_json(job, report));
    output.commit();
  }
  return report;
}

class ModelEvaluator : public Evaluator {
 public:
  EvaluationReport evaluate(const EvaluateJob& job, Progress& progress, std::stop_token stop) override {
    check_job(job);
    if (!job.keypoints_real.empty()) return compare_files(job);
    Run run(job, progress, std::move(stop));
    EvaluationReport report = run.run();
    run.write(report);
    return report;
  }
};

}  // namespace
}  // namespace animate::evaluate

namespace animate {

std::unique_ptr<Evaluator> make_evaluator() { return std::make_unique<evaluate::ModelEvaluator>(); }

}  // namespace animate
