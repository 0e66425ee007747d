#include "batch/batch_run.h"

#include <atomic>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "base/error.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

namespace animate::batch {
namespace {

using nlohmann::json;
using test::error_of;
using test::TempDir;
namespace fs = std::filesystem;

// What an engine did, counted; and what it is to do wrong.
struct Deeds {
  std::atomic<int> loads = 0;
  std::atomic<int> extractions = 0;
  std::atomic<int> runs = 0;
  std::string full_disk_at;  // an output
  std::stop_source stop;
  int stop_after = 1000;  // runs
};

// Writes where each result came from into it.
class CountingModel : public Model {
 public:
  CountingModel(Deeds& deeds, const ModelSpec& spec) : deeds_(deeds), name_(spec.model) { ++deeds_.loads; }

  const std::string& name() const override { return name_; }
  ModelFacts facts() const override { return {}; }
  AnimateSummary run(const AnimateJob& job, Progress&, std::stop_token) const override {
    if (++deeds_.runs > deeds_.stop_after) {
      deeds_.stop.request_stop();
      fail(ErrorKind::Cancelled, "interrupted; nothing was written");
    }
    check(job.output != deeds_.full_disk_at, ErrorKind::DiskFull,
          "{}: no space left on the device; free some or choose another output", show(job.output));
    check(job.source.filename() != "bad.png", ErrorKind::Input, "{}: is driven by {}, badly", show(job.source),
          show(job.driving));
    std::ofstream(job.output) << job.driving.extension().string() << ' ' << job.options.driving.start;
    AnimateSummary summary;
    summary.frames = 3;
    return summary;
  }
  AnimateSummary run(const TemplateJob& job, Progress&, std::stop_token) const override {
    ++deeds_.extractions;
    check(job.driving.filename() != "broken.mp4", ErrorKind::Input, "{}: is broken", show(job.driving));
    std::ofstream(job.output) << "motion";
    AnimateSummary summary;
    summary.frames = 3;
    return summary;
  }
  std::unique_ptr<Session> open_session(const Image&, const AnimateOptions&) const override { return nullptr; }

 private:
  Deeds& deeds_;
  std::string name_;
};

// Writes which picture it dreamt of, and its fps.
class CountingDreamer : public Dreamer {
 public:
  explicit CountingDreamer(Deeds& deeds) : deeds_(deeds) {}
  void check(const DreamJob&) const override {}
  DreamPlan plan(const DreamJob&, bool) const override { return {}; }
  DreamResult make(const DreamJob& job, Progress&, std::stop_token) const override {
    ++deeds_.runs;
    animate::check(job.source.filename() != "bad.png", ErrorKind::Input, "{}: dreams badly", show(job.source));
    std::ofstream(job.output) << "dreamt of " << job.source.filename().string() << " at " << job.options.fps;
    DreamResult result;
    result.summary.frames = 14;
    return result;
  }

 private:
  Deeds& deeds_;
};

// Sources and drivers in a folder, run with an engine that counts.
class Workshop {
 public:
  Workshop() {
    for (const char* name : {"1.png", "2.png", "3.png"}) dir.write(name, "picture");
    for (const char* name : {"x.mp4", "y.mp4"}) dir.write(name, "clip");
    settings.folder = dir / "out";
    fs::create_directory(settings.folder);
  }

  std::vector<BatchJob> plan(const std::vector<std::string>& sources, const std::vector<std::string>& drivings) const {
    std::vector<BatchJob> jobs;
    for (const std::string& driving : drivings) {
      for (const std::string& source : sources) {
        BatchJob job;
        job.index = jobs.size();
        job.source = dir / source;
        job.driving = dir / driving;
        job.output = settings.folder / (source + driving);
        job.model.model = "identity";
        job.options = options;
        jobs.push_back(job);
      }
    }
    return jobs;
  }

  BatchTotals run(const std::vector<BatchJob>& jobs) {
    BatchHost host;
    host.check_job = [](const AnimateJob& job) {
      check(fs::exists(job.source), ErrorKind::Input, "{}: no such file; check the path", show(job.source));
    };
    host.open_model = [this](const ModelSpec& spec, const RuntimeOptions&) {
      return std::make_shared<CountingModel>(deeds, spec);
    };
    host.make_dreamer = [this] { return std::make_unique<CountingDreamer>(deeds); };
    host.make_progress = [] { return std::make_unique<NoProgress>(); };
    host.tell = [](const JobOutcome&) {};
    return run_batch(jobs, settings, host, deeds.stop.get_token());
  }

