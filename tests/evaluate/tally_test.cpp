#include "evaluate/tally.h"

#include <array>
#include <cmath>
#include <limits>

#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate::evaluate;
using namespace animate;
using evaluate::FigureKind;
using evaluate::Tally;

namespace {

constexpr auto kKinds = std::to_array<FigureKind>({{"a", "A", "px", 2}, {"b", "B", "", 3}, {"c", "C", "dB", 1}});

}  // namespace

TEST_CASE("means are over all numbers, intervals over items") {
  Tally tally(kKinds);
  tally.begin("first");
  tally.add("b", 1);
  tally.add("b", 3);
  tally.begin("second");
  tally.add("b", 5);
  tally.add("b", 7);
  tally.begin("empty");
  const EvaluatedPart part = tally.finish("part", "what");
  REQUIRE(part.figures.size() == 1);  // a and c got nothing
  const EvaluatedFigure& b = part.figures.front();
  CHECK(b.title == "B");
  CHECK(b.count == 4);
  CHECK(b.mean == 4);
  // Two items of mean 2 and 6, half the numbers each: variance 2 (0.25 * 4 + 0.25 * 4) = 4.
  CHECK(b.margin == Approx(1.96 * 2));
  REQUIRE(part.items.size() == 3);
  CHECK(part.items[0].second.at("b") == 2);
  CHECK(part.items[1].second.at("b") == 6);
  CHECK(part.items[2].second.empty());
}

TEST_CASE("items of different length weigh by their numbers") {
  Tally tally(kKinds);
  tally.begin("long");
  for (int i = 0; i < 3; ++i) tally.add("a", 2);
  tally.begin("short");
  tally.add("a", 6);
  const EvaluatedFigure a = tally.finish("part", "").figures.front();
  CHECK(a.mean == 3);
  // 2 ((3/4)^2 (2 - 3)^2 + (1/4)^2 (6 - 3)^2) = 2 (9 + 9) / 16
  CHECK(a.margin == Approx(1.96 * std::sqrt(2.25)));
}

TEST_CASE("one item has no interval, and infinity stays infinite") {
  Tally tally(kKinds);
  tally.begin("only");
  tally.add("a", 2);
  tally.add("c", std::numeric_limits<double>::infinity());
  const EvaluatedPart part = tally.finish("part", "");
  CHECK(std::isnan(part.figures[0].margin));
  CHECK(std::isinf(part.figures[1].mean));
  CHECK(std::isnan(part.figures[1].margin));
}

TEST_CASE("a figure that has no column is a fault of ours") {
  Tally tally(kKinds);
  tally.begin("item");
  CHECK(test::error_of(ErrorKind::Internal, [&] { tally.add("d", 1); }) == "figure d has no place in the report");
}
