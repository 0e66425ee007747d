#include "face/crop_suggestion.h"

#include <algorithm>
#include <string>

#include "support/catch.h"
#include "support/fixtures.h"

using namespace animate::face;
using namespace animate;

namespace {

std::vector<std::string> commands_of(const nlohmann::json& script) {
  const int width = script.at("frame_w");
  const int height = script.at("frame_h");
  const double fps = script.at("fps");
  const auto& args = script.at("args");
  const CropSuggestionOptions options{args.at("increase"), args.at("iou_with_initial"), args.at("min_frames"),
                                      args.at("image_shape").at(0), args.at("image_shape").at(1)};
  // The fixture holds what the detector saw: frames of at most 640 pixels.
  const int longest = std::max(width, height);
  const double scale = longest > 640 ? longest / 640.0 : 1.0;

  CropSuggester suggester(width, height, options);
  std::vector<std::string> commands;
  const auto keep = [&](const std::vector<CropSuggestion>& suggestions) {
    for (const CropSuggestion& suggestion : suggestions) {
      commands.push_back(ffmpeg_command(suggestion, "in.mp4", fps, options));
    }
  };
  for (const auto& frame : script.at("detections")) {
    std::vector<FaceCorners> faces;
    for (const auto& box : frame) {
      faces.push_back({box.at(0).get<double>() * scale, box.at(1).get<double>() * scale,
                       box.at(2).get<double>() * scale, box.at(3).get<double>() * scale});
    }
    keep(suggester.add_frame(faces));
  }
  keep(suggester.finish());
  return commands;
}

}  // namespace

TEST_CASE("crop suggestions are the original's, to the last digit") {
  const auto path = test::fixtures_root() / "fomm" / "crop_video.json";
  const nlohmann::json fixture = test::read_json(path);
  REQUIRE(fixture.at("scripts").size() == 4);
  for (const auto& script : fixture.at("scripts")) {
    CHECK(commands_of(script) == script.at("commands").get<std::vector<std::string>>());
  }
}

TEST_CASE("the overlap of boxes counts pixels with both ends") {
  CHECK(intersection_over_union({0, 0, 9, 9}, {0, 0, 9, 9}) == 1);
  CHECK(intersection_over_union({0, 0, 9, 9}, {5, 0, 14, 9}) == Approx(50.0 / 150));
  CHECK(intersection_over_union({0, 0, 9, 9}, {10, 0, 19, 9}) == 0);
  CHECK(intersection_over_union({0, 0, 9, 9}, {50, 50, 59, 59}) == 0);
}

TEST_CASE("a face that stays long enough gives one clip, cut to the picture") {
  CropSuggestionOptions options;
  options.min_frames = 2;
  CropSuggester suggester(100, 80, options);
  const FaceCorners face{10, 20, 30, 40};
  for (int i = 0; i < 4; ++i) CHECK(suggester.add_frame({&face, 1}).empty());
  const auto clips = suggester.add_frame({});
  REQUIRE(clips.size() == 1);
  CHECK(clips[0].last_frame == 3);
  CHECK(clips[0].left == 8);
  CHECK(clips[0].top == 18);
  CHECK(clips[0].width == 24);
  CHECK(clips[0].height == 24);
  CHECK(suggester.finish().empty());
  CHECK(ffmpeg_command(clips[0], "a.mp4", 25, options) ==
        "ffmpeg -i a.mp4 -ss 0.0 -t 0.12 -filter:v \"crop=24:24:8:18, scale=256:256\" crop.mp4");
}
