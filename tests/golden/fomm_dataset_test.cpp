// What the original's video reader makes of strips, a GIF and a folder of frames.
#include "dataset/clip_files.h"
#include "support/catch.h"
#include "support/golden.h"

using namespace animate::dataset;
using namespace animate;

TEST_CASE("clips of every form are read as the original reads them") {
  const auto root = test::fixtures_root() / "fomm";
  auto golden = test::fomm_case("dataset_reader");
  const auto to_tensor = [](const dataset::Frames& frames) {
    return torch::tensor(frames.values).view({frames.count, frames.height, frames.width, frames.channels});
  };
  for (const std::string& key : golden.keys("expect/")) {
    const std::string name = key.substr(key.find('/') + 1);
    INFO(name);
    const auto clip = root / "dataset" / name;
    const bool square = name == "clip.gif";
    const int64_t width = square ? 12 : 16;
    const auto frames = dataset::read_clip(clip, width, 12);
    golden.compare(name, to_tensor(frames));

    const dataset::FrameSize size{width, 12};
    REQUIRE(dataset::count_frames(clip, size) == frames.count);
    const std::vector<int64_t> positions{0, 2, 2};
    const auto some = dataset::read_frames(clip, positions, size);
    REQUIRE(some.count == 3);
    for (int64_t i = 0; i < 3; ++i) {
      const auto expected = frames.frame(positions[static_cast<size_t>(i)]);
      const auto found = some.frame(i);
      CHECK(std::equal(expected.begin(), expected.end(), found.begin(), found.end()));
    }
  }
  golden.require_all_compared();
}
