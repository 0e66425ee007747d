#pragma once

#include "animate/facts.h"
#include "catalog/model_finder.h"
#include "models/driven_model.h"

namespace animate {

// Describes a loaded model and hashes the files that it was found in, which reads them whole.
// Throws Error(Input) when one of them can no longer be read.
ModelFacts describe_model(const DrivenModel& model, const FoundModel& found);

}  // namespace animate
