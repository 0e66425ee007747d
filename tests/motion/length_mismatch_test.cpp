#include "motion/length_mismatch.h"

#include <vector>

#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate::motion;
using namespace animate;

namespace {

std::vector<size_t> indices(OnMismatch policy, size_t source, size_t driving) {
  std::vector<size_t> result;
  for (size_t i = 0; i < output_length(policy, source, driving); ++i) {
    result.push_back(driving_index(policy, i, driving));
  }
  return result;
}

using List = std::vector<size_t>;

}  // namespace

TEST_CASE("a driver shorter than the source video is cut, cycled, mirrored or held") {
  CHECK(indices(OnMismatch::Cut, 9, 3) == List{0, 1, 2});
  CHECK(indices(OnMismatch::Cycle, 9, 3) == List{0, 1, 2, 0, 1, 2, 0, 1, 2});
  CHECK(indices(OnMismatch::Mirror, 9, 3) == List{0, 1, 2, 1, 0, 1, 2, 1, 0});
  CHECK(indices(OnMismatch::Hold, 5, 3) == List{0, 1, 2, 2, 2});
}

TEST_CASE("a longer driver is cut by every policy") {
  for (const auto policy : {OnMismatch::Cut, OnMismatch::Cycle, OnMismatch::Mirror, OnMismatch::Hold}) {
    CHECK(indices(policy, 3, 7) == List{0, 1, 2});
  }
}

TEST_CASE("one frame serves all, two mirror as they cycle, none is no output") {
  CHECK(indices(OnMismatch::Mirror, 3, 1) == List{0, 0, 0});
  CHECK(indices(OnMismatch::Mirror, 4, 2) == List{0, 1, 0, 1});
  CHECK(output_length(OnMismatch::Cycle, 5, 0) == 0);
  CHECK(output_length(OnMismatch::Hold, 0, 5) == 0);
  test::error_of(ErrorKind::Internal, [] { driving_index(OnMismatch::Hold, 0, 0); });
}
