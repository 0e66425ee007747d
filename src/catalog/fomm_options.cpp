#include "animate/fomm_options.h"

namespace animate {

void FommOptions::describe(OptionVisitor& visitor) {
  visitor.choice("align-corners", align_corners,
                 "grid sampling convention: off as the original program today, on as in the paper's training");
  visitor.text("frame-size", frame_size, "N|WxH",
               "pixels that the networks work at, as in 512 for vox-512; default what the config says");
}

}  // namespace animate
