#pragma once

#include <functional>
#include <string>

#include "animate/model.h"
#include "support/temp_dir.h"

namespace animate::test {

// A small model of one family, for the test that every family passes.
struct FamilySample {
  std::string family;
  // Writes what the model needs into the folder and tells how it is opened.
  std::function<ModelSpec(const TempDir& folder)> make;
  AnimateOptions options;  // with which a source of shaded colours can be animated
};

}  // namespace animate::test
