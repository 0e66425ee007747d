#include "catalog/fomm_options.h"

#include <array>

namespace animate {

void FommOptions::describe(OptionVisitor& visitor) {
  constexpr auto choices = std::to_array<std::string_view>({"auto", "on", "off"});
  visitor.choice("align-corners", align_corners, choices,
                 "grid sampling convention: off as the original program today, on as in the paper's training");
}

}  // namespace animate
