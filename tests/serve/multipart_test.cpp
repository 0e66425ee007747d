#include "serve/multipart.h"

#include <algorithm>
#include <vector>

#include "serve/problem.h"
#include "support/catch.h"

namespace animate::serve {
namespace {

struct Got {
  std::string name, filename, type, data;
  bool operator==(const Got&) const = default;
};

// What a body holds, when it comes in pieces of `size` bytes.
std::vector<Got> read(const std::string& boundary, const std::string& body, size_t size) {
  std::vector<Got> parts;
  bool open = false;
  MultipartReader reader(boundary, {[&](const MultipartReader::Part& part) {
                                      CHECK(!open);
                                      open = true;
                                      parts.push_back({part.name, part.filename, part.type, ""});
                                    },
                                    [&](std::string_view bytes) {
                                      CHECK(open);
                                      parts.back().data += bytes;
                                    },
                                    [&] {
                                      CHECK(open);
                                      open = false;
                                    }});
  for (size_t at = 0; at < body.size(); at += size) reader.write(std::string_view(body).substr(at, size));
  reader.finish();
  CHECK(!open);
  return parts;
}

int status_of_reading(const std::string& boundary, const std::string& body) {
  try {
    read(boundary, body, 7);
  } catch (const Refusal& refusal) {
    return refusal.status();
  }
  return 0;
}

const std::string kBody =
    "a preamble\r\n--xx\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n"
    "--xx\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a b.png\"\r\nContent-Type: image/png\r\n\r\n"
    "\r\n--x\r\n--xy\r\r\n\r\n--xx\r\nContent-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n--xx--\r\nan epilogue";

TEST_CASE("a form's parts come out whole, in whatever pieces they come in") {
  const std::vector<Got> expected{
      {"note", "", "", "hello"}, {"file", "a b.png", "image/png", "\r\n--x\r\n--xy\r\r\n"}, {"empty", "", "", ""}};
  for (const size_t size : {size_t{1}, size_t{2}, size_t{3}, size_t{5}, size_t{17}, kBody.size()}) {
    INFO(size);
    CHECK(read("xx", kBody, size) == expected);
  }
  CHECK(read("xx", "--xx--", 1).empty());
}

TEST_CASE("what is no form is refused") {
  CHECK(status_of_reading("", kBody) == 400);
  CHECK(status_of_reading(std::string(71, 'x'), kBody) == 400);
  CHECK(status_of_reading("x\ny", kBody) == 400);
  CHECK(status_of_reading("yy", kBody) == 400);
  CHECK(status_of_reading("xx", "") == 400);
  CHECK(status_of_reading("xx", "--xx\r\n") == 400);
  CHECK(status_of_reading("xx", "--xxno\r\n") == 400);
  CHECK(status_of_reading("xx", kBody.substr(0, 150)) == 400);
  CHECK(status_of_reading("xx", std::string(20000, 'a')) == 400);
  CHECK(status_of_reading("xx", "--xx\r\n" + std::string(20000, 'a')) == 400);
}

TEST_CASE("a long part is passed on as it comes") {
  size_t largest = 0, total = 0;
  MultipartReader reader("xx", {[](const MultipartReader::Part&) {},
                                [&](std::string_view bytes) {
                                  largest = std::max(largest, bytes.size());
                                  total += bytes.size();
                                },
                                [] {}});
  reader.write("--xx\r\n\r\n\r\n");
  const std::string piece(10000, 'z');
  for (int i = 0; i < 100; ++i) reader.write(piece);
  CHECK(total > 990000);
  CHECK(largest <= 10100);
}

}  // namespace
}  // namespace animate::serve
