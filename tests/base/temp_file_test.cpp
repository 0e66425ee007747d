#include "base/temp_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "support/catch.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

using namespace animate;
using test::error_of;
using test::TempDir;

TEST_CASE("a temporary file shows under its name only after commit") {
  const TempDir dir;
  const auto target = dir / "out.mp4";
  {
    TempFile file(target);
    CHECK(file.path().parent_path() == dir.path());
    CHECK(file.path().extension() == ".mp4");
    std::ofstream(file.path()) << "whole";
    CHECK_FALSE(std::filesystem::exists(target));
    file.commit();
  }
  std::string content;
  std::ifstream(target) >> content;
  CHECK(content == "whole");
  CHECK(dir.entries() == 1);
}

TEST_CASE("a temporary file that is not committed leaves nothing and keeps the old result") {
  const TempDir dir;
  dir.write("out.mp4", "old");
  { TempFile file(dir / "out.mp4"); }
  CHECK(dir.entries() == 1);
  CHECK(std::filesystem::file_size(dir / "out.mp4") == 3);
}

TEST_CASE("a temporary folder replaces a filled folder as a whole") {
  const TempDir dir;
  std::filesystem::create_directory(dir / "frames");
  dir.write("frames/old.png", "x");
  TempFile folder(dir / "frames", TempFile::Kind::Folder);
  std::ofstream(folder.path() / "new.png") << "y";
  folder.commit();
  CHECK(std::filesystem::exists(dir / "frames/new.png"));
  CHECK_FALSE(std::filesystem::exists(dir / "frames/old.png"));
}

TEST_CASE("a destination that cannot work is named with what to do") {
  const TempDir dir;
  CHECK(error_of(ErrorKind::Input, [&] { TempFile file(dir / "none/out.mp4"); }) ==
        (dir / "none/out.mp4").string() + ": the folder " + (dir / "none").string() +
            " does not exist; create it or choose another output");
  CHECK(error_of(ErrorKind::Input, [&] { TempFile file(dir.path()); }) ==
        dir.path().string() + ": is a folder; give a file name for the output");
  dir.write("file", "x");
  CHECK_THAT(error_of(ErrorKind::Input, [&] { TempFile file(dir / "file/out.mp4"); }),
             ContainsSubstring("is not a folder; choose another output"));
  if (::geteuid() != 0) {
    ::chmod(dir.path().c_str(), 0555);
    CHECK_THAT(error_of(ErrorKind::Input, [&] { TempFile file(dir / "out.mp4"); }),
               ContainsSubstring("is not writable"));
    ::chmod(dir.path().c_str(), 0755);
  }
}

TEST_CASE("a name that no file can have is refused at once, not when the result is put in place") {
  const TempDir dir;
  const std::string message =
      error_of(ErrorKind::Input, [&] { TempFile file(dir / (std::string(256, 'x') + ".mp4")); });
  CHECK_THAT(message, ContainsSubstring("cannot be created (File name too long); choose another output"));
  CHECK(dir.entries() == 0);
  // The longest name there is still works.
  TempFile longest(dir / (std::string(251, 'x') + ".mp4"));
  longest.commit();
  CHECK(dir.entries() == 1);
}
