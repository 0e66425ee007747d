#include "digest/sha256.h"

#include <fstream>

#include "support/catch.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

using namespace animate::digest;
using namespace animate;
using test::error_of;
using test::TempDir;

TEST_CASE("SHA-256 gives the standard's own examples") {
  CHECK(sha256_of_text("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_of_text("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_of_text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST_CASE("a file of several pieces has the hash of its bytes") {
  const TempDir dir;
  // The standard's third example: a million times 'a', here on both sides of a piece's end.
  std::ofstream(dir / "a") << std::string(1000000, 'a');
  CHECK(sha256_of(dir / "a") == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  const std::string long_text(3000001, 'b');
  std::ofstream(dir / "b") << long_text;
  CHECK(sha256_of(dir / "b") == sha256_of_text(long_text));
}

TEST_CASE("what cannot be hashed is named") {
  const TempDir dir;
  CHECK(error_of(ErrorKind::Input, [&] { sha256_of(dir / "none"); }).find("none: cannot be opened (No such file") !=
        std::string::npos);
  CHECK(error_of(ErrorKind::Input, [&] { sha256_of(dir.path()); }).find("cannot be read (Is a directory)") !=
        std::string::npos);
}
