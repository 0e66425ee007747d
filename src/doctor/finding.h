#pragma once

#include <string>

namespace animate::doctor {

enum class Health { Good, Note, Bad };  // Bad: the main job cannot run

// One line of the report.
struct Finding {
  std::string area;  // "device", "LibTorch", …
  Health health = Health::Good;
  std::string text;
  std::string advice;  // what to do; empty where there is nothing
};

}  // namespace animate::doctor
