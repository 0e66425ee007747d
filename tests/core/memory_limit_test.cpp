#include "core/memory_limit.h"

#include <c10/util/Exception.h>

#include <stdexcept>
#include <utility>
#include <vector>

#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate::core;
using namespace animate;

namespace {

constexpr const char* kOutOfMemory =
    "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 7.79 GiB of which 1.10 GiB is free. "
    "Process 7 has 6.00 GiB memory in use. If reserved but unallocated memory is large try setting …";

// A device on which so many frames fit at once.
struct SmallDevice {
  int64_t fits = 0;
  std::vector<std::pair<int64_t, int64_t>> done;
  int tries = 0;

  void operator()(int64_t first, int64_t count) {
    ++tries;
    TORCH_CHECK_WITH(OutOfMemoryError, count <= fits, kOutOfMemory);
    done.emplace_back(first, count);
  }
};

using Pieces = std::vector<std::pair<int64_t, int64_t>>;

}  // namespace

TEST_CASE("frames that fit are done at once") {
  const MemoryLimit limit;
  SmallDevice device{8, {}};
  limit.run(8, 256, 256, std::ref(device));
  CHECK(device.done == Pieces{{0, 8}});
  CHECK(limit.most() == 0);
}

TEST_CASE("half as many frames are tried once and kept to") {
  const MemoryLimit limit;
  SmallDevice device{5, {}};
  limit.run(9, 256, 256, std::ref(device));
  CHECK(device.done == Pieces{{0, 4}, {4, 4}, {8, 1}});
  CHECK(device.tries == 4);
  CHECK(limit.most() == 4);
  device.done.clear();
  device.tries = 0;
  limit.run(9, 256, 256, std::ref(device));
  CHECK(device.tries == 3);  // nine are not tried again
  limit.run(2, 256, 256, std::ref(device));
  CHECK(device.done.back() == std::pair<int64_t, int64_t>(0, 2));
}

TEST_CASE("where half is too much as well the sizes are told") {
  const MemoryLimit limit;
  SmallDevice device{1, {}};
  CHECK(test::error_of(ErrorKind::Input, [&] { limit.run(8, 256, 128, std::ref(device)); }) ==
        "the device's memory is exhausted with 4 frames of 256x128 at once (tried to allocate 2.00 GiB. GPU "
        "0 has a total capacity of 7.79 GiB of which 1.10 GiB is free); close what else runs there, or use "
        "--precision fp16 or --device cpu");
  CHECK(device.tries == 2);
  CHECK(device.done.empty());
  SmallDevice full;
  CHECK(test::error_of(ErrorKind::Input, [&] { MemoryLimit().run(1, 64, 64, std::ref(full)); }) ==
        "the device's memory is exhausted with 1 frame of 64x64 at once (tried to allocate 2.00 GiB. GPU 0 "
        "has a total capacity of 7.79 GiB of which 1.10 GiB is free); close what else runs there, or use "
        "--precision fp16 or --device cpu");
  CHECK(full.tries == 1);
}

TEST_CASE("other errors are not taken for exhausted memory") {
  int tries = 0;
  CHECK_THROWS_AS(MemoryLimit().run(4, 8, 8,
                                    [&](int64_t, int64_t) {
                                      ++tries;
                                      throw std::runtime_error("no");
                                    }),
                  std::runtime_error);
  CHECK(tries == 1);
}

TEST_CASE("sizes are read from what LibTorch says, in both of its ways") {
  CHECK(memory_sizes(kOutOfMemory) ==
        "tried to allocate 2.00 GiB. GPU 0 has a total capacity of 7.79 GiB of which 1.10 GiB is free");
  CHECK(memory_sizes(
            "CUDA out of memory. Tried to allocate 20.00 MiB (GPU 0; 15.78 GiB total capacity; 14.56 GiB already "
            "allocated; 19.44 MiB free; 14.70 GiB reserved in total by PyTorch) If reserved memory is >> …") ==
        "tried to allocate 20.00 MiB (GPU 0; 15.78 GiB total capacity; 14.56 GiB already allocated; 19.44 MiB free)");
  CHECK(memory_sizes("something else\nand more") == "something else");
}
