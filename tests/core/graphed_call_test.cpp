#include "core/graphed_call.h"

#include <stdexcept>

#include "support/catch.h"

using namespace animate::core;
using namespace animate;

namespace {

// Stands for a CUDA graph: runs the work anew, on what lies where it lay.
struct Rerun : cuda::RecordedWork {
  explicit Rerun(std::function<void()> given) : work(std::move(given)) {}
  void replay() override { work(); }
  std::function<void()> work;
};

struct Counted {
  int runs = 0;
  int records = 0;
  GraphedCall call{"test network",
                   [this](const GraphedCall::Tensors& in) -> GraphedCall::Tensors {
                     ++runs;
                     return {in[0] * 2, {}, in[0] + in[1]};
                   },
                   [this](const std::function<void()>& work) {
                     ++records;
                     return std::make_unique<Rerun>(work);
                   }};

  void check(const torch::Tensor& a, const torch::Tensor& b) const {
    const auto out = call({a, b, {}});
    CHECK(torch::equal(out[0], a * 2));
    CHECK_FALSE(out[1].defined());
    CHECK(torch::equal(out[2], a + b));
  }
};

}  // namespace

TEST_CASE("a call is recorded after its warm-up, once for its shapes, and replays what it is given") {
  const c10::InferenceMode guard;
  const Counted counted;
  for (int i = 0; i < 6; ++i) counted.check(torch::rand({2, 3}), torch::rand({2, 3}));
  CHECK(counted.records == 1);
  CHECK(counted.runs == GraphedCall::kWarmUps + 4);
  // Another shape, as the last batch of a clip has, runs as it is.
  counted.check(torch::rand({1, 3}), torch::rand({1, 3}));
  CHECK(counted.records == 1);
  CHECK(counted.call.recorded() == 1);
  for (int i = 0; i < 3; ++i) counted.check(torch::rand({1, 3}), torch::rand({1, 3}));
  CHECK(counted.call.recorded() == 2);
}

TEST_CASE("results stay when the recording is replayed") {
  const c10::InferenceMode guard;
  const Counted counted;
  const auto a = torch::rand({4});
  for (int i = 0; i < 3; ++i) counted.check(a, a);
  const auto first = counted.call({a, a, {}});
  const auto kept = first[0].clone();
  counted.check(torch::rand({4}), a);
  CHECK(torch::equal(first[0], kept));
}

TEST_CASE("so many shapes are recorded, further ones run as they are") {
  const c10::InferenceMode guard;
  const Counted counted;
  for (int64_t size = 1; size < 10; ++size) {
    for (int i = 0; i < 4; ++i) counted.check(torch::rand({size}), torch::rand({size}));
  }
  CHECK(counted.call.recorded() == GraphedCall::kMostShapes);
}

TEST_CASE("shapes that were seen once make room for one that comes again and again") {
  const c10::InferenceMode guard;
  const Counted counted;
  for (int64_t size = 1; size < 10; ++size) counted.check(torch::rand({size}), torch::rand({size}));
  CHECK(counted.call.recorded() == 0);
  for (int i = 0; i < 6; ++i) counted.check(torch::rand({20}), torch::rand({20}));
  CHECK(counted.call.recorded() == 1);
}

TEST_CASE("where recording throws, or there is no recorder, calls run as they are") {
  const c10::InferenceMode guard;
  int tries = 0;
  const GraphedCall::Function function = [](const GraphedCall::Tensors& in) -> GraphedCall::Tensors {
    return {in[0] + 1};
  };
  const GraphedCall failing("test network", function,
                            [&tries](const std::function<void()>&) -> std::unique_ptr<cuda::RecordedWork> {
                              ++tries;
                              throw std::runtime_error("no capture\nat all");
                            });
  const GraphedCall plain("test network", function);
  for (int i = 0; i < 6; ++i) {
    const auto x = torch::rand({3});
    CHECK(torch::equal(failing({x})[0], x + 1));
    CHECK(torch::equal(plain({x})[0], x + 1));
  }
  CHECK(tries == 1);
  CHECK(failing.recorded() == 0);
}
