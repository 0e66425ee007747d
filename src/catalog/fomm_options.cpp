#include "catalog/fomm_options.h"

#include <array>

namespace animate {

void FommOptions::describe(OptionVisitor& visitor) {
  constexpr auto choices = std::to_array<std::string_view>({"auto", "on", "off"});
  visitor.choice("align-corners", align_corners, choices,
                 "grid sampling convention: off as the original program today, on as in the paper's training");
  visitor.text("frame-size", frame_size, "N|WxH",
               "pixels that the networks work at, as in 512 for vox-512; default what the config says");
}

}  // namespace animate
