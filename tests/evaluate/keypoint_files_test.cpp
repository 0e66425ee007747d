#include "evaluate/keypoint_files.h"

#include "support/catch.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

using namespace animate::evaluate;
using namespace animate;
using test::error_of;

TEST_CASE("AKD and MKR from two files") {
  const test::TempDir dir;
  const auto real = dir.write("real.csv",
                              "clip,frame,point,x,y\n"
                              "a,0,0,10,10\na,0,1,20,20\n"
                              "a,1,0,10,10\na,1,1,-1,-1\n"
                              "b,0,0,5,5\n");
  // Other order of columns, quotes, Windows line ends; frame b/0 was not found at all.
  const auto generated = dir.write("generated.csv",
                                   "point,x,y,clip,frame,score\r\n"
                                   "0,11,12,\"a\",0,0.5\r\n1,-1,-1,a,0,0\r\n"
                                   "0,10,14,a,1,0.9\r\n1,3,3,a,1,0.9\r\n"
                                   "0,1,1,c,7,1\r\n");
  const EvaluatedPart part = compare_keypoint_files(real, generated);
  REQUIRE(part.figures.size() == 2);
  CHECK(part.figures[0].name == "akd");
  CHECK(part.figures[0].count == 2);
  CHECK(part.figures[0].mean == Approx(((1 + 2) / 2.0 + (0 + 4) / 2.0) / 2));
  CHECK(part.figures[1].name == "mkr");
  CHECK(part.figures[1].mean == Approx((0.5 + 0 + 1) / 3));
  REQUIRE(part.items.size() == 2);
  CHECK(part.items[0].first == "a");
  CHECK(part.items[0].second.at("mkr") == Approx(0.25));
}

TEST_CASE("faults of a keypoint file are told with their line") {
  const test::TempDir dir;
  const auto sentence = [&](const std::string& text) {
    const auto path = dir.write("k.csv", text);
    const std::string message = error_of(ErrorKind::Input, [&] { read_keypoint_file(path); });
    CHECK(message.starts_with(path.string() + ": "));
    return message.substr(path.string().size() + 2);
  };
  CHECK(sentence("clip,frame,point,x\n") == "its first line names no column y; begin it with clip,frame,point,x,y");
  CHECK(sentence("clip,frame,point,x,y\n") == "has no line below its header; write keypoints into it");
  CHECK(sentence("clip,frame,point,x,y\na,0,0,1,1\na,0,1,1\n") == "line 3 has no y; write the file again");
  CHECK(sentence("clip,frame,point,x,y\na,0,0,left,1\n") == "line 2: x is \"left\", which is no number");
  CHECK(sentence("clip,frame,point,x,y\na,0,0,nan,1\n") == "line 2: x is not finite; -1 means missing");
  CHECK(sentence("clip,frame,point,x,y\na,-3,0,1,1\n") == "line 2: frame is -3; it must be 0 to 1099511627776");
  CHECK(sentence("clip,frame,point,x,y\na,0,900000000,1,1\n") == "line 2: point is 900000000; it must be 0 to 100000");
}

TEST_CASE("files of different clips are refused") {
  const test::TempDir dir;
  const auto a = dir.write("a.csv", "clip,frame,point,x,y\na,0,0,1,1\n");
  const auto b = dir.write("b.csv", "clip,frame,point,x,y\nb,0,0,1,1\n");
  CHECK(error_of(ErrorKind::Input, [&] { compare_keypoint_files(a, b); }) ==
        b.string() + ": has no clip and frame in common with " + a.string() + "; give two files of the same frames");
}
