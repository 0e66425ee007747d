#include "heads/warp_truth.h"

#include <ATen/ops/grid_sampler_2d.h>

#include <array>
#include <cmath>

#include "heads/head_geometry.h"
#include "heads/head_renderer.h"
#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate::heads;
using namespace animate;

namespace {

constexpr int64_t kSide = 128;

// A bald head: nothing lies in front of its face.
Head bald() {
  Head head;
  head.identity.hair_on = 0;
  return head;
}

WarpTruth truth_between(const Head& source, const Head& driving, int64_t size = kSide) {
  return warp_truth(std::array{source}, std::array{driving}, size);
}

struct At {
  double x, y;
  bool visible;
};

// What the truth says of the pixel in which a point of the driving picture lies (in [-1, 1]), moved on to the point.
At lookup(const WarpTruth& truth, double x, double y) {
  const int64_t size = truth.grid.size(1);
  const auto pixel = [size](double place) {
    return std::clamp<int64_t>(static_cast<int64_t>(std::floor((place + 1) / 2 * static_cast<double>(size))), 0,
                               size - 1);
  };
  const int64_t i = pixel(y), j = pixel(x);
  const auto cell = truth.grid[0][i][j];
  const auto centre = [size](int64_t k) { return 2 * (static_cast<double>(k) + 0.5) / static_cast<double>(size) - 1; };
  return {cell[0].item<double>() + x - centre(j), cell[1].item<double>() + y - centre(i),
          truth.visible[0][i][j].item<float>() > 0};
}

// The same for a keypoint, whose other end is the source's keypoint.
void check_point(const WarpTruth& truth, const Head& source, const Head& driving, size_t k, double margin) {
  CAPTURE(k);
  const auto from = truth_of(driving).points[k], to = truth_of(source).points[k];
  const At found = lookup(truth, from[0], from[1]);
  CHECK(found.x == Approx(to[0]).margin(margin));
  CHECK(found.y == Approx(to[1]).margin(margin));
}

torch::Tensor drawn(const Head& head, int64_t size) {
  RenderOptions options;
  options.size = size;
  options.flat = true;
  return render_heads(std::array{head}, options);
}

}  // namespace

TEST_CASE("nothing moves between a picture and itself, and all of it is visible") {
  for (uint64_t seed = 0; seed < 6; ++seed) {
    const Head head = sample_head(seed, 0);
    const WarpTruth truth = truth_between(head, head);
    REQUIRE(truth.grid.sizes() == torch::IntArrayRef({1, kSide, kSide, 2}));
    const auto line = (torch::arange(kSide, torch::kFloat32) + 0.5) * (2.0 / kSide) - 1;
    CHECK((truth.grid.select(3, 0) - line).abs().max().item<float>() < 1e-4F);
    CHECK((truth.grid.select(3, 1) - line.view({kSide, 1})).abs().max().item<float>() < 1e-4F);
    CHECK(truth.visible.mean().item<float>() > 0.995F);
  }
}

TEST_CASE("a shifted head flows by its shift, the body by its own, the backdrop not at all") {
  Head source = bald(), driving = bald();
  driving.pose.x = 0.08F;
  driving.pose.y = -0.04F;
  const WarpTruth truth = truth_between(source, driving);
  for (const size_t k : {kLeftEye, kNoseTip, kLeftMouth}) {
    const auto p = truth_of(driving).points[k];
    const At found = lookup(truth, p[0], p[1]);
    CHECK(found.x - p[0] == Approx(-0.16).margin(1e-4));
    CHECK(found.y - p[1] == Approx(0.08).margin(1e-4));
    CHECK(found.visible);
  }
  const At chest = lookup(truth, 0.45, 0.97);  // half the shift to the side, 0.4 of it down
  CHECK(chest.x - 0.45 == Approx(-0.08).margin(1e-4));
  CHECK(chest.y - 0.97 == Approx(0.032).margin(1e-4));
  const At corner = lookup(truth, -0.9, -0.9);
  CHECK(corner.x == Approx(-0.9).margin(1e-4));
  CHECK(corner.visible);
  // The backdrop that the head of the source hides.
  const double left = truth_of(source).points[kLeftSide][0];
  CHECK_FALSE(lookup(truth, left + 0.06, 2 * 0.54 - 1).visible);
}

