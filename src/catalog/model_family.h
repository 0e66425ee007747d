#pragma once

#include <string>

#include "catalog/model_finder.h"

namespace animate::catalog {

// What family a found model is of, as far as names and metadata tell without building it: "fomm", "liveportrait",
// "video_diffusion", what the file says of itself, "unknown", or "unreadable: …" with the reader's sentence.
std::string told_family(const FoundModel& model);

}  // namespace animate::catalog
