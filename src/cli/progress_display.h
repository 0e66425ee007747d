#pragma once

#include <memory>
#include <string>

#include "animate/progress.h"

namespace animate::cli {

// What a Progress counts.
enum class ProgressUnit { Frames, Bytes };

// Shows progress as `mode` asks: "bar" (one moving line with the time left), "lines" (a line about every tenth),
// "json" (one object a line, on stdout), "none", or "auto": a bar on a terminal, lines otherwise.
std::unique_ptr<Progress> make_progress(const std::string& mode, ProgressUnit unit = ProgressUnit::Frames);

}  // namespace animate::cli
