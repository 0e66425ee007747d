#include <cstdlib>
#include <string>

#include "fuzz/fuzz_checkpoint.h"
#include "motion/face_template.h"
#include "motion/template_clock.h"
#include "motion/template_facts.h"
#include "motion/template_loop.h"
#include "motion/template_mirror.h"
#include "motion/template_pickle.h"

// A template that reads must survive what the program does with it, and come back from our writer as it is.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace animate;
  fuzz::refusals_only([&] {
    const motion::FaceTemplate face = motion::parse_template_pickle(std::as_bytes(std::span(data, size)), "fuzz");
    const motion::MotionTemplate motion = motion::to_motion_template(face);
    const std::string bytes = motion::template_pickle_bytes(face, "fuzz");
    if (motion::to_motion_template(motion::parse_template_pickle(std::as_bytes(std::span(bytes)), "fuzz")) != motion)
      std::abort();
    motion::facts_of(motion, "fuzz");
    if (face.frames.size() > 64) return;
    fuzz::refusals_only([&] {
      const motion::FaceTemplate twice = motion::mirror(motion::mirror(face, "fuzz"), "fuzz");
      if (motion::to_motion_template(twice) != motion) std::abort();
    });
    fuzz::refusals_only([&] { motion::find_loop(motion, {}, "fuzz"); });
    fuzz::refusals_only([&] { motion::trim(motion, 0.1, 1, "fuzz"); });
    fuzz::refusals_only([&] {
      if (motion::length_of(motion) < 100) motion::resample(motion, {7, 1});
    });
  });
  return 0;
}
