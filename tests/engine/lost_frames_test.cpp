// Pictures without a face: spans, blinks of the detector, and whose motion is held.
#include "engine/portrait/lost_frames.h"

#include "support/catch.h"

using namespace animate::engine;
using namespace animate;

TEST_CASE("spans without a face are told with their ends") {
  const auto spans = lost_spans({false, true, false, false, true, false});
  REQUIRE(spans.size() == 3);
  CHECK(spans[0].first == 0);
  CHECK(spans[1].first == 2);
  CHECK(spans[1].last == 3);
  CHECK(spans[2].last == 5);
  CHECK(describe_spans(spans, {0, 0.5, 1, 1.5, 2, 2.5}) == "0.00 s, 1.00-1.50 s, 2.50 s");
  CHECK(lost_spans({true, true}).empty());
}

TEST_CASE("only short gaps between faces are taken for blinks") {
  std::vector<bool> found{false, true, false, true, false, false, false, true, false};
  CHECK(bridge_gaps(found, 2) == 1);
  CHECK(found == std::vector<bool>{false, true, true, true, false, false, false, true, false});
}

TEST_CASE("motion is held from the last frame with a face, and before the first from that one") {
  CHECK(held_frames({false, false, true, true, false, true}) == std::vector<size_t>{2, 2, 2, 3, 3, 5});
}

TEST_CASE("a long list of spans is cut") {
  std::vector<bool> found;
  std::vector<double> begins;
  for (int i = 0; i < 14; ++i) {
    found.push_back(i % 2 == 0);
    begins.push_back(i);
  }
  CHECK(describe_spans(lost_spans(found), begins) == "1.00 s, 3.00 s, 5.00 s, 7.00 s, 9.00 s, …");
}

TEST_CASE("a report gets every span with its seconds and what was done") {
  const auto gaps = face_gaps("driving", lost_spans({true, false, false, true, false}), {0, 0.5, 1, 1.5, 2}, "hold");
  REQUIRE(gaps.size() == 2);
  CHECK(gaps[0].input == "driving");
  CHECK(gaps[0].first == 1);
  CHECK(gaps[0].last == 2);
  CHECK(gaps[0].begin == 0.5);
  CHECK(gaps[0].end == 1);
  CHECK(gaps[1].first == 4);
  CHECK(gaps[1].policy == "hold");
}
