// What programs look up by name after loading libanimate at run time (src/cli/engine_loader.cpp). The version is part
// of the name: a program never talks to a library of another layout.
#include "animate/engine.h"

#define ANIMATE_JOIN_(a, b) a##b
#define ANIMATE_JOIN(a, b) ANIMATE_JOIN_(a, b)

extern "C" {

ANIMATE_EXPORT const animate::Engine* ANIMATE_JOIN(animate_engine_, ANIMATE_ENGINE_ABI)() {
  static constexpr animate::Engine engine{
      &animate::open_model,          &animate::check_job,       &animate::check_job,
      &animate::make_toolbox,        &animate::make_trainer,    &animate::make_evaluator,
      &animate::make_picture_reader, &animate::make_face_maker, &animate::make_dreamer};
  return &engine;
}

}  // extern "C"
