#pragma once

#include <set>
#include <string>
#include <vector>

namespace animate::cli {

// Brings a command line into the one spelling that the parser knows:
//   - and _ alike in long flags;
//   the original program's names (--source_image, --driving_video, --result_video, --checkpoint, --find_best_frame,
//   --best_frame N, --cpu, --audio without a value);
//   --preset FILE.toml, told from --preset NAME of the encoder;
//   a file name that starts with a dash after a flag that takes one.
// `known` holds every flag of the program, with dashes.
std::vector<std::string> normalise_arguments(std::vector<std::string> arguments, const std::set<std::string>& known);

}  // namespace animate::cli