TEST_CASE("a larger head flows towards its centre, a tilted one around it") {
  Head source = bald(), driving = bald();
  driving.pose.scale = 1.25F;
  const double cx = 2 * kCentreX - 1, cy = 2 * kCentreY - 1;
  const WarpTruth scaled = truth_between(source, driving);
  for (const size_t k : {kRightEye, kLowerLip, kLeftBrow}) {
    const auto p = truth_of(driving).points[k];
    const At found = lookup(scaled, p[0], p[1]);
    // The pixel's own place is divided by the scale; lookup() adds the way inside it as it is.
    CHECK(found.x == Approx(cx + (p[0] - cx) / 1.25).margin(0.003));
    CHECK(found.y == Approx(cy + (p[1] - cy) / 1.25).margin(0.003));
  }
  driving.pose.scale = 1;
  driving.pose.roll = 0.3F;
  const WarpTruth rolled = truth_between(source, driving);
  const auto p = truth_of(driving).points[kLeftEye];
  const double dx = p[0] - cx, dy = p[1] - cy, c = std::cos(-0.3), s = std::sin(-0.3);
  const At found = lookup(rolled, p[0], p[1]);
  CHECK(found.x == Approx(cx + c * dx - s * dy).margin(0.004));
  CHECK(found.y == Approx(cy + s * dx + c * dy).margin(0.004));
}

TEST_CASE("turned and nodding heads: every keypoint of the face flows to the source's keypoint") {
  for (const Pose& pose : {Pose{0, 0, 1, 0, 0.3F, 0}, Pose{0, 0, 1, 0, -0.25F, 0}, Pose{0, 0, 1, 0, 0, 0.25F},
                           Pose{0.04F, -0.03F, 1.1F, 0.2F, 0.2F, -0.15F}}) {
    Head source = bald(), driving = bald();
    driving.pose = pose;
    CAPTURE(pose.yaw, pose.pitch);
    const WarpTruth there = truth_between(source, driving), back = truth_between(driving, source);
    for (const size_t k : {kLeftEye, kRightEye, kLeftMouth, kRightMouth, kLowerLip, kLeftBrow, kRightBrow}) {
      check_point(there, source, driving, k, 0.012);
      check_point(back, driving, source, k, 0.012);
    }
    // The tip's keypoint is the ball's front as the head sees it; seen from aside the ball's outline is another.
    check_point(there, source, driving, kNoseTip, 0.03);
  }
}

TEST_CASE("a face that turns away is not visible where the source does not show it") {
  Head source = bald(), driving = bald();
  source.pose.yaw = 0.6F;
  driving.pose.yaw = -0.6F;
  const WarpTruth truth = truth_between(source, driving);
  const auto shown = truth_of(driving).points[kRightSide];
  CHECK_FALSE(lookup(truth, shown[0] - 0.03, shown[1]).visible);
}

TEST_CASE("lids take the skin with them, and what they hide is not visible") {
  Head open = bald(), shut = bald();
  open.expression.left_eye = open.expression.right_eye = 1;
  shut.expression.left_eye = 0;
  shut.expression.right_eye = 1;
  const WarpTruth closing = truth_between(open, shut), opening = truth_between(shut, open);
  // The shut lid comes from the open one's edge.
  check_point(closing, open, shut, kLeftUpperLid, 0.006);
  check_point(opening, shut, open, kLeftUpperLid, 0.006);
  check_point(opening, shut, open, kLeftLowerLid, 0.006);
  const auto eye = truth_of(open).points[kLeftEye], other = truth_of(open).points[kRightEye];
  CHECK_FALSE(lookup(opening, eye[0], eye[1]).visible);  // a pupil that the source's lid hides
  const At still = lookup(opening, other[0], other[1]);
  CHECK(still.visible);
  CHECK(still.x == Approx(other[0]).margin(1e-4));
  // Skin far from the eye keeps still.
  const auto nose = truth_of(open).points[kNoseTip];
  CHECK(lookup(closing, nose[0], nose[1]).y == Approx(nose[1]).margin(1e-4));
}

TEST_CASE("pupils follow the gaze inside the eye") {
  Head source = bald(), driving = bald();
  driving.expression.gaze_x = 0.5F;
  const WarpTruth truth = truth_between(source, driving);
  const Identity& who = source.identity;
  const Vector3 from = place(driving.pose, surface_point(who, -who.eye_x + 0.5 * 0.4 * who.eye_width, who.eye_y));
  const Vector3 to = place(source.pose, surface_point(who, -who.eye_x, who.eye_y));
  const At found = lookup(truth, 2 * from[0] - 1, 2 * from[1] - 1);
  CHECK(found.x == Approx(2 * to[0] - 1).margin(0.004));
  CHECK(found.y == Approx(2 * to[1] - 1).margin(0.004));
  CHECK(found.visible);
}

TEST_CASE("lips move with the mouth, and its inside is visible only where it is open in both") {
  Head shut = bald(), open = bald(), wide = bald();
  open.expression.mouth = 0.5F;
  wide.expression.mouth = 1;
  wide.expression.smile = 0.5F;
  const WarpTruth truth = truth_between(shut, open);
  for (const size_t k : {kLowerLip, kUpperLip, kLeftMouth, kRightMouth}) check_point(truth, shut, open, k, 0.012);
  const auto lower = truth_of(open).points[kLowerLip], upper = truth_of(open).points[kUpperLip];
  const double middle = (lower[1] + upper[1]) / 2;
  CHECK_FALSE(lookup(truth, lower[0], middle).visible);
  CHECK(lookup(truth, lower[0], lower[1]).visible);
  const WarpTruth both = truth_between(wide, open);
  CHECK(lookup(both, lower[0], middle).visible);
  for (const size_t k : {kLowerLip, kUpperLip, kLeftMouth, kRightMouth}) check_point(both, wide, open, k, 0.012);
}

