#include "serve/bench_live.h"

#include "fake_engine.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

namespace animate::serve {
namespace {

TEST_CASE("a live session is measured on a server of its own, and nothing is left of it") {
  const auto before = [] {
    size_t folders = 0;
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::temp_directory_path())) {
      folders += entry.path().filename().string().find("animate-serve-bench") != std::string::npos ? 1 : 0;
    }
    return folders;
  };
  const size_t folders = before();
  const test::TempDir dir;
  // What FakeToolbox takes for a picture.
  const auto picture = dir.write("picture", "picture");
  const LiveBenchReport report = bench_live({}, test::fake_engine(), {dir / "clip.mp4", picture}, {});
  CHECK(report.model == "fake");
  CHECK(report.frames == 12);
  CHECK(report.frame_width == 16);  // the middle square of 32x16
  CHECK(report.frame_height == 16);
  CHECK(report.result_width == 16);
  CHECK(report.answers >= 12 + 1);
  CHECK(report.answers <= 12 + 12);
  CHECK(report.with_face == report.answers);
  // The fake session gives every frame back, and all of them differ.
  CHECK(report.frames_per_second > 0);
  CHECK(report.overhead.median > 0);
  CHECK(report.overhead.p99 >= report.overhead.median);
  CHECK(report.delay.median > 0);
  CHECK(report.interval > 0);
  CHECK(report.replaced >= 0);
  CHECK(report.slower_frames_per_second > 0);
  CHECK(report.faster_frames_per_second >= report.slower_frames_per_second);
  CHECK(before() == folders);
}

TEST_CASE("a measurement of a live session can be interrupted, and tells what the server refuses") {
  const test::TempDir dir;
  const auto picture = dir.write("picture", "picture");
  std::stop_source stop;
  stop.request_stop();
  CHECK(test::error_of(ErrorKind::Cancelled, [&] {
          bench_live({}, test::fake_engine(), {dir / "clip.mp4", picture}, stop.get_token());
        }) == "interrupted");
  const auto nothing = dir.write("nothing", "no picture");
  CHECK_THAT(test::error_of(ErrorKind::Input,
                            [&] {
                              bench_live({}, test::fake_engine(), {dir / "clip.mp4", nothing}, {});
                            }),
             ContainsSubstring("is nothing that is known"));
}

}  // namespace
}  // namespace animate::serve
