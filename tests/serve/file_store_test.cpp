#include "serve/file_store.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "refusal_of.h"
#include "serve/ids.h"
#include "serve/json_file.h"
#include "serve/upload.h"
#include "support/catch.h"
#include "support/temp_dir.h"

namespace animate::serve {
namespace {

using test::content_of;
using test::refusal_of;
using test::TempDir;
namespace fs = std::filesystem;

StoredFile put(FileStore& store, DiskSpace& space, const std::string& owner, const std::string& content) {
  StoredFile file;
  file.id = new_id();
  file.owner = owner;
  file.name = "a.png";
  file.bytes = content.size();
  file.created = 100;
  file.facts.kind = "picture";
  file.facts.suffix = ".png";
  file.facts.width = 20;
  file.facts.height = 10;
  file.facts.faces = {{{1, 2, 3, 4}, {0, 1, 6, 6}}};
  const fs::path folder = store.make_incoming(file.id);
  std::ofstream(folder / "content.png") << content;
  space.take(content.size());
  store.add(file);
  return file;
}

TEST_CASE("files are kept from start to start, each for its owner") {
  const TempDir dir;
  std::string id;
  {
    DiskSpace space(dir.path(), 0);
    FileStore store(dir.path(), space, 10);
    id = put(store, space, "anna", "hello").id;
    store.make_incoming("half");
    fs::create_directory(dir.path() / "files" / "broken");
  }
  DiskSpace space(dir.path(), 0);
  FileStore store(dir.path(), space, 10);
  const StoredFile file = store.get(id, "anna");
  CHECK(file.facts.faces.at(0).head == FaceBox{0, 1, 6, 6});
  CHECK(content_of(store.content(file)) == "hello");
  CHECK(store.list("anna").size() == 1);
  CHECK(fs::is_empty(dir.path() / "incoming"));
  CHECK(refusal_of([&] { store.get(id, "ben"); }) == 404);
  CHECK(refusal_of([&] { store.remove(id, "ben"); }) == 404);
  CHECK(store.older_than(100).empty());
  CHECK(store.older_than(101).size() == 1);
  store.remove(id, "anna");
  CHECK(!fs::exists(dir.path() / "files" / id));
  CHECK(fs::is_empty(dir.path() / "incoming"));
  CHECK(refusal_of([&] { store.get(id, "anna"); }) == 404);
}

TEST_CASE("a client sees what a file is, and not whose") {
  StoredFile file;
  file.id = new_id();
  file.owner = "anna";
  file.facts.kind = "video";
  file.facts.suffix = ".webm";
  file.facts.seconds = 1.5;
  const auto shown = shown_json(file);
  CHECK(shown["type"] == "video/webm");
  CHECK(shown["seconds"] == 1.5);
  CHECK(shown["frames"].is_null());
  CHECK(!shown.contains("owner"));
  CHECK(file_from_json(to_json(file))->facts.seconds == 1.5);
  CHECK(!file_from_json(nlohmann::ordered_json::parse(R"({"id": 3})")));
}

TEST_CASE("names that people give are shown without what they could do harm with") {
  CHECK(shown_name("a.png") == "a.png");
  CHECK(shown_name("../../etc/passwd") == "passwd");
  CHECK(shown_name("C:\\pictures\\me.jpg") == "me.jpg");
  CHECK(shown_name("a\r\nSet-Cookie: x\".png") == "aSet-Cookie: x.png");
  CHECK(shown_name("..") == "file");
  CHECK(shown_name("") == "file");
  CHECK(shown_name("\xff.png") == "_.png");
  CHECK(shown_name(std::string(300, 'x') + ".png").size() == 120);
  CHECK(shown_name(std::string(300, 'x') + ".png").ends_with(".png"));
}

RequestHead head_of_upload(const std::string& type, const std::string& name = "") {
  RequestHead head;
  head.method = "POST";
  head.headers["content-type"] = type;
  if (!name.empty()) head.query["name"] = name;
  return head;
}

TEST_CASE("an upload is stored as it comes, raw and as a form, and is gone when it breaks off") {
  const TempDir dir;
  DiskSpace space(dir.path(), 0);
  FileStore store(dir.path(), space, 10);
  {
    Upload upload(head_of_upload("image/png", "x/b.png"), "anna", store, space, 100);
    upload.write("hello ");
    upload.write("world");
    upload.finish();
    CHECK(upload.name() == "b.png");
    CHECK(upload.bytes() == 11);
    CHECK(content_of(upload.content()) == "hello world");
    CHECK(space.used() == 11);
  }
  CHECK(space.used() == 0);
  CHECK(fs::is_empty(dir.path() / "incoming"));
  Upload form(head_of_upload("multipart/form-data; boundary=xx"), "anna", store, space, 100);
  form.write(
      "--xx\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nno file\r\n--xx\r\n"
      "Content-Disposition: form-data; name=\"f\"; filename=\"c.png\"\r\n\r\nfirst\r\n--xx\r\n"
      "Content-Disposition: form-data; name=\"g\"; filename=\"d.png\"\r\n\r\nsecond\r\n--xx--\r\n");
  form.finish();
  CHECK(form.name() == "c.png");
  CHECK(content_of(form.content()) == "first");
}

TEST_CASE("an upload that is too large, of another form, or one too many is refused") {
  const TempDir dir;
  DiskSpace space(dir.path(), 50);
  FileStore store(dir.path(), space, 1);
  const auto begin = [&](const RequestHead& head) { Upload(head, "anna", store, space, 20); };
  RequestHead announced = head_of_upload("image/png");
  announced.length = 10'000'000'000;
  CHECK(refusal_of([&] { begin(announced); }) == 413);
  CHECK(refusal_of([&] { begin(head_of_upload("application/json")); }) == 415);
  CHECK(refusal_of([&] { begin(head_of_upload("multipart/form-data")); }) == 400);
  {
    Upload upload(head_of_upload("image/png"), "anna", store, space, 20);
    upload.write(std::string(20, 'x'));
    CHECK(refusal_of([&] { upload.write("y"); }) == 413);
    Upload second(head_of_upload("image/png"), "anna", store, space, 20);
    second.write(std::string(20, 'x'));
    Upload third(head_of_upload("image/png"), "anna", store, space, 20);
    CHECK(refusal_of([&] { third.write(std::string(11, 'x')); }) == 507);
    Upload nothing(head_of_upload("image/png"), "anna", store, space, 20);
    CHECK(refusal_of([&] { nothing.finish(); }) == 422);
    Upload no_file(head_of_upload("multipart/form-data; boundary=xx"), "anna", store, space, 20);
    no_file.write("--xx--\r\n");
    CHECK(refusal_of([&] { no_file.finish(); }) == 400);
  }
  CHECK(space.used() == 0);
  DiskSpace wide(dir.path(), 0);
  FileStore full(dir.path(), wide, 1);
  put(full, wide, "anna", "x");
  CHECK(refusal_of([&] { Upload(head_of_upload("image/png"), "anna", full, wide, 20); }) == 429);
  CHECK(refusal_of([&] { Upload(head_of_upload("image/png"), "ben", full, wide, 20); }) == 0);
}

TEST_CASE("texts of the engine show files by the names that people gave them") {
  PathNames names;
  names.add("/data", "the server's folder");
  names.add("/data/files/x/content.png", "me.png");
  CHECK(names.shown("/data/files/x/content.png: is no picture; /data/files/x/content.png again, in /data") ==
        "me.png: is no picture; me.png again, in the server's folder");
  CHECK(PathNames().shown("a") == "a");
}

}  // namespace
}  // namespace animate::serve
