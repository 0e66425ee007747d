#pragma once

#include <memory>

#include "animate/dream.h"
#include "animate/evaluator.h"
#include "animate/export.h"
#include "animate/faces.h"
#include "animate/job.h"
#include "animate/model.h"
#include "animate/picture_reader.h"
#include "animate/toolbox.h"
#include "animate/trainer.h"

namespace animate {

// Every function of the library in one table, for programs that load libanimate while they run, as `animate` does: it
// pulls in LibTorch, which takes half a second. Others link it and call the functions by their names.
struct Engine {
  decltype(&animate::open_model) open_model = nullptr;
  void (*check_job)(const AnimateJob&) = nullptr;
  void (*check_template_job)(const TemplateJob&) = nullptr;
  decltype(&animate::make_toolbox) make_toolbox = nullptr;
  decltype(&animate::make_trainer) make_trainer = nullptr;
  decltype(&animate::make_evaluator) make_evaluator = nullptr;
  decltype(&animate::make_picture_reader) make_picture_reader = nullptr;
  decltype(&animate::make_face_maker) make_face_maker = nullptr;
  decltype(&animate::make_dreamer) make_dreamer = nullptr;
};

}  // namespace animate
