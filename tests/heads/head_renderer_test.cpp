#include "heads/head_renderer.h"

#include <array>
#include <vector>

#include "heads/canvas.h"
#include "heads/head_geometry.h"
#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate::heads;
using namespace animate;

namespace {

constexpr int64_t kSize = 160;

// No hair, no light, no camera: only what a test changes makes a difference.
Head plain_head() {
  Head head;
  Identity& who = head.identity;
  who.skin = {0.8F, 0.7F, 0.6F};
  who.hair_on = 0;
  who.skin_texture = 0;
  who.jaw_width = 1.25F;
  head.scene.shading = 0;
  return head;
}

torch::Tensor picture_of(const Head& head) {
  RenderOptions options;
  options.size = kSize;
  return render_heads(std::array{head}, options)[0];
}

// How much each pixel differs, [S, S].
torch::Tensor difference(const Head& a, const Head& b) { return (picture_of(a) - picture_of(b)).abs().sum(0); }

struct Spot {
  double x, y, weight;  // in [-1, 1]
};

// Centre of the weights left of x = border (side -1) or right of it.
Spot centre_of(const torch::Tensor& weights, double border, int side) {
  const auto line = (torch::arange(kSize, torch::kFloat32) + 0.5) / (kSize / 2.0) - 1;
  const auto kept = weights * (side < 0 ? line < border : line >= border).to(torch::kFloat32);
  const double sum = kept.sum().item<double>();
  return {(kept * line).sum().item<double>() / sum, (kept * line.view({kSize, 1})).sum().item<double>() / sum, sum};
}

std::vector<Pose> some_poses() {
  return {{},
          {0.05F, -0.04F, 1.1F, 0, 0, 0},
          {0, 0, 1, 0.35F, 0, 0},
          {0, 0, 1, 0, 0.4F, 0},
          {0, 0, 1, 0, 0, -0.35F},
          {0.03F, 0.02F, 0.95F, -0.25F, -0.35F, 0.25F}};
}

}  // namespace

TEST_CASE("eyes and brows are drawn where their keypoints are, in every pose") {
  for (const Pose& pose : some_poses()) {
    CAPTURE(pose.roll, pose.yaw, pose.pitch);
    Head head = plain_head();
    head.pose = pose;
    const HeadTruth truth = truth_of(head);
    const double border = (truth.points[kLeftEye][0] + truth.points[kRightEye][0]) / 2;

    Head marked = head;
    marked.identity.iris = {0, 1, 0};
    const auto irises = difference(head, marked);
    for (const auto& [keypoint, side] : {std::pair{kLeftEye, -1}, {kRightEye, 1}}) {
      const Spot spot = centre_of(irises, border, side);
      CHECK(spot.weight > 5);
      CHECK(spot.x == Approx(truth.points[keypoint][0]).margin(0.02));
      CHECK(spot.y == Approx(truth.points[keypoint][1]).margin(0.02));
    }

    marked = head;
    marked.identity.brow_thickness = 0.09F;
    const auto brows = difference(head, marked);
    const double between = (truth.points[kLeftBrow][0] + truth.points[kRightBrow][0]) / 2;
    for (const auto& [keypoint, side] : {std::pair{kLeftBrow, -1}, {kRightBrow, 1}}) {
      const Spot spot = centre_of(brows, between, side);
      CHECK(spot.weight > 5);
      CHECK(spot.x == Approx(truth.points[keypoint][0]).margin(0.04));
      CHECK(spot.y == Approx(truth.points[keypoint][1]).margin(0.03));
    }
  }
}

TEST_CASE("lips end at the mouth's corners, and the lower lip is where it is said to be") {
  for (const float open : {0.0F, 0.8F}) {
    CAPTURE(open);
    Head head = plain_head();
    head.identity.lips = {0.7F, 0.3F, 0.3F};
    head.expression.mouth = open;
    head.expression.smile = 0.6F;
    Head marked = head;
    marked.identity.lips = {0.3F, 0.3F, 0.9F};
    const HeadTruth truth = truth_of(head);
    const auto lips = difference(head, marked);
    const auto columns = (lips.sum(0) > 0.05).nonzero();
    const auto to_side = [](int64_t pixel) { return (static_cast<double>(pixel) + 0.5) / (kSize / 2.0) - 1; };
    CHECK(to_side(columns.min().item<int64_t>()) == Approx(truth.points[kLeftMouth][0]).margin(0.03));
    CHECK(to_side(columns.max().item<int64_t>()) == Approx(truth.points[kRightMouth][0]).margin(0.03));
    // Below the opening only the lower lip has the lips' colour.
    const auto middle = lips.select(1, kSize / 2).clone();
    const int64_t expected = static_cast<int64_t>((truth.points[kLowerLip][1] + 1) * (kSize / 2.0));
    CHECK(middle[expected].item<float>() > 0.2F);
    CHECK(middle[expected + 8].item<float>() < 0.01F);
  }
}

