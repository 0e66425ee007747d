#include "animate/animator.h"

#include <ATen/Parallel.h>

#include <atomic>
#include <mutex>
#include <optional>
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
#include "engine/model_facts.h"
#include "engine/portrait/portrait_animation.h"
#include "engine/preview.h"
#include "engine/provenance.h"
#include "engine/summary.h"
#include "engine/translate_errors.h"
#include "media/codec_threads.h"
#include "models/registry.h"

namespace animate {
namespace {

class EngineAnimator : public Animator {
 public:
  std::string load(const ModelSpec& spec, const AnimateOptions& options) override {
    return translate_errors([&] {
      const Stopwatch watch;
      const ProcessMemory before = process_memory();
      facts_.reset();
      found_ = find(spec);
      use_threads(options.runtime);
      {
        load_warnings_.clear();
        const log::CollectWarnings collect(load_warnings_);
        model_ = load_model(ModelFiles::open(found_), options);
      }
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

  ModelFacts model() override {
    return translate_errors([&] { return facts(); });
  }

  AnimateSummary run(const AnimateJob& given, Progress& progress, std::stop_token stop) override {
    return translate_errors([&] {
      check_job(given);
      AnimateJob job = given;
      const bool strict = job.options.output.strict;
      AnimateSummary loading;
      loading.warnings = load_warnings_;
      refuse_warnings(loading, strict);
      // Hashing reads every weights file once more; only who asks for it waits.
      if (job.options.output.provenance) job.options = with_provenance(std::move(job.options), facts());
      if (const auto* portrait = dynamic_cast<const liveportrait::LivePortraitModel*>(loaded().get())) {
        return run_portrait_animation(*portrait, job, progress, stop);
      }
      return job.preview ? run_preview(loaded(), job, progress, stop) : run_animation(loaded(), job, progress, stop);
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
    const auto asked = static_cast<int>(options.threads);
    at::set_num_threads(asked > 0 ? asked : cores);
    set_codec_threads(asked);
  }

  const std::shared_ptr<const Model>& loaded() const {
    animate::check(model_ != nullptr, ErrorKind::Internal, "a job was run before a model was loaded");
    return model_;
  }

  // Jobs may run side by side: the first that asks makes them, the others wait.
  const ModelFacts& facts() {
    const std::lock_guard lock(facts_mutex_);
    if (!facts_) {
      facts_ = describe_model(*loaded(), found_);
      facts_->warnings = load_warnings_;
    }
    return *facts_;
  }

  std::shared_ptr<const Model> model_;
  FoundModel found_;
  std::mutex facts_mutex_;
  std::optional<ModelFacts> facts_;
  std::vector<std::string> load_warnings_;
};

}  // namespace

std::unique_ptr<Animator> make_animator() { return std::make_unique<EngineAnimator>(); }

}  // namespace animate
