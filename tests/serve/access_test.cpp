#include "serve/access.h"

#include <sys/stat.h>

#include "refusal_of.h"
#include "serve/ids.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

namespace animate::serve {
namespace {

using test::error_of;
using test::refusal_of;
using test::TempDir;

RequestHead head_with(std::map<std::string, std::string> headers, const std::string& method = "GET") {
  RequestHead head;
  head.method = method;
  head.headers = std::move(headers);
  return head;
}

TEST_CASE("only names of this server are taken as Host") {
  const Access access({"box.example", {}, {}, {"other.example"}});
  const auto status = [&](const std::string& host) {
    return refusal_of([&] { access.check_origin(head_with({{"host", host}})); });
  };
  for (const char* host : {"localhost", "localhost:7860", "LOCALHOST", "127.0.0.1", "192.168.1.5:7860", "[::1]:7860",
                           "box.example", "Box.Example:80", "other.example"}) {
    INFO(host);
    CHECK(status(host) == 0);
  }
  for (const char* host :
       {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "xlocalhost", "1.2.3.4x"}) {
    INFO(host);
    CHECK(status(host) == 403);
  }
  CHECK(refusal_of([&] { access.check_origin(head_with({})); }) == 400);
}

TEST_CASE("pages of other sites are refused, but those that are allowed") {
  const Access access({"127.0.0.1", {}, {"https://friend.example"}, {}});
  const auto status = [&](std::map<std::string, std::string> headers, const std::string& method = "GET") {
    headers["host"] = "localhost:7860";
    return refusal_of([&] { access.check_origin(head_with(headers, method)); });
  };
  CHECK(status({{"origin", "http://localhost:7860"}}) == 0);
  CHECK(status({{"origin", "https://friend.example"}}) == 0);
  CHECK(status({{"origin", "https://localhost:7860"}}) == 403);
  CHECK(status({{"origin", "http://localhost:1"}}) == 403);
  CHECK(status({{"origin", "null"}}) == 403);
  CHECK(status({{"origin", "https://friend.example.evil"}}) == 403);
  CHECK(status({{"sec-fetch-site", "cross-site"}}, "POST") == 403);
  CHECK(status({{"sec-fetch-site", "cross-site"}}, "GET") == 0);
  CHECK(status({{"sec-fetch-site", "same-origin"}}, "POST") == 0);
  CHECK(access.allowed_origin(head_with({{"origin", "https://friend.example"}})) == "https://friend.example");
  CHECK(access.allowed_origin(head_with({{"origin", "http://localhost:7860"}})).empty());
}

TEST_CASE("a key says whose a request is") {
  const Access access({"0.0.0.0", {{"0123456789abcdef", "anna"}, {"fedcba9876543210", "ben"}}, {}, {}});
  CHECK(access.owner_of(head_with({{"authorization", "Bearer 0123456789abcdef"}})) == "anna");
  CHECK(access.owner_of(head_with({{"cookie", "x=1; animate_key=fedcba9876543210"}})) == "ben");
  for (const char* header :
       {"", "Bearer", "Bearer ", "Bearer 0123456789abcdeX", "Basic 0123456789abcdef", "Bearer 0123456789abcdef0"}) {
    INFO(header);
    CHECK(refusal_of([&] { access.owner_of(head_with({{"authorization", header}})); }) == 401);
  }
  CHECK(Access({"127.0.0.1", {}, {}, {}}).owner_of(head_with({})).empty());
}

TEST_CASE("a file of keys is read, and its faults are told by line") {
  const TempDir dir;
  CHECK(read_keys(dir.write("good", "# people\n\nanna 0123456789abcdef\n  ben\tfedcba9876543210\n")) ==
        std::map<std::string, std::string>{{"0123456789abcdef", "anna"}, {"fedcba9876543210", "ben"}});
  const auto fault = [&](const std::string& text) {
    const auto path = dir.write("keys", text);
    const std::string told = error_of(ErrorKind::Input, [&] { read_keys(path); });
    CHECK(told.starts_with(path.string() + ": "));
    return told.substr(path.string().size() + 2);
  };
  CHECK(fault("anna\n") == "line 1 is not NAME KEY; correct it");
  CHECK(fault("anna a b\n") == "line 1 is not NAME KEY; correct it");
  CHECK(fault("\nanna short\n") == "the key in line 2 has fewer than 16 characters; choose a longer one");
  CHECK(fault("anna 0123456789abcdef\nben 0123456789abcdef\n") ==
        "line 2 has a name or key that another line has; each is for one");
  CHECK(fault("anna 0123456789abcdef\nanna 1123456789abcdef\n") ==
        "line 2 has a name or key that another line has; each is for one");
  CHECK(fault("# nobody\n") == "holds no key; write a line NAME KEY for each");
}

TEST_CASE("a folder's own key is made once and kept from others") {
  const TempDir dir;
  const std::string key = own_key(dir.path());
  CHECK(is_id(key));
  CHECK(own_key(dir.path()) == key);
  struct stat facts {};
  REQUIRE(::stat((dir / "key").c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777U) == 0600);
}

TEST_CASE("ids are random, and nothing else is one") {
  CHECK(is_id(new_id()));
  CHECK(new_id() != new_id());
  for (const char* text : {"", "..", "0123456789abcdef", "0123456789ABCDEF0123456789ABCDEF",
                           "0123456789abcdef0123456789abcde/", "0123456789abcdef0123456789abcdef0"}) {
    CHECK(!is_id(text));
  }
}

TEST_CASE("this machine's own addresses are told from others") {
  for (const char* host : {"127.0.0.1", "127.1.2.3", "localhost", "::1"}) CHECK(is_loopback(host));
  for (const char* host : {"0.0.0.0", "::", "192.168.0.1", "example.org", "1270.0.0.1"}) CHECK(!is_loopback(host));
}

}  // namespace
}  // namespace animate::serve
