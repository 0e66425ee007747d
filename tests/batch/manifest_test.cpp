#include "batch/manifest.h"

#include "support/expect_error.h"
#include "support/temp_dir.h"

namespace animate::batch {
namespace {

using test::error_of;
using test::TempDir;

TEST_CASE("a manifest's lines become jobs, its broken ones jobs with a fault") {
  const TempDir dir;
  const std::string name =
      dir.write("jobs.jsonl",
                "{\"source\": \"a.jpg\", \"driving\": \"b.mp4\", \"output\": \"c.mp4\", \"crf\": 20}\n"
                "\n"
                "{\"source\": \"a.jpg\", \"driving\": \n"
                "{\"source\": \"/x/a.jpg\", \"driving\": \"b.mp4\", \"model\": \"identity\"}\r\n"
                "[1]\n"
                "{\"source\": \"a.jpg\", \"output\": \"e.mp4\"}\n"
                "{\"source\": 7, \"driving\": \"b.mp4\", \"output\": \"f.mp4\"}\n"
                "{\"source\": \"a.jpg\", \"driving\": \"b.mp4\", \"output\": \"g.mp4\", \"crrf\": 20}");
  ManifestDefaults defaults;
  defaults.folder = "out";
  defaults.options.output.crf = 33;
  const auto jobs = read_manifest(name, defaults);
  REQUIRE(jobs.size() == 7);
  CHECK(jobs[0].source == dir / "a.jpg");
  CHECK(jobs[0].output == dir / "c.mp4");
  CHECK(jobs[0].options.output.crf == 20);
  CHECK(jobs[0].fault.empty());
  CHECK(jobs[0].origin == name + " line 1");
  CHECK(jobs[1].fault == name + " line 3: is not JSON; correct the line");
  CHECK(jobs[2].source == "/x/a.jpg");
  CHECK(jobs[2].output == "out/a--b.mp4");
  CHECK(jobs[2].model.model == "identity");
  CHECK(jobs[2].options.output.crf == 33);
  CHECK(jobs[3].fault == name + " line 5: is not an object; write it as in {\"source\": \"a.jpg\", …}");
  CHECK(jobs[4].fault == name + " line 6: driving is missing; add it");
  CHECK(jobs[5].fault == name + " line 7: source: 7 is not a file name");
  CHECK(jobs[6].fault == name + " line 8: crrf: is no option; did you mean crf?");
}

TEST_CASE("lines of the kind dream are clips without a driver, with options of their own") {
  const TempDir dir;
  dir.write("lcm.safetensors", "weights");
  const std::string name = dir.write(
      "jobs.jsonl",
      "{\"kind\": \"dream\", \"source\": \"a.jpg\", \"fps\": 9, \"guidance\": \"1:2\", \"crf\": 20, \"unet\": "
      "\"lcm.safetensors\", \"keep_latents\": \"a.safetensors\"}\n"
      "{\"kind\": \"dream\", \"source\": \"a.jpg\", \"output\": \"b.mp4\", \"stesp\": 3}\n"
      "{\"kind\": \"dream\", \"source\": \"a.jpg\", \"output\": \"c.mp4\", \"driving\": \"d.mp4\"}\n"
      "{\"kind\": \"nap\", \"source\": \"a.jpg\", \"output\": \"e.mp4\"}\n"
      "{\"kind\": \"dream\", \"output\": \"f.mp4\"}");
  ManifestDefaults defaults;
  defaults.folder = "out";
  const auto jobs = read_manifest(name, defaults);
  REQUIRE(jobs.size() == 5);
  CHECK(jobs[0].fault.empty());
  REQUIRE(jobs[0].dream);
  CHECK(jobs[0].dream->fps == 9);
  CHECK(jobs[0].dream->guidance == GuidanceRange{1, 2});
  CHECK(jobs[0].dream->unet == dir / "lcm.safetensors");
  CHECK(jobs[0].dream->keep_latents == dir / "a.safetensors");
  CHECK(jobs[0].options.output.crf == 20);
  CHECK(jobs[0].output == "out/a_dream.mp4");
  CHECK(jobs[0].driving.empty());
  CHECK(jobs[1].fault == name + " line 2: stesp: is no option of a dream; did you mean steps?");
  CHECK(jobs[2].fault == name + " line 3: a dream has no driving and no target; leave them out");
  CHECK(jobs[3].fault == name + " line 4: kind: nap is none of dream; leave it out where a driver moves the source");
  CHECK(jobs[4].fault == name + " line 5: source is missing; add it");
}

TEST_CASE("a manifest without jobs, a missing one, and one output twice") {
  const TempDir dir;
  const ManifestDefaults defaults;
  const std::string missing = dir / "none.jsonl";
  CHECK(error_of(ErrorKind::Input, [&] { read_manifest(missing, defaults); }) ==
        missing + ": no such file; check the path");
  const std::string blank = dir.write("blank.jsonl", "\n \n");
  CHECK(error_of(ErrorKind::Input, [&] { read_manifest(blank, defaults); }) ==
        blank + ": holds no jobs; give one JSON object a line");
  const std::string twice =
      dir.write("twice.jsonl",
                "{\"source\": \"a.jpg\", \"driving\": \"b.mp4\", \"output\": \"c.mp4\"}\n"
                "{\"source\": \"d.jpg\", \"driving\": \"b.mp4\", \"output\": \"./x/../c.mp4\"}\n");
  CHECK(error_of(ErrorKind::Usage, [&] { read_manifest(twice, defaults); }) ==
        (dir / "c.mp4").string() + ": two jobs would write it, " + twice + " line 1 and " + twice +
            " line 2; give each an output of its own");
  const std::string nowhere = dir.write("nowhere.jsonl", "{\"source\": \"a.jpg\", \"driving\": \"b.mp4\"}");
  CHECK(read_manifest(nowhere, defaults)[0].fault ==
        nowhere + " line 1: output is missing; add it, or give a folder with -o");
}

}  // namespace
}  // namespace animate::batch
