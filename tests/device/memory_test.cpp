// Memory does not grow with the number of frames, on the device and beside it. $ANIMATE_TEST_FRAMES: how many frames.
#include <torch/types.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/memory.h"
#include "core/cuda/card.h"
#include "device/device_models.h"
#include "device/device_report.h"
#include "support/catch.h"
#include "support/device.h"

using namespace animate;

TEST_CASE("memory stays flat over many frames") {
  const char* given = std::getenv("ANIMATE_TEST_FRAMES");
  const int64_t frames = given == nullptr ? 72 : std::max(std::atoi(given), 24);
  constexpr int64_t batch = 8;
  constexpr int64_t allowed = 24'000'000;  // bytes
  for (const test::Kind& kind : test::kinds()) {
    INFO(kind.name);
    int recordings = 0;
    test::Setting setting = test::tested_setting();
    setting.recorder = test::counting_recorder(setting.device, recordings);
    const auto model = kind.make(setting);
    torch::manual_seed(2);
    const auto crops = torch::rand({batch, 3, model->info().frame_height, model->info().frame_width});
    const auto source = model->encode_source({crops.narrow(0, 0, 1)});
    const int number = setting.device.has_index() ? setting.device.index() : 0;
    const auto device_memory = [&] { return setting.device.is_cuda() ? core::cuda::reserved_memory(number) : 0; };
    // The first third is for what libraries and graphs take once. What is resident goes up and down by some ten
    // megabytes from batch to batch, as the allocator gives pages back; what leaks makes the last third's most exceed
    // the middle's.
    std::array<int64_t, 3> resident{}, reserved{};
    for (int64_t done = 0; done < frames; done += batch) {
      const auto motions = model->extract_motions({crops});
      CHECK(model->render_batch(*source, motions, motions.front(), {}).to(torch::kCPU).size(0) == batch);
      const auto third = static_cast<size_t>(done * 3 / frames);
      resident[third] = std::max(resident[third], process_memory().resident);
      reserved[third] = std::max(reserved[third], device_memory());
    }
    const int64_t grown = std::max<int64_t>(resident[2] - resident[1], 0);
    const int64_t device_grown = reserved[2] - reserved[1];
    CHECK(grown < allowed);
    CHECK(device_grown <= 0);
    test::report("memory", {{"model", kind.name},
                            {"frames", frames},
                            {"grown_bytes", grown},
                            {"device_bytes", device_memory()},
                            {"device_grown_bytes", device_grown}});
  }
}
