#include "engine/codec/codec_model.h"

#include <mutex>
#include <optional>
#include <utility>

#include "base/error.h"
#include "engine/codec/latent_clip.h"
#include "engine/codec/open_codec.h"
#include "engine/job_checks.h"
#include "engine/provenance.h"
#include "engine/summary.h"
#include "engine/translate_errors.h"
#include "models/registry.h"

namespace animate::engine {
namespace {

class CodecModel : public Model {
 public:
  explicit CodecModel(OpenedCodec opened) : opened_(std::move(opened)) {}

  const std::string& name() const override { return opened_.codec->info().name; }

  // Jobs may run side by side: the first that asks hashes the files, the others wait.
  ModelFacts facts() const override {
    return translate_errors([&] {
      const std::lock_guard lock(mutex_);
      if (!facts_) facts_ = opened_.facts();
      return *facts_;
    });
  }

  AnimateSummary run(const AnimateJob& asked, Progress& progress, std::stop_token stop) const override {
    return translate_errors([&] {
      CheckedJob job = checked_job(asked);
      if (!job.is_morph()) refuse();
      AnimateSummary loading;
      loading.warnings = opened_.warnings;
      refuse_warnings(loading, job.options.output.strict);
      if (job.options.output.provenance) job.options = with_provenance(std::move(job.options), facts(), made_from(job));
      return run_latent_clip(*opened_.codec, job, progress, std::move(stop));
    });
  }

  AnimateSummary run(const TemplateJob&, Progress&, std::stop_token) const override { refuse(); }

  std::unique_ptr<Session> open_session(const Image&, const AnimateOptions&) const override { refuse(); }

 private:
  [[noreturn]] void refuse() const {
    models::require_driven(models::family_of(models::ModelFiles::open(opened_.found)), name());
    fail(ErrorKind::Internal, "{}: is no codec", name());
  }

  OpenedCodec opened_;
  mutable std::mutex mutex_;
  mutable std::optional<ModelFacts> facts_;
};

}  // namespace

std::shared_ptr<const Model> open_codec_model(const ModelSpec& spec, const RuntimeOptions& options) {
  return std::make_shared<CodecModel>(open_codec(spec, options));
}

}  // namespace animate::engine
