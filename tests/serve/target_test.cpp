#include "serve/target.h"

#include "support/catch.h"

namespace animate::serve {
namespace {

TEST_CASE("the address of a request is decoded, and what is none is refused") {
  const auto target = parse_target("/api/v1/files?name=a%20b+c.png&download&x=%C3%A4");
  REQUIRE(target);
  CHECK(target->path == "/api/v1/files");
  CHECK(target->query == std::map<std::string, std::string>{{"name", "a b c.png"}, {"download", ""}, {"x", "ä"}});
  CHECK(parse_target("/a%2fb")->path == "/a/b");
  for (const char* bad :
       {"", "api", "http://x/", "*", "/%", "/%2", "/%zz", "/%00", "/a%0d%0ab", "/%ff", "/?x=%ff", "/\x7f"}) {
    INFO(bad);
    CHECK(!parse_target(bad));
  }
}

TEST_CASE("a path is split at its slashes") {
  CHECK(split_path("/api/v1") == std::vector<std::string>{"api", "v1"});
  CHECK(split_path("/") == std::vector<std::string>{""});
  CHECK(split_path("//x/") == std::vector<std::string>{"", "x", ""});
}

TEST_CASE("ranges of bytes are read as RFC 9110 has them") {
  const auto range = [](std::string_view text, uint64_t size) {
    const auto found = parse_range(text, size);
    return found ? std::pair(found->first, found->length) : std::pair(uint64_t{0}, uint64_t{0});
  };
  using Pair = std::pair<uint64_t, uint64_t>;
  CHECK(range("bytes=0-99", 1000) == Pair(0, 100));
  CHECK(range("bytes=10-10", 1000) == Pair(10, 1));
  CHECK(range("bytes=990-", 1000) == Pair(990, 10));
  CHECK(range("bytes=990-5000", 1000) == Pair(990, 10));
  CHECK(range("bytes=-4", 1000) == Pair(996, 4));
  CHECK(range("bytes=-4000", 1000) == Pair(0, 1000));
  for (const char* bad : {"", "bytes", "bytes=", "bytes=-", "bytes=-0", "bytes=5-2", "bytes=1000-", "bytes=a-b",
                          "bytes=0-1,3-4", "lines=0-1", "bytes=99999999999999999999-", "bytes= 1-2x"}) {
    INFO(bad);
    CHECK(!parse_range(bad, 1000));
  }
  CHECK(!parse_range("bytes=-1", 0));
}

TEST_CASE("cookies and parameters of headers are found") {
  CHECK(cookie_of("a=1; animate_key=abc; b=2", "animate_key") == "abc");
  CHECK(cookie_of("xanimate_key=abc", "animate_key").empty());
  CHECK(cookie_of("", "a").empty());
  CHECK(parameter_of("multipart/form-data; boundary=xx", "boundary") == "xx");
  CHECK(parameter_of("multipart/form-data; charset=utf-8; Boundary=\"a b;\\\"c\"", "boundary") == "a b;\"c");
  CHECK(parameter_of("form-data; name=\"file\"; filename=\"x.png\"", "filename") == "x.png");
  CHECK(parameter_of("multipart/form-data", "boundary").empty());
  CHECK(parameter_of("a; b; c=", "c").empty());
  CHECK(parameter_of("a; c=\"open", "c") == "open");
}

}  // namespace
}  // namespace animate::serve
