#include "animate/animator.h"

#include <ATen/Parallel.h>

#include <atomic>
#include <thread>

#include "animate/version.h"
#include "base/error.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/stopwatch.h"
#include "catalog/default_model.h"
#include "catalog/model_finder.h"
#include "core/device.h"
#include "engine/animation.h"
#include "engine/job_checks.h"
#include "engine/portrait/portrait_animation.h"
#include "engine/translate_errors.h"
#include "models/registry.h"

namespace animate {
namespace {

class EngineAnimator : public Animator {
 public:
  std::string load(const ModelSpec& spec, const AnimateOptions& options) override {
    return translate_errors([&] {
      const Stopwatch watch;
      const ProcessMemory before = process_memory();
      const FoundModel found = find(spec);
      use_threads(options.runtime);
      model_ = load_model(ModelFiles::open(found), options);
      log::info("model {} ({:.1f} M parameters) on {}, ready in {:.2f} s", model_->info().name,
                static_cast<double>(model_->info().parameters) / 1e6, describe_device(model_->device()),
                watch.seconds());
      log::debug("memory: {:.0f} MB before loading, {:.0f} MB at most while loading",
                 static_cast<double>(before.resident) / 1e6, static_cast<double>(process_memory().peak) / 1e6);
      return model_->info().name;
    });
  }

  void check(const AnimateJob& job) const override { check_job(job); }
  void check(const TemplateJob& job) const override { check_job(job); }

  AnimateSummary run(const AnimateJob& job, Progress& progress, std::stop_token stop) override {
    return translate_errors([&] {
      check_job(job);
      if (const auto* portrait = dynamic_cast<const liveportrait::LivePortraitModel*>(loaded().get())) {
        return run_portrait_animation(*portrait, job, progress, stop);
      }
      return run_animation(loaded(), job, progress, stop);
    });
  }

  AnimateSummary make_template(const TemplateJob& job, Progress& progress, std::stop_token stop) override {
    return translate_errors([&] {
      check_job(job);
      if (const auto* portrait = dynamic_cast<const liveportrait::LivePortraitModel*>(loaded().get())) {
        return run_portrait_extraction(*portrait, job, progress, stop);
      }
      return run_extraction(loaded(), job, progress, stop);
    });
  }

 private:
  // The hint about better weights is given once a process, however many Animators work.
  static FoundModel find(const ModelSpec& spec) {
    if (!spec.model.empty() || !spec.config.empty()) return find_model(spec);
    static std::atomic_flag told;
    const DefaultModel chosen = default_model();
    if (!chosen.hint.empty() && !told.test_and_set()) log::info("{}", chosen.hint);
    return chosen.model;
  }

  static void use_threads(const RuntimeOptions& options) {
    const auto cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    at::set_num_threads(options.threads > 0 ? static_cast<int>(options.threads) : cores);
  }

  const std::shared_ptr<const Model>& loaded() const {
    animate::check(model_ != nullptr, ErrorKind::Internal, "a job was run before a model was loaded");
    return model_;
  }

  std::shared_ptr<const Model> model_;
};

}  // namespace

std::unique_ptr<Animator> make_animator() { return std::make_unique<EngineAnimator>(); }

}  // namespace animate