TEST_CASE("brows rise with their keypoints") {
  Head calm = bald(), raised = bald();
  raised.expression.brow = 1;
  const WarpTruth truth = truth_between(calm, raised);
  for (const size_t k : {kLeftBrow, kRightBrow}) {
    check_point(truth, calm, raised, k, 0.006);
    const auto p = truth_of(raised).points[k];
    CHECK(lookup(truth, p[0], p[1]).visible);
  }
}

TEST_CASE("a flat picture warped by the truth is the driving picture where it is visible") {
  constexpr int64_t size = 256;
  double sum = 0, worst = 0, shown = 0;
  constexpr uint64_t count = 16;
  for (uint64_t seed = 0; seed < count; ++seed) {
    const Head source = sample_head(500 + seed, 0), driving = sample_head(500 + seed, 1);
    const WarpTruth truth = truth_between(source, driving, size);
    const auto warped = at::grid_sampler_2d(drawn(source, size), truth.grid, 0, 1, false);
    const auto difference = (warped - drawn(driving, size)).abs().mean(1) * truth.visible;
    const double error = (difference.sum() / truth.visible.sum()).item<double>();
    CAPTURE(seed);
    CHECK(error < 0.02);
    sum += error;
    worst = std::max(worst, error);
    shown += truth.visible.mean().item<double>() / count;
  }
  CAPTURE(worst, shown);
  CHECK(sum / count < 0.01);
  CHECK(shown > 0.75);  // not by hiding what is hard
}

TEST_CASE("so it is around eyes and mouth, where expressions alone differ") {
  constexpr int64_t size = 256;
  double sum = 0, shown = 0, still = 0;
  constexpr uint64_t count = 16;
  for (uint64_t seed = 0; seed < count; ++seed) {
    Head source = sample_head(900 + seed, 0), driving = source;
    source.pose = driving.pose = {0, 0, 1, 0.05F, 0.1F, 0};
    driving.expression = sample_expression(900 + seed, 7);
    const WarpTruth truth = truth_between(source, driving, size);
    const auto from = drawn(source, size), to = drawn(driving, size);
    const auto warped = at::grid_sampler_2d(from, truth.grid, 0, 1, false);
    // Where the two pictures differ at all.
    const auto changed = ((from - to).abs().mean(1) > 0.02).to(torch::kFloat32);
    const auto mask = changed * truth.visible;
    if (changed.sum().item<double>() < 50) continue;
    sum += ((warped - to).abs().mean(1) * mask).sum().item<double>();
    still += ((from - to).abs().mean(1) * mask).sum().item<double>();
    shown += mask.sum().item<double>();
  }
  CAPTURE(sum / shown, still / shown);
  // Half of what stands there is edges a pixel wide, which two things share.
  CHECK(sum / shown < 0.4 * still / shown);
}

TEST_CASE("batches give what single pairs give") {
  std::vector<Head> source, driving;
  for (uint64_t seed = 0; seed < 5; ++seed) {
    source.push_back(sample_head(40 + seed, 0));
    driving.push_back(sample_head(40 + seed, 1));
  }
  const WarpTruth all = warp_truth(source, driving, 64);
  REQUIRE(all.visible.sizes() == torch::IntArrayRef({5, 64, 64}));
  for (int64_t i = 0; i < 5; ++i) {
    const auto k = static_cast<size_t>(i);
    const WarpTruth one = truth_between(source[k], driving[k], 64);
    // A pixel may fall to either side of an edge by a rounding.
    CHECK((one.visible[0] - all.visible[i]).abs().mean().item<float>() < 0.002F);
    CHECK(((one.grid[0] - all.grid[i]).abs() > 1e-4).to(torch::kFloat32).mean().item<float>() < 0.002F);
  }
  CHECK(warp_truth({}, {}, 64).grid.size(0) == 0);
}

TEST_CASE("pairs that are none are refused") {
  const Head a = sample_head(1, 0), b = sample_head(2, 0);
  CHECK(test::error_of(ErrorKind::Internal, [&] { truth_between(a, b, 64); }) ==
        "heads: pair 0 is of two identities, between which nothing flows");
  CHECK(test::error_of(ErrorKind::Usage, [&] { truth_between(a, a, 8); }) ==
        "heads: a size of 8 pixels is out of range; use 16 to 2048");
}