  // The values of one key in the report, in order.
  std::vector<std::string> column(const char* key) const {
    std::vector<std::string> values;
    std::ifstream in(settings.folder / settings.shard.report_name());
    for (std::string line; std::getline(in, line);) values.push_back(json::parse(line).at(key).get<std::string>());
    return values;
  }

  TempDir dir;
  BatchSettings settings;
  AnimateOptions options;
  Deeds deeds;
};

TEST_CASE("a model is loaded once, a driver's motion read once") {
  Workshop shop;
  shop.options.driving.start = 1;
  const auto totals = shop.run(shop.plan({"1.png", "2.png", "3.png"}, {"x.mp4", "y.mp4"}));
  CHECK(totals.done == 6);
  CHECK(shop.deeds.loads == 1);
  CHECK(shop.deeds.extractions == 2);
  CHECK(shop.column("motion") ==
        std::vector<std::string>{"extracted", "reused", "reused", "extracted", "reused", "reused"});
  // The template was cut already.
  CHECK(test::content_of(shop.settings.folder / "1.pngx.mp4") == ".motion 0");
  // Results and report: the stored motion is gone.
  size_t entries = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(shop.settings.folder)) ++entries;
  CHECK(entries == 7);
}

TEST_CASE("the driver itself is used where its pictures are needed, or one job only wants it") {
  Workshop shop;
  CHECK(shop.run(shop.plan({"1.png"}, {"x.mp4", "y.mp4"})).done == 2);
  shop.options.output.concat = true;
  CHECK(shop.run(shop.plan({"1.png", "2.png"}, {"x.mp4"})).done == 2);
  CHECK(shop.deeds.extractions == 0);
  CHECK(shop.column("motion") == std::vector<std::string>(4, "direct"));
  CHECK(test::content_of(shop.settings.folder / "1.pngx.mp4") == ".mp4 0");
}

TEST_CASE("a second run skips what is finished and says what changed") {
  Workshop shop;
  const auto jobs = shop.plan({"1.png", "2.png", "3.png"}, {"x.mp4"});
  shop.run(jobs);
  CHECK(shop.run(jobs).skipped == 3);
  CHECK(shop.deeds.loads == 1);
  shop.dir.write("2.png", "another picture");
  fs::remove(jobs[2].output);
  auto totals = shop.run(jobs);
  CHECK(totals.done == 2);
  CHECK(totals.skipped == 1);
  CHECK(shop.column("message")[6] == "");  // the skipped one comes first
  CHECK(shop.column("message")[7] == "the source changed");
  CHECK(shop.column("message")[8] == "");
  shop.options.output.crf = 30;
  shop.options.runtime.threads = 3;
  totals = shop.run(shop.plan({"1.png"}, {"x.mp4"}));
  CHECK(totals.done == 1);
  CHECK(shop.column("message").back() == "--crf changed");
  shop.options.runtime.threads = 1;
  CHECK(shop.run(shop.plan({"1.png"}, {"x.mp4"})).skipped == 1);
  shop.settings.overwrite = true;
  CHECK(shop.run(shop.plan({"1.png"}, {"x.mp4"})).done == 1);
  shop.settings.overwrite = false;
  // A result of another origin is not taken for ours.
  fs::remove(shop.settings.folder / "report.jsonl");
  CHECK(shop.run(shop.plan({"1.png"}, {"x.mp4"})).done == 1);
  CHECK(shop.column("message").back() == "no report tells how it was made");
}

TEST_CASE("dreams run beside driven jobs, load no model of theirs, and are skipped until something changes") {
  Workshop shop;
  const std::string model = shop.dir.write("video.safetensors", "weights");
  auto jobs = shop.plan({"1.png"}, {"x.mp4"});
  const auto add = [&](const char* source, const char* output) {
    BatchJob job;
    job.index = jobs.size();
    job.source = shop.dir / source;
    job.output = shop.settings.folder / output;
    job.model.model = model;
    job.dream.emplace();
    job.dream->fps = 9;
    job.origin = "jobs.jsonl line " + std::to_string(jobs.size());
    jobs.push_back(job);
  };
  shop.dir.write("bad.png", "?");
  add("2.png", "a.mp4");
  add("bad.png", "b.mp4");
  add("3.png", "c.mp4");
  jobs.back().model.model = (shop.dir / "none/video").string();
  const auto totals = shop.run(jobs);
  CHECK(totals.done == 2);
  CHECK(totals.failures ==
        std::vector<std::string>{(shop.dir / "none/video").string() + ": no such file; check the path of the model",
                                 (shop.dir / "bad.png").string() + ": dreams badly"});
  CHECK(shop.deeds.loads == 1);
  CHECK(test::content_of(jobs[1].output) == "dreamt of 2.png at 9");
  CHECK(shop.run({jobs.begin(), jobs.begin() + 2}).skipped == 2);
  jobs[1].dream->seed = 3;
  CHECK(shop.run({jobs.begin(), jobs.begin() + 2}).done == 1);
  CHECK(shop.column("message").back() == "--seed changed");
  CHECK(shop.column("motion").back() == "none");
}

TEST_CASE("bad jobs do not stop the others") {
  Workshop shop;
  shop.dir.write("bad.png", "?");
  shop.dir.write("broken.mp4", "?");
  auto jobs = shop.plan({"1.png", "none.png", "bad.png", "2.png"}, {"x.mp4"});
  jobs[3].origin = "jobs.jsonl line 9";
  jobs[3].fault = "jobs.jsonl line 9: is not JSON; correct the line";
  const auto totals = shop.run(jobs);
  CHECK(totals.done == 1);
  CHECK(totals.failures == std::vector<std::string>{"jobs.jsonl line 9: is not JSON; correct the line",
                                                    (shop.dir / "none.png").string() + ": no such file; check the path",
                                                    // The stored motion's own name is nobody's business.
                                                    (shop.dir / "bad.png").string() + ": is driven by " +
                                                        (shop.dir / "x.mp4").string() + ", badly"});
  CHECK(shop.run(shop.plan({"1.png", "2.png", "3.png"}, {"broken.mp4"})).failed == 3);
  CHECK(shop.deeds.extractions == 2);  // x.mp4's and one attempt
}

TEST_CASE("a full disk ends the run, and the next one goes on") {
  Workshop shop;
  const auto jobs = shop.plan({"1.png", "2.png", "3.png"}, {"x.mp4"});
  shop.deeds.full_disk_at = jobs[1].output;
  auto totals = shop.run(jobs);
  CHECK(totals.done == 1);
  CHECK(totals.failed == 1);
  CHECK(totals.left == 1);
  CHECK_THAT(totals.stopped, ContainsSubstring("no space left"));
  CHECK(shop.deeds.runs == 2);
  shop.deeds.full_disk_at.clear();
  totals = shop.run(jobs);
  CHECK(totals.skipped == 1);
  CHECK(totals.done == 2);
  CHECK(totals.stopped.empty());
}

TEST_CASE("a stop request leaves the rest for the next run") {
  Workshop shop;
  shop.deeds.stop_after = 1;
  const auto totals = shop.run(shop.plan({"1.png", "2.png", "3.png"}, {"x.mp4"}));
  CHECK(totals.interrupted);
  CHECK(totals.done == 1);
  CHECK(totals.left == 2);
  CHECK(shop.column("status") == std::vector<std::string>{"done"});
}

TEST_CASE("shards and several jobs at a time do everything once") {
  Workshop shop;
  const auto jobs = shop.plan({"1.png", "2.png", "3.png"}, {"x.mp4", "y.mp4"});
  size_t done = 0;
  for (size_t number = 1; number <= 2; ++number) {
    shop.settings.shard = {number, 2};
    shop.settings.jobs = 3;
    done += shop.run(jobs).done;
  }
  CHECK(done == 6);
  CHECK(shop.deeds.runs == 6);
  CHECK(shop.deeds.extractions == 2);  // a shard reads the driver of two of its jobs once; the third job has its own
  // Another division knows what is there.
  shop.settings.shard = {};
  CHECK(shop.run(jobs).skipped == 6);
}

TEST_CASE("models that jobs name are loaded once each; a missing one fails its jobs only") {
  Workshop shop;
  auto jobs = shop.plan({"1.png", "2.png", "3.png"}, {"x.mp4"});
  for (BatchJob& job : jobs) job.origin = "jobs.jsonl line 1";
  jobs[1].model.model = "nowhere";
  const auto totals = shop.run(jobs);
  CHECK(totals.done == 2);
  CHECK(totals.failures ==
        std::vector<std::string>{"nowhere: no model of this name is found; `animate models` lists what there is"});
  CHECK(shop.deeds.loads == 1);
  jobs[1].origin.clear();
  CHECK(error_of(ErrorKind::Input, [&] { shop.run(jobs); }) ==
        "nowhere: no model of this name is found; `animate models` lists what there is");
}

}  // namespace
}  // namespace animate::batch
