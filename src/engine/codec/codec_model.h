#pragma once

#include <memory>

#include "animate/model.h"

namespace animate::engine {

// A codec as an opened model: it runs morphs through codes, and refuses jobs with a driver, templates and sessions as
// models::require_driven() does. Throws as open_codec() does.
std::shared_ptr<const Model> open_codec_model(const ModelSpec& spec, const RuntimeOptions& options);

}  // namespace animate::engine
