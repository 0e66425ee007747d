#include "motion/morph_steps.h"

#include <cmath>

#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate::motion;
using namespace animate;

namespace {

std::vector<double> positions(const std::vector<MorphStep>& steps) {
  std::vector<double> all;
  for (const MorphStep& step : steps) all.push_back(static_cast<double>(step.from) + step.position);
  return all;
}

}  // namespace

TEST_CASE("a passage has both ends and even steps between") {
  MorphTiming timing;
  timing.frames = 5;
  const auto steps = morph_steps(timing);
  CHECK(positions(steps) == std::vector<double>{0, 0.25, 0.5, 0.75, 1});
  CHECK(steps.front().stands());
  CHECK(steps.front().from == 0);
  CHECK(steps.back().stands());
  CHECK(steps.back().from == 1);
  timing.frames = 2;
  CHECK(positions(morph_steps(timing)) == std::vector<double>{0, 1});
}

TEST_CASE("eased, the middle stays and the ends are slow") {
  MorphTiming timing;
  timing.frames = 5;
  timing.smooth = true;
  const auto way = positions(morph_steps(timing));
  CHECK(way[1] == Approx(0.15625));  // t^2 (3 - 2 t) at a quarter
  CHECK(way[2] == Approx(0.5));
  CHECK(way[3] == Approx(1 - 0.15625));
}

TEST_CASE("a chain shows each picture once, a hold more often, and a loop goes back without its ends") {
  MorphTiming timing;
  timing.pictures = 3;
  timing.frames = 3;
  CHECK(positions(morph_steps(timing)) == std::vector<double>{0, 0.5, 1, 1.5, 2});
  timing.hold = 1;
  CHECK(positions(morph_steps(timing)) == std::vector<double>{0, 0, 0.5, 1, 1, 1.5, 2, 2});
  timing.hold = 0;
  timing.loop = true;
  // Behind the last comes the first again.
  CHECK(positions(morph_steps(timing)) == std::vector<double>{0, 0.5, 1, 1.5, 2, 1.5, 1, 0.5});
}

TEST_CASE("the ends are the true pictures, which fade within three frames") {
  MorphTiming timing;
  timing.frames = 64;
  auto steps = morph_steps(timing);
  REQUIRE(steps.size() == 64);
  CHECK(steps[0].true_from == 1);
  CHECK(steps[1].true_from == Approx(2.0 / 3));
  CHECK(steps[2].true_from == Approx(1.0 / 3));
  CHECK(steps[3].true_from == 0);
  CHECK(steps[60].true_to == 0);
  CHECK(steps[61].true_to == Approx(1.0 / 3));
  CHECK(steps[63].true_from == 1);  // it stands there: the second picture is its own
  for (const MorphStep& step : steps) CHECK(step.true_from + step.true_to <= 1);
  timing.frames = 4;  // too short for three
  for (const MorphStep& step : morph_steps(timing)) CHECK(step.true_from + step.true_to <= 1);
  timing.exact_ends = false;
  for (const MorphStep& step : morph_steps(timing)) CHECK(step.true_from + step.true_to == 0);
}

TEST_CASE("details go over in the middle of the way only, colours in twice that") {
  for (const double share : {0.05, 0.4, 1.0}) {
    CHECK(dissolve_weights(0, share).coarse == 0);
    CHECK(dissolve_weights(0, share).fine == 0);
    CHECK(dissolve_weights(1, share).coarse == 1);
    CHECK(dissolve_weights(1, share).fine == 1);
    CHECK(dissolve_weights(0.5, share).coarse == Approx(0.5));
    CHECK(dissolve_weights(0.5, share).fine == Approx(0.5));
  }
  CHECK(dissolve_weights(0.3, 0.4).fine == Approx(0).margin(1e-12));
  CHECK(dissolve_weights(0.3, 0.4).coarse > 0);
  CHECK(dissolve_weights(0.31, 0.4).fine > 0);
  double before = 0;
  for (int i = 0; i <= 100; ++i) {
    const double now = dissolve_weights(i / 100.0, 0.4).fine;
    CHECK(now >= before);
    before = now;
  }
}

TEST_CASE("what is no way at all is a fault of the caller") {
  MorphTiming timing;
  timing.pictures = 1;
  test::error_of(ErrorKind::Internal, [&] { morph_steps(timing); });
  timing.pictures = 2;
  timing.frames = 1;
  test::error_of(ErrorKind::Internal, [&] { morph_steps(timing); });
}
