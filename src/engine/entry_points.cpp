// What programs look up by name after loading libanimate at run time (src/cli/engine_loader.cpp). The version is part
// of the names: a program never talks to a library of another layout.
#include "animate/animator.h"
#include "animate/evaluator.h"
#include "animate/toolbox.h"
#include "animate/trainer.h"

#define ANIMATE_JOIN_(a, b) a##b
#define ANIMATE_JOIN(a, b) ANIMATE_JOIN_(a, b)

extern "C" {

ANIMATE_EXPORT animate::Animator* ANIMATE_JOIN(animate_new_animator_, ANIMATE_ENGINE_ABI)() {
  return animate::make_animator().release();
}

ANIMATE_EXPORT animate::Toolbox* ANIMATE_JOIN(animate_new_toolbox_, ANIMATE_ENGINE_ABI)() {
  return animate::make_toolbox().release();
}

ANIMATE_EXPORT animate::Trainer* ANIMATE_JOIN(animate_new_trainer_, ANIMATE_ENGINE_ABI)() {
  return animate::make_trainer().release();
}

ANIMATE_EXPORT animate::Evaluator* ANIMATE_JOIN(animate_new_evaluator_, ANIMATE_ENGINE_ABI)() {
  return animate::make_evaluator().release();
}

}  // extern "C"
