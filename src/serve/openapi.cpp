#include "serve/openapi.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "animate/version.h"
#include "serve/job_maker.h"
#include "serve/problem.h"
#include "serve/target.h"

namespace animate::serve {
namespace {

using Json = nlohmann::ordered_json;

Json text() { return {{"type", "string"}}; }
Json whole() { return {{"type", "integer"}}; }
Json number() { return {{"type", "number"}}; }
Json yes_no() { return {{"type", "boolean"}}; }
Json object() { return {{"type", "object"}}; }
Json list_of(Json items) { return {{"type", "array"}, {"items", std::move(items)}}; }
Json ref(const std::string& name) { return {{"$ref", "#/components/schemas/" + name}}; }
Json maybe(Json schema) {
  if (schema.contains("type") && schema["type"].is_string()) {
    schema["type"] = {schema["type"], "null"};
    return schema;
  }
  return {{"anyOf", {std::move(schema), {{"type", "null"}}}}};
}
Json told(Json schema, const std::string& what) {
  schema["description"] = what;
  return schema;
}
Json record(Json properties, std::vector<std::string> required = {}) {
  if (required.empty()) {
    for (const auto& [name, schema] : properties.items()) required.push_back(name);
  }
  return {{"type", "object"}, {"properties", std::move(properties)}, {"required", required}};
}
Json id() { return {{"type", "string"}, {"pattern", "^[0-9a-f]{32}$"}}; }

Json sliders() { return {{"type", "object"}, {"additionalProperties", number()}}; }

Json box() { return record({{"x", number()}, {"y", number()}, {"width", number()}, {"height", number()}}); }

Json kind_names() {
  Json names = Json::array();
  for (const JobKind& kind : kJobKinds) names.push_back(std::string(kind.name));
  names.push_back("batch");
  return names;
}

void add_requests(Json& schemas) {
  const Json options =
      told(object(), "name of an option, as GET /options lists it, to its value; a file is named by its id");
  const Json model = told(text(), "name of a model, as GET /models lists it; empty: the server's own");
  schemas["JobRequest"] =
      record({{"kind", {{"type", "string"}, {"enum", kind_names()}}},
              {"source", told(id(), "a file, or a job whose result it is")},
              {"driving", told(id(), "a file, or a job whose result it is")},
              {"sources", told(list_of(id()), "of a batch")},
              {"drivings", told(list_of(id()), "of a batch")},
              {"model", model},
              {"options", options},
              {"format", told(text(), "of the result, as in mp4; one of the kind's in GET /options")}},
             {"kind"});
  schemas["PreviewRequest"] = record({{"source", id()},
                                      {"set", told(text(), "sliders as the option set takes them: smile=0.6,yaw=-8")},
                                      {"model", model},
                                      {"options", options}},
                                     {"source"});
  schemas["CropRequest"] = record({{"source", id()}, {"model", model}, {"options", options}}, {"source"});
  schemas["LiveRequest"] = record({{"source", id()}, {"model", model}, {"options", options}}, {"source"});
  schemas["KeyRequest"] = record({{"key", text()}});
  schemas["PresetRequest"] =
      record({{"name", text()},
              {"sliders", told(sliders(), "name of a slider, as GET /options lists it, to its value")},
              {"source", told(maybe(id()), "the picture it was made with, for a look at it")}},
             {"name", "sliders"});
}

void add_answers(Json& schemas) {
  schemas["Problem"] = told(record({{"type", text()}, {"title", text()}, {"status", whole()}, {"detail", text()}}),
                            "RFC 9457; detail is one sentence: what is wrong, what to do");
  schemas["Box"] = told(box(), "pixels of the picture");
  schemas["File"] = record({{"id", id()},
                            {"name", text()},
                            {"kind", {{"type", "string"}, {"enum", {"picture", "video", "sound", "template"}}}},
                            {"bytes", whole()},
                            {"created", told(whole(), "seconds since 1970")},
                            {"type", told(text(), "of its content")},
                            {"width", whole()},
                            {"height", whole()},
                            {"seconds", maybe(number())},
                            {"frames", maybe(whole())},
                            {"has_sound", yes_no()},
                            {"family", told(text(), "of a template: the model family whose motion it is")},
                            {"faces", told(list_of(record({{"face", ref("Box")}, {"head", ref("Box")}})),
                                           "largest first; head is the square that crop=auto animates")}},
                           {"id", "name", "kind", "bytes", "created", "type", "width", "height", "faces"});
  schemas["FileList"] = record({{"files", list_of(ref("File"))}, {"bytes_used", whole()}}, {"files"});
  const Json input = maybe(record({{"id", id()}, {"name", text()}}));
  schemas["Job"] =
      record({{"id", id()},
              {"kind", text()},
              {"state", {{"type", "string"}, {"enum", {"queued", "running", "done", "failed", "cancelled"}}}},
              {"created", told(whole(), "seconds since 1970")},
              {"started", maybe(whole())},
              {"finished", maybe(whole())},
              {"source", input},
              {"driving", input},
              {"model", text()},
              {"options", object()},
              {"format", text()},
              {"batch", told(maybe(id()), "jobs that were asked for together")},
              {"ahead", told(maybe(whole()), "of a queued job: jobs that run before it")},
              {"stage", told(text(), "what is being done")},
              {"done", told(whole(), "frames of the stage")},
              {"total", told(maybe(whole()), "frames of the stage, where the file tells")},
              {"seconds_left", maybe(number())},
              {"warnings", list_of(text())},
              {"problem", maybe(ref("Problem"))},
              {"result", maybe(record({{"name", text()},
                                       {"type", text()},
                                       {"bytes", whole()},
                                       {"width", whole()},
                                       {"height", whole()},
                                       {"frames", whole()},
                                       {"seconds", told(number(), "that the job took")}}))}});
  schemas["JobList"] = record({{"jobs", list_of(ref("Job"))}});
  schemas["JobOrBatch"] = {{"anyOf", {ref("Job"), record({{"batch", id()}, {"jobs", list_of(ref("Job"))}})}}};
  schemas["TemplateList"] =
      record({{"templates", list_of(record({{"id", id()},
                                            {"name", text()},
                                            {"from", {{"type", "string"}, {"enum", {"file", "job"}}}},
                                            {"family", maybe(text())},
                                            {"created", whole()},
                                            {"frames", whole()},
                                            {"clip", told(maybe(id()), "the clip it was made from")}}))}});
  schemas["Crop"] = record({{"faces", told(list_of(ref("Box")), "what moves")}});
  schemas["Preset"] = record({{"id", id()},
                              {"name", text()},
                              {"created", told(whole(), "seconds since 1970")},
                              {"sliders", sliders()},
                              {"source", maybe(id())}});
  schemas["PresetList"] = record({{"presets", list_of(ref("Preset"))}});
  schemas["Live"] = record({{"id", id()},
                            {"socket", told(text(), "path of its WebSocket")},
                            {"model", text()},
                            {"silence_seconds", whole()},
                            {"faces", told(list_of(ref("Box")), "what of the source moves")}});
  schemas["LiveAnswer"] = told(record({{"id", Json::object()},
                                       {"captured", Json::object()},
                                       {"queue_ms", number()},
                                       {"inference_ms", number()},
                                       {"total_ms", told(number(), "from the frame's arrival to the answer")},
                                       {"face_found", yes_no()},
                                       {"width", whole()},
                                       {"height", whole()},
                                       {"skipped", told(whole(), "frames that a newer one replaced, so far")}}),
                               "the line of JSON in front of a live frame's JPEG; id and captured are the frame's own");
}

void add_facts(Json& schemas) {
  schemas["Health"] =
      record({{"status", text()},
              {"model", record({{"state", {{"type", "string"}, {"enum", {"opening", "ready", "failed"}}}},
                                {"name", maybe(text())},
                                {"problem", maybe(text())}})}});
  schemas["Version"] = record({{"program", text()}, {"version", text()}, {"api", text()}});
  schemas["ModelList"] = record({{"models", list_of(record({{"name", text()},
                                                            {"family", text()},
                                                            {"state", text()},
                                                            {"present", yes_no()},
                                                            {"usable", yes_no()},
                                                            {"default", yes_no()},
                                                            {"licence", text()},
                                                            {"published_bytes", whole()},
                                                            {"command", told(maybe(text()), "that fetches it")}}))}});
  schemas["Options"] = record(
      {{"options",
        list_of(record(
            {{"name", text()},
             {"group", text()},
             {"type", {{"type", "string"}, {"enum", {"boolean", "integer", "number", "seconds", "choice", "text"}}}},
             {"default", Json::object()},
             {"help", text()},
             {"settable", told(yes_no(), "false: whoever starts the server settles it")},
             {"family", told(text(), "of a model family's own options")},
             {"low", maybe(number())},
             {"high", maybe(number())},
             {"choices", list_of(text())},
             {"kind", told(text(), "of a text: what it looks like")}},
            {"name", "group", "type", "default", "help", "settable"}))},
       {"sliders", list_of(record({{"name", text()},
                                   {"low", number()},
                                   {"high", number()},
                                   {"neutral", told(maybe(number()), "null: as it is")},
                                   {"help", text()}}))},
       {"kinds", list_of(record({{"name", text()},
                                 {"help", text()},
                                 {"source", yes_no()},
                                 {"driving", yes_no()},
                                 {"formats", list_of(text())}}))},
       {"limits", record({{"upload_bytes", whole()}, {"clip_seconds", number()}, {"live_silence_seconds", whole()}})}});
  schemas["Session"] = record({{"needs_key", yes_no()}, {"allowed", yes_no()}, {"name", maybe(text())}});
}

Json content_of(const std::string& type, const std::string& schema) {
  if (schema.empty()) return {{type, Json::object()}};
  const bool plain = schema == "object" || schema == "string";
  return {{type, {{"schema", plain ? Json{{"type", schema}} : ref(schema)}}}};
}

Json parameters_of(const Route& route) {
  Json parameters = Json::array();
  for (const std::string& part : split_path(route.pattern)) {
    if (part.starts_with("{")) {
      parameters.push_back(
          {{"name", part.substr(1, part.size() - 2)}, {"in", "path"}, {"required", true}, {"schema", id()}});
    }
  }
  for (const std::string& parameter : route.doc.query) {
    const size_t colon = parameter.find(": ");
    parameters.push_back({{"name", parameter.substr(0, colon)},
                          {"in", "query"},
                          {"description", parameter.substr(colon + 2)},
                          {"schema", text()}});
  }
  if (route.doc.id == "askForJob") {
    parameters.push_back({{"name", "Idempotency-Key"},
                          {"in", "header"},
                          {"description", "the same key and request again: the same job"},
                          {"schema", {{"type", "string"}, {"maxLength", 200}}}});
  }
  return parameters;
}

Json operation(const Route& route) {
  const RouteDoc& doc = route.doc;
  Json json{{"operationId", doc.id}, {"tags", {doc.tag}}, {"summary", doc.summary}};
  if (route.open) json["security"] = Json::array();
  if (Json parameters = parameters_of(route); !parameters.empty()) json["parameters"] = std::move(parameters);
  if (route.body == BodyUse::Document) {
    json["requestBody"] = {{"required", true}, {"content", content_of("application/json", doc.request)}};
  } else if (route.body == BodyUse::Stream) {
    const Json form{{"type", "object"}, {"properties", {{"file", {{"type", "string"}, {"format", "binary"}}}}}};
    json["requestBody"] = {
        {"required", true},
        {"content", {{"application/octet-stream", Json::object()}, {"multipart/form-data", {{"schema", form}}}}}};
  }
  Json& responses = json["responses"];
  for (const AnswerDoc& answer : doc.answers) {
    Json& response = responses[std::to_string(answer.status)];
    response["description"] = answer.description;
    if (!answer.type.empty()) response["content"] = content_of(answer.type, answer.schema);
  }
  std::vector<int> problems = doc.problems;
  problems.push_back(403);
  if (!route.open) problems.push_back(401);
  std::sort(problems.begin(), problems.end());
  for (const int status : problems) {
    responses[std::to_string(status)] = {{"description", title_of(status)},
                                         {"content", content_of("application/problem+json", "Problem")}};
  }
  return json;
}

}  // namespace

Json openapi(const Router& router) {
  Json document{{"openapi", "3.1.0"},
                {"info",
                 {{"title", "animate"},
                  {"version", ANIMATE_VERSION},
                  {"description", "Brings still pictures to life. Every error is a problem document (RFC 9457)."}}},
                {"security", {{{"key", Json::array()}}, {{"cookie", Json::array()}}, Json::object()}}};
  Json& paths = document["paths"];
  for (const Route& route : router.routes()) {
    if (!route.pattern.starts_with("/api/")) continue;
    std::string method = route.method;
    for (char& c : method) c = static_cast<char>(c - 'A' + 'a');
    paths[route.pattern][method] = operation(route);
  }
  Json& components = document["components"];
  add_requests(components["schemas"]);
  add_answers(components["schemas"]);
  add_facts(components["schemas"]);
  components["securitySchemes"] = {{"key", {{"type", "http"}, {"scheme", "bearer"}}},
                                   {"cookie", {{"type", "apiKey"}, {"in", "cookie"}, {"name", "animate_key"}}}};
  return document;
}

}  // namespace animate::serve
