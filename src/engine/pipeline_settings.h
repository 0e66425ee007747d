#pragma once

#include "catalog/runtime_choices.h"
#include "engine/pipeline.h"
#include "models/driven_model.h"

namespace animate::engine {

// For stages whose calling thread works with `model`.
inline PipelineSettings pipeline_settings(const RuntimeOptions& options, const models::DrivenModel& model) {
  PipelineSettings settings;
  settings.batch = static_cast<size_t>(catalog::batch_size(options, model.device().is_cuda()));
  return settings;
}

}  // namespace animate::engine
