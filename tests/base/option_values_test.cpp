#include "animate/option_values.h"

#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate;
using test::error_of;

namespace {

// What parse() makes of a text, and the sentence with which it refuses one.
template <typename T>
std::string again(std::string_view text) {
  const T value = T::parse(text);
  CHECK(T::parse(value.text()) == value);
  return value.text();
}

template <typename T>
std::string refusal(std::string_view text) {
  return error_of(ErrorKind::Usage, [&] { T::parse(text); });
}

}  // namespace

TEST_CASE("every value's text is read as the value it came from") {
  for (const char* text : {"first", "auto", "neutral", "0", "12"}) CHECK(again<ReferenceChoice>(text) == text);
  for (const char* text : {"", "auto", "none", "10,20,30,40"}) CHECK(again<CropChoice>(text) == text);
  for (const char* text : {"", "source", "driving", "25", "30000/1001"}) CHECK(again<RateChoice>(text) == text);
  for (const char* text : {"25", "30000/1001"}) CHECK(again<PictureRate>(text) == text);
  for (const char* text : {"auto", "0", "12"}) CHECK(again<StreamChoice>(text) == text);
  for (const char* text : {"driving", "source", "none", "songs/a.mp3"}) CHECK(again<SoundChoice>(text) == text);
  for (const char* text : {"auto", "cpu", "cuda", "cuda:0", "cuda:3"}) CHECK(again<DeviceChoice>(text) == text);
  for (const char* text : {"auto", "1", "64"}) CHECK(again<BatchChoice>(text) == text);
  for (const char* text : {"512", "384x256"}) CHECK(again<FrameSize>(text) == text);
  for (const char* text : {"largest", "left", "right", "all", "2", "120.5,70"}) CHECK(again<FaceChoice>(text) == text);
  CHECK(again<FaceBox>("10.5,-20,100,120") == "10.5,-20,100,120");
  CHECK(again<FacePoints>("1,2;3,4;5.5,6;7,8;9,10") == "1,2;3,4;5.5,6;7,8;9,10");
  for (const char* text : {"auto", "haar", "det_10g.onnx"}) CHECK(again<DetectorChoice>(text) == text);
  for (const char* text : {"", "baseline", "before.json"}) CHECK(again<ComparedWith>(text) == text);
}

TEST_CASE("equal values are equal however they were written") {
  CHECK(RateChoice::parse("29.97") == RateChoice::parse("30000/1001"));
  CHECK(FrameSize::parse("512") == FrameSize::parse("512x512"));
  CHECK(FaceChoice::parse("1e1").number == 10);
}

TEST_CASE("a reference frame") {
  CHECK(ReferenceChoice::parse("12").frame == 12);
  const std::string text = GENERATE("", "-1", "1.5", "First", "12x", "99999999999999999999");
  CHECK(refusal<ReferenceChoice>(text) ==
        "--reference " + text + ": is not a frame; use first, auto, neutral or a frame number from 0");
}

TEST_CASE("a crop that is none is refused with what to write instead") {
  const std::string text = GENERATE("middle", "1,2,3", "1,2,3,4,5", "1,2,3,", "1.5,2,30,40", "10, 20,30,40",
                                    "1,2,99999999999,4", "10;20;30;40", "0x1,2,30,40");
  CHECK(refusal<CropChoice>(text) ==
        "--crop " + text + ": is not a crop; give auto, none, or x,y,w,h in whole pixels, as in 100,50,256,256");
}

TEST_CASE("a crop must be large enough") {
  CHECK(refusal<CropChoice>("0,0,7,50") ==
        "--crop 0,0,7,50: its sides must be 8 pixels or more; give a larger width and height");
  CHECK(refusal<CropChoice>("0,0,-8,-8") ==
        "--crop 0,0,-8,-8: its sides must be 8 pixels or more; give a larger width and height");
}

TEST_CASE("a number of frames for a batch") {
  const std::string text = GENERATE("0", "65", "-1", "4x", "", "many", "1.5");
  CHECK(refusal<BatchChoice>(text) ==
        "--batch " + text + ": is not a number of frames; use auto or a number from 1 to 64");
}

TEST_CASE("the rate of pictures without times, and a video stream") {
  CHECK(PictureRate::parse("29.97").rate == Rational{30000, 1001});
  const std::string rate = GENERATE("", "0", "-1", "fast", "1001", "30/0");
  CHECK(refusal<PictureRate>(rate) ==
        rate +
            ": is not a frame rate; give --driving-fps or --source-fps a number up to 1000 "
            "or a fraction, as in 25 or 30000/1001");
  CHECK(StreamChoice::parse("auto").number == -1);
  const std::string stream = GENERATE("", "-1", "1000", "first", "1.5");
  CHECK(refusal<StreamChoice>(stream) ==
        "--video-stream " + stream +
            ": is not a stream; use auto or a number, where 0 is the file's first video stream");
}

TEST_CASE("a device") {
  CHECK(DeviceChoice::parse("cuda:3").index == 3);
  const std::string text = GENERATE("", "gpu", "cuda:", "cuda:x", "cuda:-1", "cuda:1x", "CPU");
  CHECK(refusal<DeviceChoice>(text) == "--device " + text + ": unknown device; use auto, cpu, cuda or cuda:N");
}

TEST_CASE("a frame size") {
  const std::string text = GENERATE("", "0", "x", "512x", "x512", "8193", "-1", "1x2x3", "5.5");
  CHECK(refusal<FrameSize>(text) == text + ": is not a frame size; give N or WIDTHxHEIGHT in pixels, up to 8192");
}

TEST_CASE("what is no choice of a face is refused") {
  const std::string text =
      GENERATE("", "0", "-1", "1.5", "1,2,3", "1,", ",1", "nan,1", "1e99", "Largest ", "10000", "3,-1");
  CHECK(refusal<FaceChoice>(text) ==
        "--face " + text +
            ": is no choice of a face; give largest, left, right, all, a number from 1 (left to right), or a place x,y "
            "in pixels");
}

TEST_CASE("a face placed by hand") {
  CHECK(refusal<FaceBox>("1,2,3") ==
        "--bbox 1,2,3: is not a box; give x,y,w,h in pixels, hairline to chin, as in 100,50,120,160");
  CHECK(refusal<FaceBox>("1,2,7,90") ==
        "--bbox 1,2,7,90: its sides must be 8 pixels or more; give a larger width and height");
  refusal<FaceBox>("inf,2,10,90");
  const std::string text = GENERATE("", "1,2;3,4", "1,2;3,4;5,6;7,8;9");
  CHECK(refusal<FacePoints>(text).starts_with("--points " + text + ": is not the points of a face; give x,y;"));
}
