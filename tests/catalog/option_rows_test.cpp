#include "catalog/option_rows.h"

#include <nlohmann/json.hpp>
#include <set>

#include "catalog/option_json.h"
#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate::catalog;
using namespace animate;
using nlohmann::json;
using test::error_of;

TEST_CASE("every option has a name of its own and says what it does") {
  AnimateOptions options;
  std::set<std::string> names;
  for (const OptionRow& row : rows_of(options)) {
    INFO(row.name());
    for (const std::string& name : row.names) CHECK(names.insert(name).second);
    CHECK_FALSE(row.group.empty());
    CHECK_FALSE(row.help.empty());
  }
  CHECK(names.contains("crf"));
  CHECK(names.contains("frame-size"));
  CHECK(names.contains("driving-multiplier"));
}

TEST_CASE("options are values: a copy shares nothing with its original") {
  AnimateOptions options;
  set_option(options, "driving_multiplier", 1.5);
  set_option(options, "crf", 30);
  AnimateOptions copy = options;
  CHECK(copy == options);
  set_option(copy, "driving-multiplier", 2);
  set_option(copy, "preset", "fast");
  CHECK(json(changed_options(options)) == json{{"crf", 30}, {"driving-multiplier", 1.5}});
  CHECK(json(changed_options(copy)) == json{{"crf", 30}, {"driving-multiplier", 2.0}, {"encoder-preset", "fast"}});
}

TEST_CASE("what is set through the rows comes back from them") {
  AnimateOptions options;
  const json given{{"reference", 12},           {"crop", "1,2,30,40"}, {"fps", "29.97"},
                   {"audio", "a.mp3"},          {"face", "2"},         {"bbox", "1,2,30,40"},
                   {"animation-region", "lip"}, {"set", "smile=1"},    {"align-corners", "on"},
                   {"landmarks-203", "l.onnx"}};
  for (const auto& [name, value] : given.items()) set_option(options, name, value);
  CHECK(options.motion.reference == ReferenceChoice{ReferenceChoice::Kind::Frame, 12});
  CHECK(options.crop.crop.width == 30);
  CHECK(options.output.fps.rate == Rational{30000, 1001});
  CHECK(options.output.audio.file == "a.mp3");
  CHECK(options.liveportrait.bbox == FaceBox{1, 2, 30, 40});
  CHECK(options.liveportrait.animation_region == AnimationRegion::Lip);
  CHECK(options.liveportrait.set.sets(0) == EditSettings::parse("smile=1").sets(0));
  CHECK(options.fomm.align_corners == Switch::On);
  const json changed = changed_options(options);
  CHECK(changed.size() == 10);
  CHECK(changed["reference"] == "12");
  CHECK(changed["fps"] == "30000/1001");
  AnimateOptions again;
  for (const auto& [name, value] : changed.items()) set_option(again, name, value);
  CHECK(again == options);
}

TEST_CASE("options from JSON are checked like flags") {
  AnimateOptions options;
  const auto complaint = [&](const char* name, const json& value) {
    return error_of(ErrorKind::Usage, [&] { set_option(options, name, value); });
  };
  CHECK(complaint("crff", 3) == "crff: is no option; did you mean crf?");
  CHECK(complaint("crf", "x") == "crf: \"x\" is not a whole number from 0 to 63");
  CHECK(complaint("crf", 64) == "crf: 64 is not a whole number from 0 to 63");
  CHECK(complaint("crf", 2.5) == "crf: 2.5 is not a whole number from 0 to 63");
  CHECK(complaint("relative", "yes") == "relative: \"yes\" is not true or false");
  CHECK(complaint("start", -1).starts_with("start: -1 is not a number from 0 to "));
  CHECK(complaint("paste-back", "maybe") == "paste-back: maybe is not one of auto|on|off");
  CHECK(complaint("codec", nullptr) == "codec: null is not a text");
  CHECK(complaint("reference", -3) ==
        "--reference -3: is not a frame; use first, auto, neutral or a frame number from 0");
  CHECK(options == AnimateOptions());
}
