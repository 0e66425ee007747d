#include "base/path_text.h"

#include "base/fitted_name.h"
#include "base/natural_order.h"
#include "support/catch.h"
#include "support/temp_dir.h"

using namespace animate;
namespace fs = std::filesystem;

TEST_CASE("UTF-8 is told from other bytes") {
  for (const char* text : {"", "a", "caf\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"}) CHECK(is_utf8(text));
  for (const char* text : {"caf\xe9", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff", "\xe2\x82"}) {
    INFO(text);
    CHECK_FALSE(is_utf8(text));
  }
}

TEST_CASE("a path becomes a text and the same path again") {
  CHECK(text_of_path("clips/caf\xc3\xa9.mp4") == "clips/caf\xc3\xa9.mp4");
  CHECK(text_of_path("/a b/caf\xe9.mp4") == "file:///a%20b/caf%E9.mp4");
  for (const char* path : {"/a b/caf\xe9 100%.mp4", "/\xff/%41.mp4", "plain.mp4", "file:///x"}) {
    INFO(path);
    const std::string text = text_of_path(path);
    CHECK(is_utf8(text));
    CHECK(path_of_text(text) == (text.starts_with("file://") ? fs::absolute(path) : fs::path(path)));
  }
  CHECK(path_of_text("file:///tmp/a%20b.mp4") == "/tmp/a b.mp4");
  CHECK(path_of_text("file://localhost/tmp/a.mp4") == "/tmp/a.mp4");
  CHECK(path_of_text("file:///tmp/100%.mp4") == "/tmp/100%.mp4");
  CHECK(path_of_text("file:///tmp/100%2") == "/tmp/100%2");
  CHECK(path_of_text("file://server/share.mp4") == "file://server/share.mp4");
}

TEST_CASE("texts are cut between letters") {
  const std::string text = "a\xc3\xa9\xe2\x82\xacz";  // 1, 2, 3 and 1 bytes
  CHECK(first_bytes(text, 7) == text);
  CHECK(first_bytes(text, 6) == "a\xc3\xa9\xe2\x82\xac");
  CHECK(first_bytes(text, 5) == "a\xc3\xa9");
  CHECK(first_bytes(text, 2) == "a");
  CHECK(first_bytes(text, 0).empty());
  CHECK(last_bytes(text, 4) == "\xe2\x82\xacz");
  CHECK(last_bytes(text, 3) == "z");
  CHECK(last_bytes(text, 0).empty());
  CHECK(first_bytes("\x80\x80\x80\x80\x80\x80", 5).size() == 5);
}

TEST_CASE("names of our making are cut to what the file system takes, both ends kept") {
  const test::TempDir folder;
  const size_t most = longest_name(folder.path());
  REQUIRE(most >= 32);
  CHECK(fitted_path(folder / "short.mp4") == folder / "short.mp4");
  std::string letters;
  for (size_t i = 0; i < most; ++i) letters += "\xc3\xa9";
  const fs::path cut = fitted_path(folder / ("begin" + letters + "--" + letters + "end.mp4"));
  const std::string name = cut.filename().string();
  CHECK(name.size() <= most);
  CHECK(name.size() + 4 >= most);
  CHECK(name.starts_with("begin"));
  CHECK(name.ends_with("end.mp4"));
  CHECK(is_utf8(name));
  CHECK(name.find('~') != std::string::npos);
  CHECK(cut.parent_path() == folder.path());
  // A folder that is not there yet counts as its parent.
  CHECK(fitted_path(folder / "new" / (letters + ".mp4")).filename().string().size() <= most);
  // A "suffix" that is most of the name.
  CHECK(fitted_path("a." + letters).filename().string().size() <= 255);
}

TEST_CASE("files are put into the order in which people count, and named for a sentence") {
  std::vector<fs::path> files{"b/face10.png", "a/face2.png", "c/face1.png"};
  sort_by_name(files);
  CHECK(files == std::vector<fs::path>{"c/face1.png", "a/face2.png", "b/face10.png"});
  CHECK(some_names({}).empty());
  CHECK(some_names(files) == "face1.png, face2.png, face10.png");
  files.emplace_back("d/\x1b.png");
  files.emplace_back("e.png");
  CHECK(some_names(files) == "face1.png, face2.png, face10.png and 2 more");
  CHECK(some_names({"d/\x1b.png"}) == "\\x1b.png");
}
