#include "base/file_kind.h"

#include <string>
#include <string_view>

#include "base/error.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

using namespace animate;
using test::error_of;
using test::TempDir;

namespace {
FileKind kind_of(std::string_view text) { return sniff(std::as_bytes(std::span(text.data(), text.size()))); }
}  // namespace

TEST_CASE("files are recognised by their first bytes") {
  CHECK(kind_of("") == FileKind::Empty);
  CHECK(kind_of("\n <!DOCTYPE HTML>") == FileKind::Html);
  CHECK(kind_of("<html lang=en>") == FileKind::Html);
  CHECK(kind_of("version https://git-lfs.github.com/spec/v1\n") == FileKind::LfsPointer);
  CHECK(kind_of("PK\x03\x04rest") == FileKind::Zip);
  CHECK(kind_of("\x1f\x8b\x08") == FileKind::Gzip);
  CHECK(kind_of(std::string("\x80\x02\x8a", 3)) == FileKind::Pickle);
  CHECK(kind_of(std::string("\x40\0\0\0\0\0\0\0{\"a\"", 12)) == FileKind::Safetensors);
  CHECK(kind_of(std::string("\x80\x04\0\0\0\0\0\0{\"a\"", 12)) == FileKind::Safetensors);
  CHECK(kind_of(std::string(257, 'n') + "ustar") == FileKind::Tar);
  // Protocols 0 and 1 have no signature.
  for (const std::string_view pickle :
       {std::string_view("(dp0\nVn_frames\np1\nI12\ns."), std::string_view("(dVn_frames\nI12\ns."),
        std::string_view("(lp0\nI1\na."), std::string_view("(dp1\nS'a'\nI1\ns."),
        std::string_view("}q\0(X\x08\0\0\0n_frames", 18), std::string_view("}(X\x08\0\0\0n_framesK", 16),
        std::string_view("]q\0(K\x01", 6), std::string_view("ccopy_reg\n_reconstructor\np0\n("),
        std::string_view("ccollections\nOrderedDict\n)R.")}) {
    INFO(pickle);
    CHECK(kind_of(pickle) == FileKind::Pickle);
  }
  for (const std::string_view text : {"(defun f ())", "(dp)", "cats\ndogs\nmice\n", "}\n", "(l", "(list)", "c\nd\n",
                                      "}q", "[1, 2]", "(dVery long words\n"}) {
    INFO(text);
    CHECK(kind_of(text) == FileKind::Text);
  }
  CHECK(kind_of("just words") == FileKind::Text);
  CHECK(kind_of("#EXTM3U\n#EXTINF:10,\n") == FileKind::Playlist);
  CHECK(kind_of("\xef\xbb\xbf#EXTM3U\n") == FileKind::Playlist);
  CHECK(kind_of("ffconcat version 1.0\nfile a.mp4\n") == FileKind::Playlist);
  CHECK(kind_of("[playlist]\nFile1=a.mp3\n") == FileKind::Playlist);
  CHECK(kind_of("v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n") == FileKind::Playlist);
  CHECK(kind_of("<?xml version=\"1.0\"?>\n<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\">") == FileKind::Playlist);
  CHECK(kind_of("#EXTREME words") == FileKind::Text);
  CHECK(kind_of(std::string("\x00\x01\x02", 3)) == FileKind::Other);
}

TEST_CASE("what is not a readable file is refused in one sentence") {
  const TempDir dir;
  const std::string base = dir.path().string();
  CHECK(error_of(ErrorKind::Input, [&] { require_file(dir / "no.jpg", "a picture"); }) ==
        base + "/no.jpg: no such file; check the path");
  CHECK(error_of(ErrorKind::Input, [&] { require_file(dir.path(), "a picture"); }) ==
        base + ": is a folder; give a picture");
  CHECK(error_of(ErrorKind::Input, [&] { require_file(dir.write("empty", ""), "a picture"); }) ==
        base + "/empty: the file is empty; download or copy it again");
  CHECK(error_of(ErrorKind::Input, [&] { refuse_failed_download(dir.write("page", "<html>")); }) ==
        base + "/page: is a web page, not the file it is named after; download the file itself");
}

TEST_CASE("control characters in a path are shown, not sent to the terminal") {
  CHECK(show("a\nb\x1b[2J") == "a\\x0ab\\x1b[2J");
  CHECK(show("mädchen.png") == "mädchen.png");
}
