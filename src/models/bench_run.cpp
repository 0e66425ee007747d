#include "models/bench_run.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "base/error.h"
#include "catalog/runtime_choices.h"
#include "core/device.h"
#include "core/threads.h"
#include "models/bench_clock.h"
#include "models/bench_subject.h"
#include "models/layer_table.h"
#include "models/machine_probe.h"
#include "models/operation_recorder.h"

namespace animate::models {
namespace {

constexpr const char* kBaseline = "baseline";

BenchSubject subject_of(const ModelFamily& family, const ModelFiles& files, const BenchOptions& options) {
  torch::manual_seed(kBenchSeed);
  return family.bench(files, options);
}

const char* mode_of(const BenchOptions& options) { return options.baseline ? kBaseline : "optimised"; }

double gflop_of(const std::vector<RecordedOperation>& operations) {
  double sum = 0;
  for (const RecordedOperation& operation : operations) sum += operation.flop;
  return sum / 1e9;
}

MachineProbe better(const MachineProbe& a, const MachineProbe& b) {
  return {std::max(a.gflops, b.gflops), std::max(a.gigabytes_per_second, b.gigabytes_per_second)};
}

// In double precision: a float would lose small differences in the sum over a picture.
PictureDifference difference_of(const torch::Tensor& ours, const torch::Tensor& theirs) {
  const auto gap = (ours.to(torch::kCPU, torch::kDouble) - theirs.to(torch::kCPU, torch::kDouble)).abs();
  const double squares = gap.square().mean().item<double>();
  PictureDifference difference;
  difference.largest = gap.max().item<double>();
  difference.psnr = squares > 0 ? -10 * std::log10(squares) : std::numeric_limits<double>::infinity();
  return difference;
}

class BenchRun {
 public:
  BenchRun(const ModelFamily& family, const ModelFiles& files, const BenchOptions& options)
      : options_(options), device_(core::choose_device(options.runtime.device)), clock_(options.frames, device_) {
    check_options();
    core::use_threads(options.runtime);
    ours_ = subject_of(family, files, options);
    if (ours_.repetitions > 0) clock_ = BenchClock(ours_.repetitions, device_, 0);
    check(!options.morph || ours_.morph != nullptr, ErrorKind::Usage,
          "--morph: there is no morph by motion to measure here; leave it out, or --baseline");
    check_earlier();
    if (!compares_baseline()) return;
    BenchOptions original = options;
    original.baseline = true;
    original.runtime.half = false;
    original.runtime.precision = PrecisionChoice::Fp32;
    original.runtime.batch.frames = 1;
    theirs_ = subject_of(family, files, original);
    check(theirs_->stages.size() == ours_.stages.size(), ErrorKind::Internal, "the two ways have different stages");
  }

  BenchReport run() {
    const c10::InferenceMode guard;
    start_report();
    // Twice, and the better counts: a neighbour on the machine must not lower what is called its peak.
    if (options_.probe) report_.probe = probe_machine(device_);
    time_stages();
    time_frames();
    time_morph();
    count_operations();
    if (options_.probe) report_.probe = better(report_.probe, probe_machine(device_));
    if (theirs_) report_.comparison->difference = difference_of(ours_.frame().narrow(0, 0, 1), theirs_->frame());
    return std::move(report_);
  }

 private:
  bool compares_baseline() const { return options_.compare.kind == ComparedWith::Kind::Baseline; }

  void check_options() const {
    const PrecisionChoice precision = catalog::chosen_precision(options_.runtime);
    const bool plain = precision == PrecisionChoice::Auto || precision == PrecisionChoice::Fp32;
    check(!options_.baseline || plain, ErrorKind::Usage,
          "--baseline runs in float32 as the original does; leave out --half and --precision");
    check(!(options_.baseline && compares_baseline()), ErrorKind::Usage,
          "--compare baseline with --baseline compares the original's computation with itself; leave out --baseline");
    check(options_.compare.kind != ComparedWith::Kind::File || options_.earlier, ErrorKind::Internal,
          "the file to compare with was not read");
  }