TEST_CASE("the head is as wide as its side keypoints and ends at its chin") {
  Head head = plain_head();
  head.identity.ear_size = 0.01F;
  const HeadRow row = make_row(head);
  const Columns columns(std::array{row}, torch::kCPU);
  const Canvas canvas(columns, kSize, torch::kCPU);
  const HeadTruth truth = truth_of(head);
  // Where the jaw's outline is left, straight below the centre: k = 1.
  const auto k = canvas.inside(columns.row.jaw)[0].select(1, kSize / 2);
  const auto chin = (k < 1).nonzero().max().item<int64_t>();
  CHECK((static_cast<double>(chin) + 1) / (kSize / 2.0) - 1 == Approx(truth.points[kChin][1]).margin(0.02));
  const auto skull = canvas.inside(columns.row.skull)[0];
  const auto side_row = static_cast<int64_t>((truth.points[kLeftSide][1] + 1) * (kSize / 2.0));
  const auto inside = (skull[side_row] < 1).nonzero();
  CHECK((static_cast<double>(inside.min().item<int64_t>())) / (kSize / 2.0) - 1 ==
        Approx(truth.points[kLeftSide][0]).margin(0.06));
}

TEST_CASE("an ellipsoid's front is on the ellipsoid, with its normal") {
  Head head = plain_head();
  head.pose = {0, 0, 1, 0.2F, 0.3F, -0.2F};
  const HeadRow row = make_row(head);
  const Columns columns(std::array{row}, torch::kCPU);
  const Canvas canvas(columns, kSize, torch::kCPU);
  const Surface front = canvas.front_of(columns.row.skull);
  // Back into the head: (u, v, w) must fulfil 0.85 u^2 + 0.6 v^2 + (w / 0.95)^2 = 1.
  const auto& r = columns.row;
  const auto u = canvas.along(front.depth, r.u_x, r.u_y, r.u_z), v = canvas.along(front.depth, r.v_x, r.v_y, r.v_z);
  const auto w = canvas.along(front.depth, r.w_x, r.w_y, r.w_z);
  const auto on = (0.85 * u * u + 0.6 * v * v + w * w / 0.9025 - 1).abs();
  const auto within = front.alpha >= 1;
  REQUIRE(within.sum().item<int64_t>() > 2000);
  CHECK(on.masked_select(within).max().item<float>() < 2e-3F);
  const auto length = (front.nx * front.nx + front.ny * front.ny + front.nz * front.nz).masked_select(within);
  CHECK((length - 1).abs().max().item<float>() < 1e-4F);
  // A surface's slope is minus the ratio of its normal's parts.
  const auto slope = (front.depth.narrow(2, 1, kSize - 1) - front.depth.narrow(2, 0, kSize - 1)) * kSize;
  const int64_t y = kSize / 2, x = kSize / 2 + 10;
  CHECK(slope[0][y][x].item<float>() == Approx(-(front.nx[0][y][x] / front.nz[0][y][x]).item<float>()).margin(0.05));
}

TEST_CASE("turning, nodding and tilting move the drawn face as the convention says") {
  const auto mouth_of = [](const Pose& pose) {
    Head head = plain_head();
    head.pose = pose;
    Head marked = head;
    marked.identity.lips = {0.2F, 0.9F, 0.2F};
    return centre_of(difference(head, marked), -2, 1);
  };
  const Spot calm = mouth_of({});
  CHECK(mouth_of({0, 0, 1, 0, 0.4F, 0}).x > calm.x + 0.1);   // yaw: to the right
  CHECK(mouth_of({0, 0, 1, 0, 0, 0.3F}).y < calm.y - 0.05);  // pitch: up
  CHECK(mouth_of({0, 0, 1, 0.3F, 0, 0}).x < calm.x - 0.04);  // roll: clockwise, the chin goes left
}

TEST_CASE("shut eyes hide the iris, each its own") {
  Head head = plain_head();
  head.expression.left_eye = 0;
  Head marked = head;
  marked.identity.iris = {0, 1, 0};
  const auto irises = difference(head, marked);
  CHECK(centre_of(irises, 0, -1).weight < 0.01);
  CHECK(centre_of(irises, 0, 1).weight > 5);
}

TEST_CASE("pictures are in range, the same again, and the same however they are grouped") {
  std::vector<Head> heads;
  for (uint64_t i = 0; i < 14; ++i) heads.push_back(sample_head(100 + i, i));
  RenderOptions one;
  one.size = 100;  // no whole number of compression blocks
  one.chunk = 1;
  const auto alone = render_heads(heads, one);
  REQUIRE(alone.sizes() == torch::IntArrayRef({14, 3, 100, 100}));
  CHECK(torch::isfinite(alone).all().item<bool>());
  CHECK(alone.min().item<float>() >= 0);
  CHECK(alone.max().item<float>() <= 1);
  CHECK(alone.std({1, 2, 3}).min().item<float>() > 0.05F);
  CHECK(torch::equal(alone, render_heads(heads, one)));
  RenderOptions five = one;
  five.chunk = 5;
  // A rounding of block compression may fall the other way: a step in a whole block.
  CHECK((render_heads(heads, five) - alone).abs().mean().item<float>() < 1e-3F);
  for (Head& head : heads) head.scene.grain = 0;
  CHECK((render_heads(heads, five) - render_heads(heads, one)).abs().max().item<float>() < 1e-4F);
}

TEST_CASE("heads far outside the picture are no error") {
  Head head = sample_head(5, 0);
  head.pose.x = 5;
  head.pose.y = -7;
  CHECK(torch::isfinite(picture_of(head)).all().item<bool>());
}

TEST_CASE("a size that cannot be drawn is refused") {
  RenderOptions options;
  options.size = 8;
  CHECK(test::error_of(ErrorKind::Usage, [&] { render_heads(std::array{Head{}}, options); }) ==
        "heads: a size of 8 pixels is out of range; use 16 to 2048");
  options.size = 32;
  CHECK(render_heads({}, options).size(0) == 0);
}
