#include "catalog/weights_list.h"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate::catalog;
using namespace animate;
using animate::test::error_of;
using Json = nlohmann::json;

namespace {

Json sound() {
  const Json file{{"path", "a/b.pth"}, {"url", "https://example.org/b.pth"},
                  {"size", 12},        {"sha256", std::string(64, 'a')},
                  {"licence", "MIT"},  {"needed", true},
                  {"purpose", "test"}};
  const Json model{
      {"name", "one"}, {"family", "fomm"}, {"about", "x"}, {"page", "https://example.org"}, {"files", {file}}};
  return {{"models", {model}}};
}

std::string refusal(const Json& document) {
  const std::string text = document.dump();
  return error_of(ErrorKind::Input, [&] { parse_weights_list(text, "list.json"); });
}

// The document with one value of its only file replaced.
Json with(const char* key, const Json& value) {
  Json document = sound();
  document["models"][0]["files"][0][key] = value;
  return document;
}

constexpr const char* kEnd = "; correct the list or install the program again";

}  // namespace

TEST_CASE("a sound list is read") {
  const WeightsList list = parse_weights_list(sound().dump(), "list.json");
  REQUIRE(list.models.size() == 1);
  REQUIRE(list.of("one") != nullptr);
  CHECK(list.of("two") == nullptr);
  const PublishedFile& file = list.of("one")->files.at(0);
  CHECK(file.path == "a/b.pth");
  CHECK(file.bytes == 12);
  CHECK(file.needed);
  CHECK(list.models[0].fetchable());
  CHECK_FALSE(parse_weights_list(with("url", nullptr).dump(), "list.json").models[0].fetchable());
}

TEST_CASE("a licence that has to be taken, a page behind a login, a size that is about") {
  Json document = with("exact", false);
  document["models"][0]["files"][0]["size"] = 100000;
  document["models"][0]["licence_page"] = "https://example.org/terms";
  document["models"][0]["gated"] = true;
  const WeightsList list = parse_weights_list(document.dump(), "list.json");
  CHECK(list.models[0].licence_page == "https://example.org/terms");
  CHECK(list.models[0].gated);
  const PublishedFile& about = list.models[0].files[0];
  CHECK(about.fits(100000));
  CHECK(about.fits(100400));
  CHECK_FALSE(about.fits(101000));
  CHECK_FALSE(about.fits(200));
  const WeightsList usual = parse_weights_list(sound().dump(), "list.json");
  CHECK(usual.models[0].files[0].fits(12));
  CHECK_FALSE(usual.models[0].files[0].fits(13));
  CHECK(refusal(with("exact", 1)) ==
        std::string("list.json: models[0].files[0]: exact is neither true nor false") + kEnd);
}

TEST_CASE("what is wrong with a list is told with its place") {
  CHECK(error_of(ErrorKind::Input, [] { parse_weights_list("{", "list.json"); }) ==
        std::string("list.json: is not JSON") + kEnd);
  CHECK(refusal(Json::array()) == std::string("list.json: is no object") + kEnd);
  CHECK(refusal({{"models", Json::array()}}) == std::string("list.json: models is no list with entries") + kEnd);
  CHECK(refusal(with("size", 0)) == std::string("list.json: models[0].files[0]: size is no number of bytes") + kEnd);
  CHECK(refusal(with("size", -5)) == std::string("list.json: models[0].files[0]: size is no number of bytes") + kEnd);
  CHECK(refusal(with("size", 1.5)) == std::string("list.json: models[0].files[0]: size is no number of bytes") + kEnd);
  CHECK(refusal(with("sha256", "AB")) ==
        std::string("list.json: models[0].files[0]: sha256 is not 64 lower-case hex digits") + kEnd);
  CHECK(refusal(with("url", "ftp://example.org/b")) ==
        std::string("list.json: models[0].files[0]: url is no http(s) address") + kEnd);
  CHECK(refusal(with("needed", "yes")) ==
        std::string("list.json: models[0].files[0]: needed is neither true nor false") + kEnd);
  CHECK(refusal(with("extra", 1)) == std::string("list.json: models[0].files[0]: the key extra is unknown") + kEnd);
  CHECK(refusal(with("purpose", "a\x1b[2J")) ==
        std::string("list.json: models[0].files[0]: purpose holds control characters") + kEnd);
  Json twice = sound();
  twice["models"].push_back(twice["models"][0]);
  CHECK(refusal(twice) == std::string("list.json: models has one twice") + kEnd);
}

TEST_CASE("paths cannot leave the model's folder") {
  for (const char* path :
       {"/etc/passwd", "../b.pth", "a/../../b.pth", "a//b.pth", "a/./b.pth", "a/", "a b.pth", "a\\b"}) {
    INFO(path);
    CHECK(refusal(with("path", path)) ==
          std::string("list.json: models[0].files[0]: path is not a plain path inside the model's folder") + kEnd);
  }
}

TEST_CASE("the list that ships is sound") {
  ::unsetenv("ANIMATE_WEIGHTS_LIST");
  const WeightsList list = published_weights();
  const PublishedModel* portrait = list.of("liveportrait");
  REQUIRE(portrait != nullptr);
  CHECK(portrait->files.size() == 9);
  CHECK(portrait->bytes() == 659174034);
  // Without what is not for commercial use, which has to be asked for.
  CHECK(portrait->without_extras().bytes() == 637219319);
  CHECK(portrait->without_extras().licences() == "MIT");
  CHECK(portrait->with_extras("insightface").files.size() == portrait->files.size());
  CHECK(portrait->fetchable());
  std::set<std::string> hashes;
  for (const PublishedModel& model : list.models) {
    for (const PublishedFile& file : model.files) {
      CHECK(hashes.insert(file.sha256).second);
      CHECK((file.url.empty() || file.url.starts_with("https://")));
    }
  }
  const PublishedModel* video = list.of("svd");
  REQUIRE(video != nullptr);
  CHECK(video->files.size() == 3);
  CHECK(video->gated);
  CHECK_FALSE(video->fetchable());
  CHECK_FALSE(video->licence_page.empty());
  for (const char* name : {"vox", "vox-adv", "mgif", "fashion", "bair"}) {
    REQUIRE(list.of(name) != nullptr);
    CHECK_FALSE(list.of(name)->fetchable());
  }
}
