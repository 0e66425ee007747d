#include "serve/service.h"

#include <algorithm>
#include <future>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "catalog/option_rows.h"
#include "fake_engine.h"
#include "serve/openapi.h"
#include "support/catch.h"
#include "support/temp_dir.h"

namespace animate::serve {
namespace {

using nlohmann::json;
using test::TempDir;

// The server without sockets.
class ServiceDesk {
 public:
  explicit ServiceDesk(std::map<std::string, std::string> keys = {})
      : settings_(settings_in(dir_.path())),
        engine_(test::fake_engine()),
        service_(settings_, engine_, Access({"127.0.0.1", std::move(keys), {}, {}})) {}

  Response ask(const std::string& method, const std::string& path, const std::string& body = "",
               std::map<std::string, std::string> headers = {}) {
    RequestHead head;
    head.method = method;
    const size_t mark = path.find('?');
    head.path = path.substr(0, mark);
    if (mark != std::string::npos) head.query["name"] = path.substr(path.find('=') + 1);
    head.headers = std::move(headers);
    head.headers.emplace("host", "localhost");
    if (!body.empty() && body.front() == '{') head.headers.emplace("content-type", "application/json");
    PlannedRequest planned = service_.plan(head);
    if (planned.answer) return std::move(*planned.answer);
    planned.sink->write(body);
    std::promise<Response> promise;
    service_.answer(planned, [&promise](Response response) { promise.set_value(std::move(response)); });
    return promise.get_future().get();
  }
  json upload(const std::string& name, const std::string& content) {
    const Response response =
        ask("POST", "/api/v1/files?name=" + name, content, {{"content-type", "application/octet-stream"}});
    INFO(response.body);
    REQUIRE(response.status == 201);
    return json::parse(response.body);
  }
  json finish(const std::string& id) {
    for (int i = 0; i < 1000; ++i) {
      json job = json::parse(ask("GET", "/api/v1/jobs/" + id).body);
      if (job["state"] != "queued" && job["state"] != "running") return job;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    FAIL("the job does not end");
    return {};
  }
  Service& service() { return service_; }
  const TempDir& dir() const { return dir_; }

 private:
  static ServeSettings settings_in(const std::filesystem::path& data) {
    ServeSettings settings;
    settings.data = data;
    settings.longest_clip = 10;
    return settings;
  }

  TempDir dir_;
  ServeSettings settings_;
  Engine engine_;
  Service service_;
};

std::string detail_of(const Response& response) { return json::parse(response.body)["detail"]; }

TEST_CASE("a whole job goes through the service, and names no path of the machine") {
  ServiceDesk desk;
  desk.service().start();
  const json picture = desk.upload("me.png", "picture"), clip = desk.upload("talk.mp4", "video");
  CHECK(picture["kind"] == "picture");
  CHECK(picture["faces"][0]["head"]["width"] == 8);
  CHECK(clip["seconds"] == 2.0);
  const Response asked = desk.ask("POST", "/api/v1/jobs",
                                  json{{"kind", "animate"}, {"source", picture["id"]}, {"driving", clip["id"]}}.dump());
  CHECK(asked.status == 202);
  const std::string id = json::parse(asked.body)["id"];
  const json job = desk.finish(id);
  CHECK(job["state"] == "done");
  CHECK(job["result"]["name"] == "me--talk.mp4");
  const Response result = desk.ask("GET", "/api/v1/jobs/" + id + "/result");
  REQUIRE(result.file);
  CHECK(test::content_of(result.file->path) == "moved");
  const Response report = desk.ask("GET", "/api/v1/jobs/" + id + "/report");
  REQUIRE(report.file);
  CHECK(test::content_of(report.file->path).find(desk.dir().path().string()) == std::string::npos);
  CHECK(desk.ask("DELETE", "/api/v1/jobs/" + id).status == 204);
  CHECK(desk.ask("GET", "/api/v1/jobs/" + id).status == 404);
}

TEST_CASE("a job that fails tells the engine's sentence, with the names that people know") {
  ServiceDesk desk;
  desk.service().start();
  const json picture = desk.upload("me.png", "picture");
  const Response asked = desk.ask(
      "POST", "/api/v1/jobs",
      json{{"kind", "animate"}, {"source", picture["id"]}, {"driving", picture["id"]}, {"options", {{"crf", 63}}}}
          .dump());
  REQUIRE(asked.status == 202);
  const json job = desk.finish(json::parse(asked.body)["id"]);
  CHECK(job["state"] == "failed");
  CHECK(job["problem"]["detail"] == "me.png: is bad; give another");
  CHECK(job["problem"]["status"] == 422);
}

TEST_CASE("what can be told to be wrong with a job is told before it is queued") {
  ServiceDesk desk;
  const json picture = desk.upload("me.png", "picture");
  const auto refused = [&](json request) {
    const Response response = desk.ask("POST", "/api/v1/jobs", request.dump());
    CHECK(response.status == 422);
    return detail_of(response);
  };
  json base{{"kind", "animate"}, {"source", picture["id"]}, {"driving", picture["id"]}};
  const auto with = [&](const std::string& name, const json& value) {
    json request = base;
    request["options"] = {{name, value}};
    return request;
  };
  CHECK(refused(with("adapt_scal", true)) == "adapt_scal: is no option; did you mean adapt-scale?");
  json backwards = base;
  backwards["options"] = {{"start", 2}, {"end", 1}};
  CHECK(refused(backwards) == "--start does not lie before --end; swap them");
  CHECK(refused(with("device", "cuda")) == "device: is settled by whoever starts the server; leave it out");
  CHECK(refused(with("audio", "/etc/passwd")) == "audio: is no file of yours; upload it and give its id");
  CHECK(refused(with("landmarks_203", "x.onnx")) == "landmarks_203: is no file of yours; upload it and give its id");
  CHECK(refused({{"kind", "edit"}}) == "source is missing; upload a file and give its id");
  CHECK(refused({{"kind", "tempate"}}) == "kind: tempate is no kind of job; did you mean template?");
  CHECK(refused({{"kind", "animate"}, {"source", 3}}) == "source: is no text");
  CHECK(refused({{"kind", "batch"}, {"sources", {1}}}) == "sources: is no list of ids");
  base["format"] = "exe";
  CHECK(refused(base).starts_with("format: exe is none of mp4, webm"));
  CHECK(json::parse(desk.ask("GET", "/api/v1/jobs").body)["jobs"].empty());
}

TEST_CASE("uploads are judged by their content, and leave nothing behind when they are refused") {
  ServiceDesk desk;
  const Response response = desk.ask("POST", "/api/v1/files?name=lie.png", "text", {{"content-type", "image/png"}});
  CHECK(response.status == 415);
  CHECK(detail_of(response) == "lie.png: is nothing that is known; give a picture");
  CHECK(std::filesystem::is_empty(desk.dir() / "incoming"));
  CHECK(std::filesystem::is_empty(desk.dir() / "files"));
}

TEST_CASE("without a key nothing is shown but what is open") {
  ServiceDesk desk(std::map<std::string, std::string>{{"0123456789abcdef", "anna"}});
  for (const Route& route : desk.service().router().routes()) {
    std::string path = route.pattern;
    if (const size_t at = path.find("{id}"); at != std::string::npos) path.replace(at, 4, std::string(32, 'a'));
    const int status = desk.ask(route.method, path).status;
    INFO(route.method << " " << path << " " << status);
    CHECK((status == 401) == !route.open);
  }
  const std::map<std::string, std::string> key{{"authorization", "Bearer 0123456789abcdef"}};
  CHECK(desk.ask("GET", "/api/v1/files", "", key).status == 200);
}

TEST_CASE("the OpenAPI document has every route, and every schema that it names") {
  ServiceDesk desk;
  const Response response = desk.ask("GET", "/api/v1/openapi.json");
  const json document = json::parse(response.body);
  std::set<std::string> ids;
  size_t operations = 0;
  for (const Route& route : desk.service().router().routes()) {
    if (!route.pattern.starts_with("/api/")) continue;
    std::string method = route.method;
    for (char& c : method) c = static_cast<char>(c - 'A' + 'a');
    INFO(route.method << " " << route.pattern);
    const json& operation = document["paths"][route.pattern][method];
    CHECK(ids.insert(operation["operationId"]).second);
    CHECK(!operation["summary"].get<std::string>().empty());
    CHECK(!operation["responses"].empty());
    ++operations;
  }
  size_t written = 0;
  for (const auto& [path, methods] : document["paths"].items()) written += methods.size();
  CHECK(written == operations);
  std::string text = response.body;
  const std::string mark = "#/components/schemas/";
  for (size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
    const size_t begin = at + mark.size();
    CHECK(document["components"]["schemas"].contains(text.substr(begin, text.find('"', begin) - begin)));
  }
}

TEST_CASE("every option of the program is listed, and none that a client may not set is settable") {
  ServiceDesk desk;
  const json document = json::parse(desk.ask("GET", "/api/v1/options").body);
  AnimateOptions options;
  const auto rows = catalog::rows_of(options);
  REQUIRE(document["options"].size() == rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    CHECK(document["options"][i]["name"] == rows[i].name());
    // A morph's grid is a second file, which a client may not name.
    const bool settled = rows[i].group == "Runtime" || rows[i].name() == "overwrite" || rows[i].name() == "grid";
    CHECK(document["options"][i]["settable"] == !settled);
  }
  CHECK(document["sliders"].size() == 17);
  CHECK(document["kinds"].size() == kJobKinds.size());
}

TEST_CASE("a kind of job with options of its own lists them, and refuses what is out of their range") {
  ServiceDesk desk;
  const json kinds = json::parse(desk.ask("GET", "/api/v1/options").body)["kinds"];
  const auto faces = std::find_if(kinds.begin(), kinds.end(), [](const json& kind) { return kind["name"] == "faces"; });
  REQUIRE(faces != kinds.end());
  FacesOptions own;
  CHECK((*faces)["options"].size() == catalog::rows_of(own).size());
  CHECK((*faces)["family"] == "autoencoder");
  CHECK(kinds[0]["options"].empty());
  const auto asked = [&](const json& options) {
    return desk.ask("POST", "/api/v1/jobs", json{{"kind", "faces"}, {"options", options}}.dump());
  };
  CHECK(asked({{"temperature", 9}}).status == 422);
  CHECK(asked({{"device", "cpu"}}).status == 422);
  CHECK(asked({{"cuont", 3}}).body.find("cuont: is no option") != std::string::npos);
}

TEST_CASE("a dream is a kind of job with options of its own, and needs a model that imagines") {
  const TempDir models;
  ::setenv("ANIMATE_MODELS", models.path().c_str(), 1);
  ServiceDesk desk;
  desk.service().start();
  const json picture = desk.upload("me.png", "picture");
  const auto asked = [&](const json& options, const std::string& format) {
    const json job{{"kind", "dream"}, {"source", picture["id"]}, {"options", options}, {"format", format}};
    return desk.ask("POST", "/api/v1/jobs", job.dump());
  };
  const Response without = asked(json::object(), "");
  CHECK(without.status == 422);
  CHECK(detail_of(without).find("no image-to-video model is given, and none is found") == 0);

  for (const char* network : {"unet", "vae", "image_encoder"}) {
    std::filesystem::create_directories(models / "svd" / network);
    std::ofstream(models / "svd" / network / "model.safetensors") << "weights";
  }
  const json kinds = json::parse(desk.ask("GET", "/api/v1/options").body)["kinds"];
  const auto dream = std::find_if(kinds.begin(), kinds.end(), [](const json& kind) { return kind["name"] == "dream"; });
  REQUIRE(dream != kinds.end());
  CHECK((*dream)["family"] == "video_diffusion");
  for (const json& row : (*dream)["options"]) CHECK((row["name"] != "unet" && row["name"] != "keep-latents"));
  CHECK(asked({{"width", 33}}, "").status == 422);
  CHECK(asked({{"unet", "/etc/passwd"}}, "").status == 422);
  CHECK(asked(json::object(), "png").status == 422);
  const Response made = asked({{"fps", 9}}, "gif");
  INFO(made.body);
  REQUIRE(made.status == 202);
  const json job = desk.finish(json::parse(made.body)["id"]);
  CHECK(job["state"] == "done");
  CHECK(job["result"]["name"] == "me_dream.gif");
  CHECK(job["result"]["frames"] == 14);
  ::unsetenv("ANIMATE_MODELS");
}

TEST_CASE("a live session and a preview go through the service") {
  ServiceDesk desk;
  const json picture = desk.upload("me.png", "picture");
  const Response opened = desk.ask("POST", "/api/v1/live", json{{"source", picture["id"]}}.dump());
  REQUIRE(opened.status == 201);
  const json session = json::parse(opened.body);
  CHECK(session["faces"][0]["width"] == 3);
  CHECK(desk.ask("GET", session["socket"]).status == 426);
  const Response upgraded = desk.ask("GET", session["socket"], "", {{"upgrade", "WebSocket"}});
  CHECK(upgraded.status == 101);
  CHECK(upgraded.socket);
  CHECK(desk.ask("GET", session["socket"], "", {{"upgrade", "websocket"}}).status == 409);
  CHECK(desk.ask("DELETE", "/api/v1/live/" + session["id"].get<std::string>()).status == 204);
  CHECK(desk.ask("POST", "/api/v1/live",
                 json{{"source", picture["id"]}, {"options", {{"end", 1}, {"threads", 2}}}}.dump())
            .status == 422);
}

}  // namespace
}  // namespace animate::serve
