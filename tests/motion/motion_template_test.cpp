#include "motion/motion_template.h"

#include <limits>

#include "checkpoint/safetensors_writer.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

using namespace animate::checkpoint;
using namespace animate::motion;
using namespace animate;
using test::error_of;
using test::TempDir;

namespace {

MotionTemplate example() {
  MotionTemplate made;
  made.family = "fomm";
  made.model = "tiny";
  made.frame_rate = {30000, 1001};
  made.time_base = {1, 90000};
  made.audio_path = "/clips/a b.mp4";
  made.audio_start = 0.25;
  for (int64_t i = 0; i < 5; ++i) {
    Motion motion;
    const auto number = static_cast<float>(i);
    motion.arrays["value"] = {{1, 3, 2}, {number, 1, 2, 3, 4, -number}};
    motion.arrays["jacobian"] = {{1, 1, 2, 2}, {0.1F, number, 0, 1}};
    made.frames.push_back(motion);
    made.pts.push_back(i * 3003);
    made.duration.push_back(3003);
  }
  return made;
}

struct Stored {
  std::vector<int64_t> shape;
  std::vector<float> values;
};

}  // namespace

TEST_CASE("a motion template comes back as it was saved") {
  const TempDir dir;
  const auto path = dir / "a.motion";
  example().save(path);
  CHECK(MotionTemplate::matches(path));
  CHECK(MotionTemplate::load(path) == example());
  CHECK(dir.entries() == 1);
}

TEST_CASE("a motion template whose frames differ is not written") {
  const TempDir dir;
  MotionTemplate uneven = example();
  uneven.frames[3].arrays.erase("jacobian");
  CHECK(error_of(ErrorKind::Internal, [&] { uneven.save(dir / "a.motion"); }) ==
        "frames of one motion template differ in 'jacobian'");
  uneven = example();
  uneven.pts.pop_back();
  CHECK(error_of(ErrorKind::Internal, [&] { uneven.save(dir / "a.motion"); }) ==
        "a motion template without frames, or with other times than frames");
  CHECK(dir.entries() == 0);
}

TEST_CASE("files that are no usable motion template are refused in one sentence") {
  const TempDir dir;
  const auto path = dir / "a.motion";
  const auto broken = [&](const std::map<std::string, std::vector<int64_t>>& ticks,
                          const std::map<std::string, Stored>& floats, std::map<std::string, std::string> more) {
    std::map<std::string, std::string> metadata{
        {"format", "animate-motion"}, {"format_version", "1"}, {"frame_rate", "25/1"}, {"time_base", "1/25"}};
    for (auto& [key, value] : more) metadata[key] = value;
    std::vector<ArrayToWrite> arrays;
    for (const auto& [name, values] : ticks) {
      const std::vector<int64_t> shape{static_cast<int64_t>(values.size())};
      arrays.push_back({name, {DType::I64, shape, contiguous_strides(shape)}, std::as_bytes(std::span(values))});
    }
    for (const auto& [name, array] : floats) {
      const auto bytes = std::as_bytes(std::span(array.values));
      arrays.push_back({name, {DType::F32, array.shape, contiguous_strides(array.shape)}, bytes});
    }
    write_safetensors(path, arrays, metadata);
    return error_of(ErrorKind::Input, [&] { MotionTemplate::load(path); }).substr(path.string().size());
  };
  const std::vector<int64_t> two{0, 1};
  const Stored motion{{2, 3, 2}, std::vector<float>(12)};
  Stored endless = motion;
  endless.values[7] = std::numeric_limits<float>::infinity();
  CHECK(broken({}, {{"x", motion}}, {{"format", "other"}}) ==
        ": is not a motion template; make one with `animate template -d clip.mp4 -o clip.motion`");
  CHECK(broken({}, {{"x", motion}}, {{"format_version", "9"}}) ==
        ": is a motion template of format 9, this program reads 1; make it again or update");
  CHECK(broken({{"pts", two}, {"duration", two}}, {{"motion.value", motion}}, {{"frame_rate", "25/0"}}) ==
        ": the motion template has no usable frame rate; make it again with `animate template`");
  CHECK(broken({{"duration", two}}, {{"motion.value", motion}}, {}) ==
        ": the motion template has no usable 'pts'; make it again with `animate template`");
  CHECK(broken({{"pts", {1, 0}}, {"duration", two}}, {{"motion.value", motion}}, {}) ==
        ": the motion template's times do not increase; make it again with `animate template`");
  CHECK(broken({{"pts", two}, {"duration", two}}, {{"motion.value", {{3, 3, 2}, std::vector<float>(18)}}}, {}) ==
        ": 'value' of the motion template does not hold 2 frames; make it again with `animate template`");
  CHECK(broken({{"pts", two}, {"duration", two}}, {{"motion.value", endless}}, {}) ==
        ": 'value' of the motion template holds NaN or infinite values; make it again with `animate template`");
  CHECK(broken({{"pts", two}, {"duration", two}}, {}, {}) ==
        ": the motion template holds no motion; make it again with `animate template`");
}
