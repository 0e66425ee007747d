#include "batch/batch_report.h"

#include <fstream>
#include <iterator>

#include "base/temp_file.h"
#include "base/temp_leftovers.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

namespace animate::batch {
namespace {

using test::error_of;
using test::TempDir;

TEST_CASE("a report remembers the newest line of each output, across shards") {
  const TempDir dir;
  {
    BatchReport report(dir.path(), {1, 2});
    BatchReport other(dir.path(), {2, 2});
    report.reserve(10);
    report.append({{"status", "done"}, {"result", report.output_key(dir / "a.mp4")}, {"made_from", 1}});
    other.append({{"status", "done"}, {"result", other.output_key(dir / "b.mp4")}, {"made_from", 2}});
    other.append({{"status", "failed"}, {"result", "b.mp4"}, {"made_from", 3}});
  }
  BatchReport whole(dir.path(), {});
  whole.append({{"status", "done"}, {"result", "a.mp4"}, {"made_from", 4}, {"source", "\xff"}});
  const auto finished = whole.finished();
  CHECK(finished.size() == 2);
  CHECK(finished.at("a.mp4")["made_from"] == 4);
  CHECK(finished.at("a.mp4")["shard"] == "1/1");
  CHECK(finished.at("b.mp4")["made_from"] == 2);
}

TEST_CASE("a broken last line is mended, a whole one kept") {
  const TempDir dir;
  const std::string line = "{\"status\":\"done\",\"result\":\"a.mp4\",\"time\":\"2026\"}";
  dir.write("report.jsonl", line + "\n{\"status\":\"do");
  CHECK(BatchReport(dir.path(), {}).finished().size() == 1);
  CHECK(test::content_of(dir / "report.jsonl") == line + "\n");
  dir.write("report.jsonl", line);
  CHECK(BatchReport(dir.path(), {}).finished().size() == 1);
  CHECK(test::content_of(dir / "report.jsonl") == line + "\n");
  dir.write("report.jsonl", "{\"stat");
  CHECK(BatchReport(dir.path(), {}).finished().empty());
  CHECK(test::content_of(dir / "report.jsonl").empty());
  // Lines that are no records of ours do no harm.
  dir.write("report.jsonl", "[]\n7\n{\"status\":1}\n{\"status\":\"done\",\"result\":2}\n\xff\n" + line + "\n");
  CHECK(BatchReport(dir.path(), {}).finished().size() == 1);
}

TEST_CASE("a folder has one run at a time for each shard, and one division") {
  const TempDir dir;
  const BatchReport report(dir.path(), {1, 2});
  CHECK(error_of(ErrorKind::Input,
                 [&] {
                   const BatchReport again(dir.path(), {1, 2});
                 }) == (dir / "report-1-of-2.jsonl").string() +
                           ": another run is at work on these jobs; wait for its end or choose another output folder");
  CHECK(error_of(ErrorKind::Input,
                 [&] {
                   const BatchReport other(dir.path(), {1, 3});
                 }) ==
        (dir / "report-1-of-2.jsonl").string() +
            ": another run with another --shard is at work in this folder; use the same number of shards, or wait");
  const BatchReport second(dir.path(), {2, 2});
}

TEST_CASE("leftovers of killed programs are told from all other files") {
  const TempDir dir;
  for (const char* name :
       {".a.abcdefgh.mp4", ".a.12345678.mp4", ".motion.abcdefgh", ".b.abcdefgh.mp4", ".a.abcdefg.mp4",
        ".a.Abcdefgh.mp4", ".a.abcdefgh.webm", "a.abcdefgh.mp4", ".a.mp4", "a.mp4"}) {
    dir.write(name, "x");
  }
  CHECK(remove_leftovers(std::vector<std::filesystem::path>{dir / "a.mp4", dir / "motion", dir / "none/x.mp4"}) == 3);
  CHECK(dir.entries() == 7);
  CHECK_FALSE(std::filesystem::exists(dir / ".a.abcdefgh.mp4"));
  CHECK_FALSE(std::filesystem::exists(dir / ".motion.abcdefgh"));
  // What TempFile really writes.
  for (const char* name : {"c.mp4", "d", "e.tar.gz", "f-%03d.png"}) {
    TempFile file(dir / name);
    const auto path = file.path();
    CHECK(remove_leftovers(std::vector<std::filesystem::path>{dir / "other.mp4"}) == 0);
    CHECK(remove_leftovers(std::vector<std::filesystem::path>{dir / name}) == 1);
    CHECK_FALSE(std::filesystem::exists(path));
  }
}

}  // namespace
}  // namespace animate::batch
