#include "animate/model.h"

#include <atomic>
#include <mutex>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/stopwatch.h"
#include "catalog/default_model.h"
#include "catalog/liveportrait_layout.h"
#include "catalog/model_finder.h"
#include "catalog/runtime_choices.h"
#include "core/device.h"
#include "core/threads.h"
#include "engine/codec/codec_model.h"
#include "engine/codec/open_codec.h"
#include "engine/job_checks.h"
#include "engine/job_family.h"
#include "engine/model_facts.h"
#include "engine/provenance.h"
#include "engine/summary.h"
#include "engine/translate_errors.h"
#include "media/codec_threads.h"

namespace animate {
namespace {

constexpr std::string_view kLivePortrait = "liveportrait";

// Where several sets of LivePortrait's weights lie side by side.
void tell_choice(const std::filesystem::path& folder) {
  if (const std::string choice = catalog::liveportrait_choice(folder); !choice.empty()) log::info("{}", choice);
}

// The hint about better weights is given once a process, however many models are opened.
catalog::FoundModel find(const ModelSpec& spec) {
  if (!spec.model.empty() || !spec.config.empty()) {
    catalog::FoundModel found = catalog::find_model(spec);
    std::error_code ec;
    if (found.family == kLivePortrait) {
      tell_choice(std::filesystem::is_directory(spec.model, ec) ? std::filesystem::path(spec.model) : found.location());
    }
    return found;
  }
  static std::atomic_flag told;
  const catalog::DefaultModel chosen = catalog::default_model();
  if (!told.test_and_set()) {
    if (!chosen.hint.empty()) log::info("{}", chosen.hint);
    if (chosen.model.family == kLivePortrait) tell_choice(chosen.model.location());
  }
  return chosen.model;
}

void use_threads(const RuntimeOptions& options) {
  core::use_threads(options);
  media::set_codec_threads(static_cast<int>(options.threads));
}

// Stands between a session and its user: exceptions of the libraries leave as animate::Error, and the model is kept
// alive as long as the session.
class GuardedSession : public Session {
 public:
  GuardedSession(std::shared_ptr<const Model> model, std::unique_ptr<Session> session)
      : model_(std::move(model)), session_(std::move(session)) {}

  SessionFrame animate(const Image& driving, std::optional<double> time) override {
    return engine::translate_errors([&] { return session_->animate(driving, time); });
  }
  void recalibrate() override { session_->recalibrate(); }
  void set_options(const AnimateOptions& options) override {
    engine::translate_errors([&] { session_->set_options(options); });
  }
  Image edit(const EditSettings& settings) override {
    return engine::translate_errors([&] { return session_->edit(settings); });
  }
  std::vector<SessionFace> faces() const override {
    return engine::translate_errors([&] { return session_->faces(); });
  }

 private:
  std::shared_ptr<const Model> model_;
  std::unique_ptr<Session> session_;
};

class EngineModel : public Model, public std::enable_shared_from_this<EngineModel> {
 public:
  EngineModel(const ModelSpec& spec, const RuntimeOptions& runtime) : found_(find(spec)) {
    const Stopwatch watch;
    const ProcessMemory before = process_memory();
    use_threads(runtime);
    {
      AnimateOptions options;
      options.runtime = runtime;
      options.fomm = spec.fomm;
      const log::CollectWarnings collect(load_warnings_);
      const models::ModelFiles files = models::ModelFiles::open(found_);
      const models::ModelFamily family = models::family_of(files);
      models::require_driven(family, files.name);
      jobs_ = engine::job_family(family.name).open(files, options);
    }
    const models::ModelInfo& info = jobs_->model().info();
    log::info("model {} ({:.1f} M parameters) on {}, ready in {:.2f} s", info.name,
              static_cast<double>(info.parameters) / 1e6, core::describe_device(jobs_->model().device()),
              watch.seconds());
    log::debug("memory: {:.0f} MB before loading, {:.0f} MB at most while loading",
               static_cast<double>(before.resident) / 1e6, static_cast<double>(process_memory().peak) / 1e6);
  }

  const std::string& name() const override { return jobs_->model().info().name; }

  ModelFacts facts() const override {
    return engine::translate_errors([&] { return known_facts(); });
  }

  AnimateSummary run(const AnimateJob& asked, Progress& progress, std::stop_token stop) const override {
    return engine::translate_errors([&] {
      engine::CheckedJob job = engine::checked_job(asked);
      AnimateSummary loading;
      loading.warnings = load_warnings_;
      engine::refuse_warnings(loading, job.options.output.strict);
      hint_at_animals(job);
      // Hashing reads every weights file again, so it is done only when provenance was asked for.
      if (job.options.output.provenance) {
        job.options = engine::with_provenance(std::move(job.options), known_facts(), engine::made_from(job));
      }
      return jobs_->run(job, progress, std::move(stop));
    });
  }

  AnimateSummary run(const TemplateJob& asked, Progress& progress, std::stop_token stop) const override {
    return engine::translate_errors([&] { return jobs_->run(engine::checked_job(asked), progress, std::move(stop)); });
  }

  std::unique_ptr<Session> open_session(const Image& source, const AnimateOptions& options) const override {
    return engine::translate_errors([&]() -> std::unique_ptr<Session> {
      check(!source.empty(), ErrorKind::Usage, "the source picture is empty; give one with pixels");
      return std::make_unique<GuardedSession>(shared_from_this(), jobs_->open_session(source, options));
    });
  }

 private:
  // Once a model: the two kinds of weights have the same names and shapes.
  void hint_at_animals(const engine::CheckedJob& job) const {
    if (job.options.liveportrait.animal || job.is_edit() || job.is_morph() || !catalog::looks_like_animals(found_))
      return;
    if (hinted_.test_and_set()) return;
    log::info("{}: by its name this folder holds weights for animals; for a picture of one give --animal",
              show(found_.location()));
  }

  // Jobs may run side by side: the first that asks makes them, the others wait.
  const ModelFacts& known_facts() const {
    const std::lock_guard lock(facts_mutex_);
    if (!facts_) {
      facts_ = engine::describe_model(jobs_->model(), found_);
      facts_->warnings = load_warnings_;
    }
    return *facts_;
  }

  catalog::FoundModel found_;
  std::unique_ptr<const engine::DrivenJobs> jobs_;
  std::vector<std::string> load_warnings_;
  mutable std::atomic_flag hinted_;
  mutable std::mutex facts_mutex_;
  mutable std::optional<ModelFacts> facts_;
};

}  // namespace

void check_job(const AnimateJob& job) {
  engine::translate_errors([&] { engine::checked_job(job); });
}

void check_job(const TemplateJob& job) {
  engine::translate_errors([&] { engine::checked_job(job); });
}

std::shared_ptr<const Model> open_model(const ModelSpec& spec, const RuntimeOptions& options) {
  return engine::translate_errors([&]() -> std::shared_ptr<const Model> {
    catalog::check_runtime(options);
    // Without a name it is the default, which moves.
    if (!spec.model.empty() && engine::names_a_codec(spec)) return engine::open_codec_model(spec, options);
    return std::make_shared<EngineModel>(spec, options);
  });
}

}  // namespace animate
