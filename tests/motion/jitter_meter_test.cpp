#include "motion/jitter_meter.h"

#include "support/catch.h"

using namespace animate::motion;
using namespace animate;

TEST_CASE("jitter is the mean absolute second difference") {
  JitterMeter meter;
  // x: 0, 0.1, 0.4 -> 0.2; y: 0, 0, -0.4 -> 0.4; mean 0.3.
  meter.add(std::vector<Point>{{0, 0}});
  meter.add(std::vector<Point>{{0.1, 0}});
  CHECK_FALSE(meter.mean().has_value());
  meter.add(std::vector<Point>{{0.4, -0.4}});
  CHECK(meter.mean().value() == Approx(0.3));
  // A fourth frame that goes on evenly: x 0.7 -> 0; y -0.8 -> 0; mean 0.15.
  meter.add(std::vector<Point>{{0.7, -0.8}});
  CHECK(meter.mean().value() == Approx(0.15));
  CHECK(meter.frames() == 4);
}

TEST_CASE("steady movement has no jitter, and another number of points starts anew") {
  JitterMeter meter;
  for (int i = 0; i < 5; ++i) meter.add(std::vector<Point>{{0.01 * i, 0.02 * i}, {0.5, -0.5}});
  CHECK(meter.mean().value() == Approx(0).margin(1e-12));
  meter.add(std::vector<Point>{{0.9, 0.9}});
  meter.add(std::vector<Point>{{-0.9, 0.9}});
  CHECK(meter.mean().value() == Approx(0).margin(1e-12));
}

TEST_CASE("poses outside the frame are counted in spans") {
  OutsideMeter meter;
  const std::vector<Point> inside{{0.5, -1}, {1, 1}};
  const std::vector<Point> outside{{0.5, 0}, {0, -1.01}};
  const std::vector<Point> broken{{std::numeric_limits<double>::quiet_NaN(), 0}};
  meter.add(0, inside);
  meter.add(1, outside);
  meter.add(1, outside);  // a second face
  meter.add(2, outside);
  meter.add(3, inside);
  meter.add(4, broken);
  CHECK(meter.result().frames == 3);
  REQUIRE(meter.result().spans.size() == 2);
  CHECK(meter.result().spans[0].first == 1);
  CHECK(meter.result().spans[0].last == 2);
  CHECK(meter.result().spans[1].first == 4);
  CHECK(meter.result().spans[1].last == 4);
}
