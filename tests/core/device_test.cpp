#include "core/device.h"

#include <c10/util/Exception.h>

#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate::core;
using namespace animate;

namespace {

const std::string kNoCode = "CUDA error: no kernel image is available for execution on the device\nCompile with …";

// Cards of which those whose number is not in `works` say `trouble` when they are tried.
CudaDevices cards(int count, std::vector<int> works, std::string trouble = kNoCode) {
  CudaDevices devices;
  devices.built = true;
  devices.count = count;
  devices.try_out = [works = std::move(works), trouble = std::move(trouble)](int number) {
    TORCH_CHECK(std::find(works.begin(), works.end(), number) != works.end(), trouble);
  };
  devices.name = [](int number) { return "Tesla K" + std::to_string(number) + ", compute capability 3.7"; };
  return devices;
}

DeviceChoice asked_card(int index = -1) { return {DeviceChoice::Kind::Cuda, index}; }

}  // namespace

TEST_CASE("auto takes the first card that works, else the CPU") {
  CHECK(choose_device({}, cards(2, {0, 1})) == torch::Device(torch::kCUDA, 0));
  CHECK(choose_device({}, cards(3, {2})) == torch::Device(torch::kCUDA, 2));
  CHECK(choose_device({}, cards(2, {})).is_cpu());
  CHECK(choose_device({}, cards(0, {})).is_cpu());
  CHECK(choose_device({}, CudaDevices()).is_cpu());
}

TEST_CASE("the device that is asked for is taken, or refused with the reason") {
  CHECK(choose_device(asked_card(), cards(2, {0})) == torch::Device(torch::kCUDA, 0));
  CHECK(choose_device(asked_card(1), cards(2, {1})) == torch::Device(torch::kCUDA, 1));
  CHECK(choose_device({DeviceChoice::Kind::Cpu}, cards(2, {0, 1})).is_cpu());
  const auto refused = [](const DeviceChoice& choice, const CudaDevices& devices, const std::string& sentence) {
    CHECK(test::error_of(ErrorKind::Input, [&] { choose_device(choice, devices); }) == sentence);
  };
  refused(asked_card(), CudaDevices(),
          "--device cuda: this LibTorch finds no CUDA device; use --device cpu or install a CUDA LibTorch");
  refused(asked_card(1), cards(0, {}),
          "--device cuda:1: no NVIDIA driver or card is found; see `animate doctor`, or use --device cpu");
  refused(asked_card(2), cards(2, {0, 1}), "--device cuda:2: there are only 2 CUDA devices, numbered from 0");
  refused(asked_card(1), cards(1, {0}), "--device cuda:1: there is only 1 CUDA device, numbered from 0");
  refused(
      asked_card(1), cards(2, {0}),
      "--device cuda:1: is Tesla K1, compute capability 3.7, for which this LibTorch has no code; use --device cpu, "
      "or build with another LibTorch");
  refused(asked_card(), cards(1, {}, "CUDA error: out of memory"),
          "--device cuda: is Tesla K0, compute capability 3.7, and does not work: CUDA error: out of memory; use "
          "--device cpu, or build with another LibTorch");
}
