#pragma once

#include <optional>

#include "animate/export.h"
#include "animate/option_values.h"

namespace animate {

// Options of the First Order Motion Model alone.
struct ANIMATE_EXPORT FommOptions {
  // Grid sampling convention (models/fomm/README.md#sampling). auto: what the model's metadata says, else off, which is
  // what the original program computes with every torch since 1.3.
  Switch align_corners = Switch::Auto;
  std::optional<FrameSize> frame_size;  // that the networks work at; absent: the config's frame_shape

  void describe(OptionVisitor& visitor);
  bool operator==(const FommOptions&) const = default;
};

}  // namespace animate
