// The models on the device and in the precision that this run is about, against the CPU in float32, with CUDA graphs
// against without, and in batches against single frames.
#include <torch/types.h>

#include "device/device_models.h"
#include "device/device_report.h"
#include "support/catch.h"
#include "support/device.h"

using namespace animate::core;
using namespace animate::models;
using namespace animate::motion;
using namespace animate;

namespace {

struct Difference {
  double largest = 0;
  double mean = 0;
};

Difference difference(const torch::Tensor& a, const torch::Tensor& b) {
  REQUIRE(a.sizes() == b.sizes());
  const auto gap = (a.to(torch::kCPU, torch::kDouble) - b.to(torch::kCPU, torch::kDouble)).abs();
  return {gap.max().item<double>(), gap.mean().item<double>()};
}

torch::Tensor pictures(const DrivenModel& model, int64_t count, uint64_t seed) {
  torch::manual_seed(seed);
  // Smooth ones, as pictures are: noise would say more about rounding than about a model.
  const auto coarse = torch::rand({count, 3, 8, 8});
  return torch::upsample_bilinear2d(coarse, {model.info().frame_height, model.info().frame_width}, false);
}

void check_within(const Difference& found, const test::Tolerance& allowed) {
  CHECK(found.largest <= allowed.largest);
  CHECK(found.mean <= allowed.mean);
}

}  // namespace

TEST_CASE("frames agree with the CPU's in float32") {
  for (const test::Kind& kind : test::kinds()) {
    INFO(kind.name);
    const auto exact = kind.make(test::reference_setting());
    const auto tested = kind.make(test::tested_setting());
    const auto crops = pictures(*exact, 3, 4);
    const auto image = pictures(*exact, 1, 9);
    const auto motions = exact->extract_motions({crops});
    const auto expected = exact->render_batch(*exact->encode_source({image}), motions, motions.front(), {});
    // The same motion for both, so that painting is compared alone; keypoints are compared by themselves.
    const auto frames = tested->render_batch(*tested->encode_source({image}), motions, motions.front(), {});
    const Difference found = difference(frames, expected);
    const test::Tolerance allowed = test::tolerance_of(test::precision());
    check_within(found, allowed);
    double furthest = 0;
    const auto again = tested->extract_motions({crops});
    for (size_t i = 0; i < motions.size(); ++i) {
      for (const auto& [name, array] : motions[i].arrays) {
        const auto& other = again[i].arrays.at(name);
        REQUIRE(array.shape == other.shape);
        for (size_t j = 0; j < array.values.size(); ++j) {
          furthest = std::max(furthest, std::abs(static_cast<double>(array.values[j]) - other.values[j]));
        }
      }
    }
    // Keypoints stay in float, but TF32 rounds the products that make them.
    const double keypoints_allowed = test::precision() == PrecisionChoice::Fp32 ? 1e-3 : 0.05;
    CHECK(furthest <= keypoints_allowed);
    CHECK(difference(expected.narrow(0, 0, 1), expected.narrow(0, 1, 1)).largest > 1e-4);  // else nothing was compared
    test::report("agreement", {{"model", kind.name},
                               {"largest", found.largest},
                               {"mean", found.mean},
                               {"largest_allowed", allowed.largest},
                               {"mean_allowed", allowed.mean},
                               {"keypoints", furthest},
                               {"keypoints_allowed", keypoints_allowed}});
  }
}

TEST_CASE("recorded networks give the same to the bit") {
  for (const test::Kind& kind : test::kinds()) {
    INFO(kind.name);
    int recordings = 0;
    const auto plain = kind.make(test::tested_setting());
    test::Setting setting = test::tested_setting();
    setting.recorder = test::counting_recorder(setting.device, recordings);
    const auto recorded = kind.make(setting);
    bool equal = true;
    for (uint64_t i = 0; i < 6; ++i) {
      const auto crops = pictures(*plain, 2, 20 + i);
      const auto image = pictures(*plain, 1, 40 + i);
      const auto motions = plain->extract_motions({crops});
      equal = equal && recorded->extract_motions({crops}) == motions;
      equal = equal && torch::equal(recorded->render_batch(*recorded->encode_source({image}), motions, motions[0], {}),
                                    plain->render_batch(*plain->encode_source({image}), motions, motions[0], {}));
    }
    CHECK(equal);
    // What finds motion and what paints; LivePortrait finds the source's motion by the same network, one picture at
    // once instead of two, which is a recording of its own.
    CHECK(recordings == (std::string(kind.name) == "liveportrait" ? 3 : 2));
    test::report("graphs", {{"model", kind.name}, {"recordings", recordings}, {"equal", equal}});
  }
}

TEST_CASE("batches of 1, 2 and 8 are what their frames are alone") {
  for (const test::Kind& kind : test::kinds()) {
    const auto model = kind.make(test::tested_setting());
    const auto source = model->encode_source({pictures(*model, 1, 3)});
    for (const int64_t count : {1, 2, 8}) {
      INFO(kind.name << ", " << count << " at once");
      const auto motions = model->extract_motions({pictures(*model, count, 5)});
      const auto frames = model->render_batch(*source, motions, motions.front(), {});
      REQUIRE(frames.size(0) == count);
      Difference most;
      for (int64_t i = 0; i < count; ++i) {
        const auto alone = model->render(*source, motions[static_cast<size_t>(i)], motions.front(), {});
        const Difference found = difference(frames.narrow(0, i, 1), alone);
        most = {std::max(most.largest, found.largest), std::max(most.mean, found.mean)};
      }
      // Another batch may take another kernel, which adds up in another order.
      check_within(most, test::tolerance_of(test::precision()));
      test::report("batch", {{"model", kind.name}, {"frames", count}, {"largest", most.largest}, {"mean", most.mean}});
    }
  }
}
