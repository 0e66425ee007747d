#include "serve/job_book.h"

#include <fstream>

#include "refusal_of.h"
#include "support/catch.h"
#include "support/temp_dir.h"

namespace animate::serve {
namespace {

using test::refusal_of;
using test::TempDir;
namespace fs = std::filesystem;

Job job_of(const std::string& owner, const std::string& key = "", const std::string& digest = "d") {
  Job job;
  job.owner = owner;
  job.kind = "animate";
  job.source = {"0123456789abcdef0123456789abcdef", "a.png"};
  job.format = ".mp4";
  job.options = {{"crf", 20}};
  job.idempotency_key = key;
  job.request_digest = digest;
  return job;
}

struct JobDesk {
  explicit JobDesk(const fs::path& data, size_t most = 100) : space(data, 0), book(data, space, most) {}
  DiskSpace space;
  JobBook book;

  std::string take() {
    const auto taken = book.take({});
    return taken ? taken->job.id : "";
  }
  void finish(const std::string& id) {
    std::ofstream(book.folder(id) / "result.mp4") << "a result";
    book.change(
        id,
        [](Job& job) {
          job.state = JobState::Done;
          job.finished = 5;
          job.result = JobResult{"result.mp4", "a.mp4", 8, 4, 4, 1, 0.5};
        },
        true);
  }
};

TEST_CASE("owners take turns, and each one's jobs come in their order") {
  const TempDir dir;
  JobDesk desk(dir.path());
  const std::string a1 = desk.book.add(job_of("a")).id, a2 = desk.book.add(job_of("a")).id,
                    a3 = desk.book.add(job_of("a")).id;
  const std::string b1 = desk.book.add(job_of("b")).id;
  CHECK(desk.book.shown(desk.book.get(a3, "a"))["ahead"] == 3);
  CHECK(desk.book.shown(desk.book.get(b1, "b"))["ahead"] == 1);
  std::vector<std::string> order;
  for (int i = 0; i < 4; ++i) {
    order.push_back(desk.take());
    desk.finish(order.back());
  }
  CHECK(order == std::vector<std::string>{a1, b1, a2, a3});
}

TEST_CASE("a repeated request is the same job, and another one under its key is refused") {
  const TempDir dir;
  JobDesk desk(dir.path());
  const Job first = desk.book.add(job_of("a", "once"));
  CHECK(desk.book.add(job_of("a", "once")).id == first.id);
  CHECK(desk.book.add(job_of("b", "once")).id != first.id);
  CHECK(refusal_of([&] { desk.book.add(job_of("a", "once", "other")); }) == 422);
  CHECK(desk.book.list("a").size() == 1);
}

TEST_CASE("jobs are their owner's alone") {
  const TempDir dir;
  JobDesk desk(dir.path(), 2);
  const std::string id = desk.book.add(job_of("a")).id;
  CHECK(desk.book.list("b").empty());
  CHECK(refusal_of([&] { desk.book.get(id, "b"); }) == 404);
  CHECK(refusal_of([&] { desk.book.cancel(id, "b"); }) == 404);
  CHECK(refusal_of([&] { desk.book.remove(id, "b"); }) == 404);
  CHECK(refusal_of([&] { desk.book.events(id, "b"); }) == 404);
  desk.book.add(job_of("a"));
  CHECK(refusal_of([&] { desk.book.add(job_of("a")); }) == 429);
  CHECK(refusal_of([&] { desk.book.add(job_of("b")); }) == 0);
}

TEST_CASE("a new start finds what was queued, and what was half-written is gone") {
  const TempDir dir;
  std::string done, running, queued;
  {
    JobDesk desk(dir.path());
    done = desk.book.add(job_of("a")).id;
    desk.take();
    desk.finish(done);
    running = desk.book.add(job_of("a", "once")).id;
    queued = desk.book.add(job_of("a")).id;
    CHECK(desk.take() == running);
    std::ofstream(desk.book.folder(running) / ".result.abcdefgh.mp4") << "half";
    std::ofstream(desk.book.folder(running) / "report.json") << "half";
    fs::create_directory(desk.book.folder("0123456789abcdef0123456789abcdef"));
  }
  JobDesk desk(dir.path());
  CHECK(desk.book.list("a").size() == 3);
  const Job again = desk.book.get(done, "a");
  CHECK(again.state == JobState::Done);
  CHECK(again.result->bytes == 8);
  CHECK(again.options == nlohmann::json{{"crf", 20}});
  CHECK(desk.book.get(running, "a").state == JobState::Queued);
  CHECK(std::distance(fs::directory_iterator(desk.book.folder(running)), {}) == 1);
  CHECK(!fs::exists(desk.book.folder("0123456789abcdef0123456789abcdef")));
  CHECK(desk.take() == running);
  CHECK(desk.take() == queued);
  CHECK(desk.book.add(job_of("a", "once")).id == running);
}

TEST_CASE("a result that is gone makes its job a failed one") {
  const TempDir dir;
  std::string id;
  {
    JobDesk desk(dir.path());
    id = desk.book.add(job_of("a")).id;
    desk.take();
    desk.finish(id);
    fs::remove(desk.book.folder(id) / "result.mp4");
  }
  const Job job = JobDesk(dir.path()).book.get(id, "a");
  CHECK(job.state == JobState::Failed);
  CHECK(!job.result);
}

TEST_CASE("cancelling stops what runs and takes back what waits") {
  const TempDir dir;
  JobDesk desk(dir.path());
  const std::string running = desk.book.add(job_of("a")).id, queued = desk.book.add(job_of("a")).id;
  const auto taken = desk.book.take({});
  REQUIRE(taken);
  CHECK(refusal_of([&] { desk.book.remove(running, "a"); }) == 409);
  CHECK(desk.book.cancel(queued, "a").state == JobState::Cancelled);
  CHECK(desk.book.cancel(running, "a").state == JobState::Running);
  CHECK(taken->cancelled.stop_requested());
  std::stop_source stop;
  stop.request_stop();
  CHECK(!desk.book.take(stop.get_token()));
  desk.book.remove(queued, "a");
  CHECK(!fs::exists(desk.book.folder(queued)));
}

TEST_CASE("what a waiting job takes is in use") {
  const TempDir dir;
  JobDesk desk(dir.path());
  const std::string first = desk.book.add(job_of("a")).id;
  CHECK(desk.book.uses("0123456789abcdef0123456789abcdef"));
  desk.take();
  desk.finish(first);
  CHECK(!desk.book.uses("0123456789abcdef0123456789abcdef"));
  Job second = job_of("a");
  second.driving = {first, "a.mp4"};
  const std::string id = desk.book.add(second).id;
  CHECK(refusal_of([&] { desk.book.remove(first, "a"); }) == 409);
  desk.book.cancel(id, "a");
  CHECK(refusal_of([&] { desk.book.remove(first, "a"); }) == 0);
}

TEST_CASE("events tell the newest state, and end with the job") {
  const TempDir dir;
  JobDesk desk(dir.path());
  const std::string id = desk.book.add(job_of("a")).id;
  const auto events = desk.book.events(id, "a");
  int woken = 0;
  events->start([&] { ++woken; });
  CHECK_THAT(events->take().value(), ContainsSubstring("\"state\":\"queued\""));
  CHECK(events->take() == "");
  desk.take();
  CHECK(woken > 0);
  for (int i = 1; i <= 3; ++i)
    desk.book.change(
        id, [i](Job& job) { job.done = i; }, false);
  const std::string text = events->take().value();
  CHECK(text.starts_with("event: state\ndata: {"));
  CHECK(text.ends_with("}\n\n"));
  CHECK_THAT(text, ContainsSubstring("\"done\":3"));
  CHECK(events->take() == "");
  desk.finish(id);
  CHECK_THAT(events->take().value(), ContainsSubstring("\"state\":\"done\""));
  CHECK(!events->take());
  events->stop();
  const int before = woken;
  desk.book.change(
      id, [](Job&) {}, false);
  CHECK(woken == before);
  // A closed book ends streams of jobs that are not over.
  const auto open = desk.book.events(desk.book.add(job_of("a")).id, "a");
  desk.book.close();
  CHECK(!open->take());
}

}  // namespace
}  // namespace animate::serve