  void check_earlier() const {
    if (!options_.earlier) return;
    const BenchComparison& earlier = *options_.earlier;
    check(earlier.model == ours_.model, ErrorKind::Input,
          "{}: was measured with the model {}, this is {}; give a file of the same model", earlier.name, earlier.model,
          ours_.model);
    check(earlier.width == ours_.width && earlier.height == ours_.height, ErrorKind::Input,
          "{}: was measured with frames of {}x{}, these are {}x{}; give a file of the same frame size", earlier.name,
          earlier.width, earlier.height, ours_.width, ours_.height);
  }

  void start_report() {
    report_.model = ours_.model;
    report_.device = core::describe_device(device_);
    report_.mode = mode_of(options_);
    report_.width = ours_.width;
    report_.height = ours_.height;
    report_.frames = options_.frames;
    report_.comparison = options_.earlier;
    if (theirs_) {
      report_.comparison =
          BenchComparison{kBaseline, ours_.model, report_.device, kBaseline, ours_.width, ours_.height, {}, 0, {}};
    }
  }

  void time_stages() {
    for (size_t i = 0; i < ours_.stages.size(); ++i) {
      BenchStage ours = ours_.stages[i].facts;
      if (theirs_) {
        BenchStage theirs = theirs_->stages[i].facts;
        const auto [mine, other] = clock_.medians(ours_.stages[i].work, theirs_->stages[i].work);
        ours.milliseconds = mine;
        theirs.milliseconds = other;
        report_.comparison->stages.push_back(std::move(theirs));
      } else {
        const BenchSubject::Stage& stage = ours_.stages[i];
        const auto work = stage.work ? stage.work : stage.open();
        ours.milliseconds = clock_.median(work) / static_cast<double>(stage.frames);
      }
      report_.stages.push_back(std::move(ours));
    }
  }

  void time_frames() {
    if (!ours_.frame) {
      for (const BenchStage& stage : report_.stages) {
        if (stage.per_frame) report_.milliseconds_per_frame += stage.milliseconds;
      }
      report_.frames_per_second = 1000 / std::max(report_.milliseconds_per_frame, 1e-9);
      return;
    }
    const auto frame = [this] { ours_.frame(); };
    if (theirs_) {
      const auto [mine, other] = clock_.medians(frame, [this] { theirs_->frame(); });
      report_.milliseconds_per_frame = mine / static_cast<double>(ours_.batch);
      report_.comparison->milliseconds_per_frame = other;
    } else {
      report_.milliseconds_per_frame = clock_.median(frame) / static_cast<double>(ours_.batch);
    }
    report_.frames_per_second = 1000 / std::max(report_.milliseconds_per_frame, 1e-9);
  }

  void time_morph() {
    if (!options_.morph) return;
    const auto [whole, one] = clock_.medians(ours_.morph, ours_.render);
    const auto batch = static_cast<double>(ours_.batch);
    report_.morph = BenchMorph{2, whole / batch, one / batch};
  }

  // In runs of their own, for the observers cost time.
  void count_operations() {
    for (size_t i = 0; i < ours_.stages.size(); ++i) {
      if (report_.stages[i].gflop > 0) continue;
      report_.stages[i].gflop = gflop_of(record_operations(ours_.stages[i].work, device_).operations);
    }
    if (!ours_.frame) {
      for (const BenchStage& stage : report_.stages) report_.gflop_per_frame += stage.per_frame ? stage.gflop : 0;
      return;
    }
    constexpr int64_t recorded_frames = 3;
    std::vector<Recording> recordings;
    const int64_t wanted = options_.layers ? recorded_frames : 1;
    for (int64_t i = 0; i < wanted; ++i) recordings.push_back(record_operations([this] { ours_.frame(); }, device_));
    report_.gflop_per_frame = gflop_of(recordings.front().operations) / static_cast<double>(ours_.batch);
    if (!options_.layers) return;
    LayerTable table = layer_table(recordings);
    report_.layers = std::move(table.layers);
    report_.layers_frame_milliseconds = table.frame_milliseconds;
  }

  BenchOptions options_;
  torch::Device device_;
  BenchClock clock_;
  BenchSubject ours_;
  std::optional<BenchSubject> theirs_;
  BenchReport report_;
};

}  // namespace

BenchReport run_bench(const ModelFamily& family, const ModelFiles& files, const BenchOptions& options) {
  return BenchRun(family, files, options).run();
}

}  // namespace animate::models
