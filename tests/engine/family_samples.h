#pragma once

#include <vector>

#include "engine/family_sample.h"

namespace animate::test {

// A small model of every family, made without files from elsewhere. A new family adds its own.
std::vector<FamilySample> family_samples();

}  // namespace animate::test
