#include "evaluate/landmark_measures.h"

#include "support/catch.h"

using namespace animate::evaluate;

namespace {

using Point = std::array<double, 2>;

}  // namespace

TEST_CASE("AKD is the mean coordinate difference over points found in both") {
  const Landmarks real{Point{10, 20}, Point{0, 0}, std::nullopt, Point{5, 5}};
  const Landmarks generated{Point{13, 19}, Point{0, 2}, Point{1, 1}, std::nullopt};
  CHECK(*keypoint_distance(real, generated) == Approx((3 + 1 + 0 + 2) / 4.0));
  CHECK_FALSE(keypoint_distance({std::nullopt}, {Point{1, 1}}).has_value());
}

TEST_CASE("MKR counts what only the real frame shows") {
  const Landmarks real{Point{1, 1}, Point{1, 1}, std::nullopt, Point{1, 1}};
  const Landmarks generated{Point{9, 9}, std::nullopt, std::nullopt, std::nullopt};
  CHECK(*missing_rate(real, generated) == Approx(2.0 / 3));
  CHECK(*missing_rate(real, real) == 0);
  CHECK_FALSE(missing_rate({std::nullopt}, {Point{1, 1}}).has_value());
}

TEST_CASE("AED sums squared differences") {
  const std::array<float, 3> a{1, 2, 3}, b{1, 0, 6};
  CHECK(embedding_distance(a, b) == Approx(4 + 9));
}
