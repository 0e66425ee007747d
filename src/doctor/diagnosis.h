#pragma once

#include <string>
#include <vector>

#include "catalog/model_survey.h"
#include "doctor/finding.h"
#include "doctor/libraries.h"
#include "doctor/machine.h"

namespace animate::doctor {

// What can be done on this machine, and what is missing for the rest.
struct Ability {
  std::string what;  // "photos and videos of people"
  bool ready = false;
  std::string how;     // with what, or what is missing
  std::string step;    // a command, where one helps
  bool wanted = true;  // false: few need it, so that it is not the next step
};

struct Diagnosis {
  std::vector<Finding> findings;
  std::vector<Ability> abilities;
  bool can_run = true;    // a picture can be animated
  std::string next_step;  // the one thing to do now, as a command where there is one
};

// A judgement of facts alone: nothing is looked at here.
Diagnosis diagnose(const Machine& machine, const Libraries& libraries,
                   const std::vector<catalog::SurveyedModel>& models);

}  // namespace animate::doctor
