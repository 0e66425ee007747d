#include "engine/codec/open_codec.h"

#include "base/log.h"
#include "base/stopwatch.h"
#include "core/device.h"
#include "core/threads.h"
#include "engine/model_facts.h"
#include "media/codec_threads.h"
#include "models/registry.h"

namespace animate::engine {
namespace {

catalog::FoundModel find_codec(const ModelSpec& spec) {
  return catalog::find_model(spec.model.empty() ? ModelSpec{kShippedCodec, spec.config} : spec);
}

}  // namespace

ModelFacts OpenedCodec::facts() const {
  ModelFacts told = describe_model(*codec, found);
  told.warnings = warnings;
  return told;
}

OpenedCodec open_codec(const ModelSpec& spec, const RuntimeOptions& options) {
  const Stopwatch watch;
  core::use_threads(options);
  media::set_codec_threads(static_cast<int>(options.threads));
  OpenedCodec opened;
  opened.found = find_codec(spec);
  AnimateOptions all;
  all.runtime = options;
  {
    const log::CollectWarnings collect(opened.warnings);
    opened.codec = models::load_codec(models::ModelFiles::open(opened.found), all);
  }
  const models::CodecInfo& info = opened.codec->info();
  log::info("model {} ({:.1f} M parameters, codes of {} numbers) on {}, ready in {:.2f} s", info.name,
            static_cast<double>(info.parameters) / 1e6, info.numbers, core::describe_device(opened.codec->device()),
            watch.seconds());
  return opened;
}

bool names_a_codec(const ModelSpec& spec) {
  return models::family_of(models::ModelFiles::open(find_codec(spec))).is_codec();
}

}  // namespace animate::engine
