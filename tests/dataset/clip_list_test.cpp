#include "base/error.h"
#include "dataset/clip_files.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

using namespace animate::dataset;
using namespace animate;
namespace fs = std::filesystem;

namespace {

std::vector<std::string> names(const std::vector<fs::path>& paths) {
  std::vector<std::string> found;
  for (const auto& path : paths) found.push_back(path.filename().string());
  return found;
}

std::string list_error(const fs::path& root) {
  return test::error_of(ErrorKind::Input, [&] { dataset::list_clips(root, 0); });
}

}  // namespace

TEST_CASE("a data set with train and test keeps them, sorted, without hidden files and strangers") {
  const test::TempDir folder;
  for (const char* name : {"train/b.mp4", "train/a.dir", "test/c.mov"}) fs::create_directories(folder / name);
  for (const char* name : {"train/c.GIF", "train/.hidden.mp4", "train/notes.txt", "test/d.png"})
    folder.write(name, "x");
  const auto list = dataset::list_clips(folder.path(), 0);
  CHECK(names(list.train) == std::vector<std::string>{"a.dir", "b.mp4", "c.GIF"});
  CHECK(names(list.test) == std::vector<std::string>{"c.mov", "d.png"});
  CHECK_FALSE(list.random_split);
}

TEST_CASE("clips without parts are split 80 to 20 by the seed alone") {
  const test::TempDir folder;
  for (int i = 0; i < 23; ++i) folder.write("clip" + std::to_string(100 + i) + ".mp4", "x");
  const auto list = dataset::list_clips(folder.path(), 0);
  CHECK(list.random_split);
  REQUIRE(list.train.size() == 18);
  REQUIRE(list.test.size() == 5);
  // The original's split of 23 is 11, 10, 21, 14, 20 (golden case pairs_and_split).
  CHECK(names(list.test) ==
        std::vector<std::string>{"clip110.mp4", "clip111.mp4", "clip114.mp4", "clip120.mp4", "clip121.mp4"});
  CHECK(names(list.test) == names(dataset::list_clips(folder.path(), 0).test));
  CHECK(names(list.test) != names(dataset::list_clips(folder.path(), 1).test));
  for (const auto& clip : list.test) CHECK(std::find(list.train.begin(), list.train.end(), clip) == list.train.end());
}

TEST_CASE("one clip alone is trained on and tested on") {
  const test::TempDir folder;
  folder.write("only.gif", "x");
  const auto list = dataset::list_clips(folder.path(), 0);
  CHECK(list.train == list.test);
  CHECK(list.train.size() == 1);
}

TEST_CASE("data folders without clips are refused with what to do") {
  const test::TempDir folder;
  const std::string shown = folder.path().string();
  CHECK(list_error(folder / "none") == shown + "/none: no such folder; check the path of the data");
  folder.write("a.txt", "x");
  CHECK(list_error(folder / "a.txt") == shown + "/a.txt: is a file; give the folder that holds the clips");
  CHECK(list_error(folder.path()) ==
        shown + ": holds no clips; fill it with folders of frames, .png or .jpg strips, .gif, .mp4 or .mov files");
  fs::create_directory(folder / "train");
  CHECK(list_error(folder.path()) ==
        shown + ": has a folder train and none called test; make both, or put the clips into " + shown + " itself");
  fs::create_directory(folder / "test");
  CHECK(list_error(folder.path()) ==
        shown +
            ": train and test hold no clips; fill them with folders of frames, .png or .jpg strips, .gif, .mp4 or .mov "
            "files");
}
