#include <algorithm>
#include <fstream>

#include "base/natural_order.h"
#include "batch/folder_jobs.h"
#include "batch/job_keys.h"
#include "batch/output_pattern.h"
#include "batch/shard.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

#include <nlohmann/json.hpp>

namespace animate::batch {
namespace {

using test::error_of;
using test::TempDir;

TEST_CASE("names come in the order in which people count") {
  std::vector<std::string> names = {"b1", "a10", "a2", "a01", "a1", "a", "A", "a1b", "a99999999999999999999",
                                    "1a", "10"};
  std::sort(names.begin(), names.end(), natural_less);
  CHECK(names ==
        std::vector<std::string>{"1a", "10", "A", "a", "a01", "a1", "a1b", "a2", "a10", "a99999999999999999999", "b1"});
  CHECK_FALSE(natural_less("a1", "a1"));
}

TEST_CASE("shards deal every job to exactly one") {
  for (const size_t count : {1, 2, 3, 7}) {
    for (size_t job = 0; job < 20; ++job) {
      size_t owners = 0;
      for (size_t number = 1; number <= count; ++number) owners += Shard{number, count}.owns(job) ? 1 : 0;
      CHECK(owners == 1);
    }
  }
  CHECK(parse_shard("").count == 1);
  CHECK(parse_shard("2/3").report_name() == "report-2-of-3.jsonl");
  CHECK(error_of(ErrorKind::Usage, [] { parse_shard("3/2"); }) == "--shard 3/2: the parts are numbered from 1 to 2");
  CHECK(error_of(ErrorKind::Usage, [] { parse_shard("0/2"); }) == "--shard 0/2: the parts are numbered from 1 to 2");
  for (const char* text : {"2", "/", "1/", "/2", "1/0", "-1/2", "1/2x", "1/2/3", "1/99999999999999999999"}) {
    CHECK(error_of(ErrorKind::Usage, [&] { parse_shard(text); }) ==
          std::string("--shard ") + text + ": is not I/N; give the part and how many there are, as in 1/4");
  }
}

TEST_CASE("a pattern names results inside the folder only") {
  const OutputPattern pattern("{driving_name}/{index}-{source_name}{source_extension}.webm");
  CHECK(pattern.name("p/a.b.JPG", "d/clip.mp4", 7) == "clip/7-a.b.JPG.webm");
  CHECK(OutputPattern("{source_name}-{driving_name}.mp4").name("x/", "frames/%05d.png", 0) == "x-frames.mp4");
  const auto complaint = [](const char* text) {
    return error_of(ErrorKind::Usage, [&] { const OutputPattern wrong(text); });
  };
  CHECK(complaint("{sourcename}.mp4") ==
        "--pattern {sourcename}.mp4: {sourcename} is not known; did you mean {source_name}?");
  CHECK(complaint("{source_name.mp4") ==
        "--pattern {source_name.mp4: a brace has no other half; write words as in {source_name}");
  CHECK(complaint("../{index}.mp4") == "--pattern ../{index}.mp4: must name a file inside the output folder");
  CHECK(complaint("/{index}.mp4") == "--pattern /{index}.mp4: must name a file inside the output folder");
  CHECK(complaint("{index}") == "--pattern {index}: has no suffix; end it as in .mp4");
}

TEST_CASE("folders give every portrait with every driver") {
  const TempDir dir;
  std::filesystem::create_directories(dir / "p/below.png");
  for (const char* name : {"p/face10.png", "p/face2.JPG", "p/.hidden.png", "p/notes.txt", "p/clip.mp4"})
    dir.write(name, "x");
  std::filesystem::create_directories(dir / "d");
  for (const char* name : {"d/2.mp4", "d/1.motion", "d/readme.md"}) dir.write(name, "x");
  std::filesystem::create_directories(dir / "frames");
  dir.write("frames/1.png", "x");
  FolderInputs inputs;
  inputs.sources = {dir / "p", "named.txt"};
  inputs.drivings = {dir / "d", dir / "frames"};
  inputs.folder = "out";
  std::vector<std::string> outputs;
  const auto jobs = plan_folders(inputs);
  for (const BatchJob& job : jobs) outputs.push_back(job.output);
  CHECK(outputs == std::vector<std::string>{"out/face2--1.mp4", "out/face10--1.mp4", "out/named--1.mp4",
                                            "out/face2--2.mp4", "out/face10--2.mp4", "out/named--2.mp4",
                                            "out/face2--frames.mp4", "out/face10--frames.mp4",
                                            "out/named--frames.mp4"});
  CHECK(jobs[4].index == 4);
  CHECK(result_name("", "a.png", "b.png", 0) == "a--b.jpg");

  std::filesystem::create_directories(dir / "empty");
  inputs.sources = {dir / "empty"};
  CHECK(error_of(ErrorKind::Input, [&] { plan_folders(inputs); }) ==
        (dir / "empty").string() + ": the folder holds no pictures; give one with PNG or JPEG files");
}

TEST_CASE("two jobs with one output, or an output that is an input, are told before anything runs") {
  FolderInputs inputs;
  inputs.sources = {"a.jpg", "a.png"};
  inputs.drivings = {"d.mp4"};
  inputs.folder = "out";
  inputs.pattern = "{source_name}--{driving_name}.mp4";
  CHECK(error_of(ErrorKind::Usage, [&] { plan_folders(inputs); }) ==
        "out/a--d.mp4: two jobs would write it, a.jpg with d.mp4 and a.png with d.mp4; tell them apart with --pattern, "
        "as in {source_name}{source_extension}--{driving_name}.mp4");
  inputs.sources = {"a.jpg"};
  inputs.folder = "./x/..";
  inputs.pattern = "d.mp4";
  CHECK(error_of(ErrorKind::Usage, [&] { plan_folders(inputs); }) ==
        "d.mp4: is read by one job and would be overwritten by a.jpg with d.mp4; choose another output");
}

TEST_CASE("portraits of one name get results of different names") {
  FolderInputs inputs;
  inputs.sources = {"a.jpg", "a.png", "other/a.jpg", "b.jpg"};
  inputs.drivings = {"d.mp4"};
  inputs.folder = "out";
  const auto jobs = plan_folders(inputs);
  REQUIRE(jobs.size() == 4);
  CHECK(jobs[0].output == "out/a--d.mp4");
  CHECK(jobs[1].output == "out/a--d-2.mp4");
  CHECK(jobs[2].output == "out/a--d-3.mp4");
  CHECK(jobs[3].output == "out/b--d.mp4");

  inputs.sources = {"a.jpg", "a.png"};
  inputs.drivings = {"d.mp4", "d-2.mp4"};
  const auto taken = plan_folders(inputs);
  REQUIRE(taken.size() == 4);
  CHECK(taken[0].output == "out/a--d.mp4");
  CHECK(taken[1].output == "out/a--d-3.mp4");  // -2 is the other driver's
  CHECK(taken[2].output == "out/a--d-2.mp4");
  CHECK(taken[3].output == "out/a--d-2-2.mp4");
}

TEST_CASE("results of our naming have names that the file system takes") {
  FolderInputs inputs;
  inputs.sources = {std::string(150, 'a') + ".png"};
  inputs.drivings = {std::string(150, 'b') + ".mp4"};
  inputs.folder = "out";
  const std::string name = plan_folders(inputs).front().output.filename().string();
  CHECK(name.size() <= 255);
  CHECK(name.starts_with("aaaa"));
  CHECK(name.ends_with("bbbb.mp4"));
}

TEST_CASE("jobs share a model by what it reads while it is loaded, and motion by what its reading depends on") {
  AnimateOptions options;
  AnimateOptions copy = options;
  copy.liveportrait.driving_multiplier = 2;
  copy.output.crf = 30;
  CHECK(loading_key(options) == loading_key(copy));
  CHECK(motion_key(options) != motion_key(copy));
  copy.fomm.frame_size = FrameSize{384, 256};
  CHECK(loading_key(options) != loading_key(copy));
}

}  // namespace
}  // namespace animate::batch
