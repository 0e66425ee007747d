#include "report/job_report.h"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "digest/sha256.h"
#include "report/input_facts.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

using namespace animate::digest;
using namespace animate::report;
using namespace animate;
using nlohmann::json;
using test::error_of;
using test::TempDir;

namespace {

struct Setup {
  TempDir dir;
  AnimateJob job{dir.write("source.png", "abc"), dir.write("driver.mp4", "driver"), dir / "out.mp4", {}};
  std::filesystem::path path = dir / "report.json";

  json read() const { return json::parse(std::ifstream(path)); }
};

}  // namespace

TEST_CASE("a report tells inputs, changed options, facts and warnings") {
  Setup setup;
  setup.job.options.motion.adapt_scale = true;
  setup.job.options.output.crf = 23;
  setup.job.options.driving.end = 1.5;
  JobReport report(setup.path, setup.job);
  report.record().model = ModelFacts{"m", "fomm", 7, "beef", {{"weights", "w.pth", 4, "beef"}}, "cpu", "1.13", {"old"}};
  const auto summary = report.run([&] {
    std::ofstream(setup.job.output) << "result";
    AnimateSummary facts;
    facts.output = setup.job.output;
    facts.frames = 9;
    facts.gaps = {{"driving", 2, 4, 0.08, 0.16, "hold"}};
    facts.jitter = MotionJitter{0.2, 0.1, 9};
    facts.outside = {2, {{3, 4}}};
    facts.warnings = {"new"};
    facts.compose_seconds = 0.75;
    facts.batch = 8;
    facts.waits.decoded = {3, 0.5, 0, 0};
    facts.waits.rendered = {4, 0.25, 1, 0.125};
    facts.waits.composed = {0, 0, 5, 2};
    return facts;
  });
  CHECK(summary.frames == 9);
  const json written = setup.read();
  CHECK(written["status"] == "ok");
  CHECK(written["inputs"]["source"]["sha256"] == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(written["inputs"]["source"]["bytes"] == 3);
  CHECK(written["inputs"]["driving"]["path"] == setup.job.driving.string());
  CHECK(written["options"] == json{{"adapt-scale", true}, {"crf", 23}, {"end", 1.5}});
  CHECK(written["output"]["frames"] == 9);
  CHECK(written["output"]["sha256"] == sha256_of_text("result"));
  CHECK(written["without_face"] == json{{{"input", "driving"},
                                         {"first", 2},
                                         {"last", 4},
                                         {"begin_seconds", 0.08},
                                         {"end_seconds", 0.16},
                                         {"policy", "hold"}}});
  CHECK(written["jitter"]["before_smoothing"] == 0.2);
  CHECK(written["jitter"]["after_smoothing"] == 0.1);
  CHECK(written["poses_outside"] == json{{"frames", 2}, {"spans", {{{"first", 3}, {"last", 4}}}}});
  CHECK(written["batch"] == 8);
  CHECK(written["seconds"]["composing"] == 0.75);
  const auto wait = [](int empty, double empty_seconds, int full, double full_seconds) {
    return json{{"empty", empty}, {"empty_seconds", empty_seconds}, {"full", full}, {"full_seconds", full_seconds}};
  };
  CHECK(written["stalls"] == json{{"decode_to_infer", wait(3, 0.5, 0, 0)},
                                  {"infer_to_compose", wait(4, 0.25, 1, 0.125)},
                                  {"compose_to_encode", wait(0, 0, 5, 2)}});
  CHECK(written["model"]["files"][0]["role"] == "weights");
  CHECK(written["warnings"] == json{"old", "new"});
  CHECK(written["command"].size() >= 1);
  CHECK(json::parse(report_json(report.record(), /*one_line=*/true))["status"] == "ok");
  CHECK(report_json(report.record(), /*one_line=*/true).find('\n') == std::string::npos);
}

TEST_CASE("a failed job has a report too, and fails as before") {
  Setup setup;
  std::filesystem::remove(setup.job.driving);
  JobReport report(setup.path, setup.job);
  CHECK(error_of(ErrorKind::Input, [&] {
          report.run([]() -> AnimateSummary { fail(ErrorKind::Input, "driver.mp4: is gone; bring it back"); });
        }) == "driver.mp4: is gone; bring it back");
  json written = setup.read();
  CHECK(written["status"] == "failed");
  CHECK(written["message"] == "driver.mp4: is gone; bring it back");
  CHECK(written["inputs"]["driving"]["error"] == "no such file");
  CHECK(written["inputs"]["source"]["bytes"] == 3);

  JobReport strict(setup.path, setup.job);
  AnimateSummary facts;
  facts.frames = 4;
  facts.warnings = {"a warning"};
  error_of(ErrorKind::Input, [&] { strict.run([&]() -> AnimateSummary { throw StrictError("refused", facts); }); });
  written = setup.read();
  CHECK(written["status"] == "failed");
  CHECK(written["output"]["frames"] == 4);
  CHECK(written["warnings"] == json{"a warning"});

  JobReport stopped(setup.path, setup.job);
  error_of(ErrorKind::Cancelled, [&] { stopped.run([]() -> AnimateSummary { fail(ErrorKind::Cancelled, "stop"); }); });
  CHECK(setup.read()["status"] == "cancelled");
}

TEST_CASE("a report never overwrites a file of its job, and its place is proved first") {
  Setup setup;
  CHECK(error_of(ErrorKind::Usage, [&] { JobReport(setup.job.source, setup.job); }) ==
        setup.job.source.string() + ": is a file of the job itself; give --report another name");
  error_of(ErrorKind::Usage, [&] { JobReport(setup.job.output, setup.job); });
  error_of(ErrorKind::Input, [&] { JobReport(setup.dir / "none/report.json", setup.job); });
  JobReport none({}, setup.job);
  none.run([] { return AnimateSummary(); });
  CHECK(setup.dir.entries() == 2);
}

TEST_CASE("folders and patterns are hashed as lists") {
  const TempDir dir;
  std::filesystem::create_directory(dir / "frames");
  const std::string a = sha256_of(dir.write("frames/f-001.png", "a"));
  const std::string b = sha256_of(dir.write("frames/f-002.png", "bb"));
  const auto pattern = input_facts(dir / "frames/f-%03d.png");
  CHECK(pattern["files"] == 2);
  CHECK(pattern["bytes"] == 3);
  CHECK(pattern["sha256"] == sha256_of_text(a + "  f-001.png\n" + b + "  f-002.png\n"));
  dir.write("frames/notes.txt", "c");
  CHECK(input_facts(dir / "frames/f-%03d.png") == pattern);
  CHECK(input_facts(dir / "frames")["files"] == 3);
  CHECK(input_facts(dir / "none")["error"] == "no such file");
}
