#include "core/motion.h"

#include "core/weights.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

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
    motion.tensors["value"] = torch::full({1, 3, 2}, static_cast<float>(i));
    made.frames.push_back(motion);
    made.pts.push_back(i * 3003);
    made.duration.push_back(3003);
  }
  return made;
}

}  // namespace

TEST_CASE("a motion template comes back as it was saved") {
  const TempDir dir;
  const auto path = dir / "a.motion";
  example().save(path);
  CHECK(MotionTemplate::matches(path));
  const auto read = MotionTemplate::load(path);
  CHECK(read.family == "fomm");
  CHECK(read.frame_rate == Rational{30000, 1001});
  CHECK(read.time_base == Rational{1, 90000});
  CHECK(read.audio_path == "/clips/a b.mp4");
  CHECK(read.audio_start == Approx(0.25));
  CHECK(read.pts == example().pts);
  REQUIRE(read.frames.size() == 5);
  CHECK(read.frames[4].tensors.at("value").equal(torch::full({1, 3, 2}, 4.0F)));
}

TEST_CASE("files that are no usable motion template are refused in one sentence") {
  const TempDir dir;
  const auto path = dir / "a.motion";
  const auto broken = [&](const std::map<std::string, torch::Tensor>& tensors,
                          std::map<std::string, std::string> more) {
    std::map<std::string, std::string> metadata{
        {"format", "animate-motion"}, {"format_version", "1"}, {"frame_rate", "25/1"}, {"time_base", "1/25"}};
    for (auto& [key, value] : more) metadata[key] = value;
    save_tensors(path, tensors, metadata);
    return error_of(ErrorKind::Input, [&] { MotionTemplate::load(path); }).substr(path.string().size());
  };
  const auto two = torch::tensor({0, 1}, torch::kInt64);
  const auto motion = torch::zeros({2, 3, 2});
  CHECK(broken({{"x", motion}}, {{"format", "other"}}) ==
        ": is not a motion template; make one with `animate template -d clip.mp4 -o clip.motion`");
  CHECK(broken({{"x", motion}}, {{"format_version", "9"}}) ==
        ": is a motion template of format 9, this program reads 1; make it again or update");
  CHECK(broken({{"pts", two}, {"duration", two}, {"motion.value", motion}}, {{"frame_rate", "25/0"}}) ==
        ": the motion template has no usable frame rate; make it again with `animate template`");
  CHECK(broken({{"duration", two}, {"motion.value", motion}}, {}) ==
        ": the motion template has no usable 'pts'; make it again with `animate template`");
  CHECK(broken({{"pts", two.flip(0)}, {"duration", two}, {"motion.value", motion}}, {}) ==
        ": the motion template's times do not increase; make it again with `animate template`");
  CHECK(broken({{"pts", two}, {"duration", two}, {"motion.value", torch::zeros({3, 3, 2})}}, {}) ==
        ": 'value' of the motion template does not hold 2 frames; make it again with `animate template`");
  CHECK(broken({{"pts", two}, {"duration", two}, {"motion.value", motion / 0}}, {}) ==
        ": 'value' of the motion template holds NaN or infinite values; make it again with `animate template`");
  CHECK(broken({{"pts", two}, {"duration", two}}, {}) ==
        ": the motion template holds no motion; make it again with `animate template`");
}
