#pragma once

#include <string>

#include "animate/options.h"

namespace animate {

// Options of the First Order Motion Model alone.
class FommOptions : public FamilyOptions {
 public:
  // Grid sampling convention (spec section 9). auto: what the model's metadata says, else off, which is what the
  // original program computes with every torch since 1.3.
  std::string align_corners = "auto";
  // Size the networks work at, "N" or "WIDTHxHEIGHT"; empty: the config's frame_shape.
  std::string frame_size;

  std::string_view family() const override { return "fomm"; }
  void describe(OptionVisitor& visitor) override;
};

}  // namespace animate
