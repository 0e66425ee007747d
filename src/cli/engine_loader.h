#pragma once

#include <filesystem>

#include "animate/engine.h"

namespace animate::cli {

// The engine lives in libanimate.so, which pulls in LibTorch, FFmpeg and OpenCV: loading those takes about half a
// second, so it is put off until a command needs them. --help and wrong flags answer at once.
// Throws Error(Input) when the library is missing or of another build.
const Engine& engine();

// Where libanimate lies, which is not loaded for that; an empty path when it is neither in the build tree nor where an
// installation has it.
std::filesystem::path engine_file();

}  // namespace animate::cli
