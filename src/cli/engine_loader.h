#pragma once

#include <filesystem>
#include <memory>

#include "animate/animator.h"
#include "animate/evaluator.h"
#include "animate/toolbox.h"
#include "animate/trainer.h"

namespace animate::cli {

// The engine lives in libanimate.so, which pulls in LibTorch, FFmpeg and OpenCV: loading those takes about half a
// second, so it is put off until a command needs them. --help and wrong flags answer at once.
// All throw Error(Input) when the library is missing or of another build.
std::unique_ptr<Animator> load_animator();
std::unique_ptr<Toolbox> load_toolbox();
std::unique_ptr<Trainer> load_trainer();
std::unique_ptr<Evaluator> load_evaluator();

// Where libanimate lies, which is not loaded for that; an empty path when it is neither in the build tree nor where an
// installation has it.
std::filesystem::path engine_file();

}  // namespace animate::cli
