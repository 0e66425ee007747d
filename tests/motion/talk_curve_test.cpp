#include "motion/talk_curve.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "motion/idle_face.h"
#include "support/catch.h"

using namespace animate::motion;

namespace {

constexpr double kNothing = -std::numeric_limits<double>::infinity();

// Half a second of voice, half a second of silence, and so on.
std::vector<double> words(size_t frames, double loud) {
  std::vector<double> levels;
  for (size_t i = 0; i < frames; ++i) levels.push_back(i / 12 % 2 == 0 ? loud : kNothing);
  return levels;
}

}  // namespace

TEST_CASE("the mouth opens with the voice and shuts with silence, however loud the recording is") {
  const auto loud = talk_curve(words(120, -10), 120, 25, fastest_mouth(25));
  const auto quiet = talk_curve(words(120, -35), 120, 25, fastest_mouth(25));
  REQUIRE(loud.size() == 120);
  for (size_t i = 0; i < loud.size(); ++i) CHECK(loud[i] == Approx(quiet[i]).margin(1e-9));
  CHECK(loud[30] > 0.9);   // in the second word
  CHECK(loud[42] < 0.05);  // behind it
}

TEST_CASE("it is shut at both ends and never too fast") {
  for (const double rate : {12.0, 25.0, 60.0}) {
    const auto curve = talk_curve(words(120, -10), 120, rate, fastest_mouth(rate));
    CHECK(curve.front() == 0);
    CHECK(curve.back() == 0);
    for (size_t i = 1; i < curve.size(); ++i) {
      CHECK(std::abs(curve[i] - curve[i - 1]) <= fastest_mouth(rate) + 1e-12);
      CHECK(curve[i] >= 0);
      CHECK(curve[i] <= 1);
    }
  }
}

TEST_CASE("silence and noise far below a voice move nothing") {
  for (const double level : {kNothing, -80.0, -56.0}) {
    const auto curve = talk_curve(std::vector<double>(50, level), 50, 25, 1);
    CHECK(std::all_of(curve.begin(), curve.end(), [](double open) { return open == 0; }));
  }
  CHECK(talk_curve({}, 10, 25, 1) == std::vector<double>(10, 0));
  CHECK(talk_curve({}, 0, 25, 1).empty());
}

TEST_CASE("where the sound ends the mouth rests") {
  const auto curve = talk_curve(std::vector<double>(25, -10), 100, 25, 1);
  CHECK(curve[12] > 0.9);
  for (size_t i = 30; i < curve.size(); ++i) CHECK(curve[i] == Approx(0).margin(1e-6));
}
