#include <spdlog/fmt/fmt.h>

#include <nlohmann/json.hpp>
#include <string>

#include "animate/version.h"
#include "base/error.h"
#include "catalog/model_survey.h"
#include "serve/json_file.h"
#include "serve/live_hub.h"
#include "serve/openapi.h"
#include "serve/option_list.h"
#include "serve/problem.h"
#include "serve/routes.h"

namespace animate::serve {
namespace {

using Json = nlohmann::ordered_json;

Response health(Parts& parts, const Request&) {
  return json_response(200, dump({{"status", "ok"}, {"model", parts.model_state.json()}}));
}

Response version(const Request&) {
  return json_response(200, dump({{"program", "animate"}, {"version", ANIMATE_VERSION}, {"api", "v1"}}));
}

// Names and states; where files lie is nobody's business.
Response models(const Request&) {
  Json list = Json::array();
  for (const auto& row : catalog::survey_models(catalog::published_weights())) {
    list.push_back({{"name", row.name},
                    {"family", row.family},
                    {"state", row.state},
                    {"present", row.present},
                    {"usable", row.usable},
                    {"default", row.is_default},
                    {"licence", row.licence},
                    {"published_bytes", row.published_bytes},
                    {"command", row.fetchable ? Json("animate models fetch " + row.name) : Json()}});
  }
  return json_response(200, dump({{"models", list}}));
}

Json kinds_json() {
  Json kinds = Json::array();
  for (const JobKind& kind : kJobKinds) {
    Json formats = Json::array();
    std::string_view rest = kind.formats;
    while (!rest.empty()) {
      const size_t end = std::min(rest.find(' '), rest.size());
      formats.push_back(std::string(rest.substr(0, end)));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    kinds.push_back({{"name", std::string(kind.name)},
                     {"help", std::string(kind.help)},
                     {"source", kind.source},
                     {"driving", kind.driving},
                     {"family", std::string(kind.family)},
                     {"options", list_own_options(kind.name)},
                     {"formats", formats}});
  }
  return kinds;
}

Response options(Parts& parts, const Request&) {
  AnimateOptions defaults;
  defaults.runtime = parts.settings.runtime;
  return json_response(200, dump({{"options", list_options(defaults)},
                                  {"sliders", list_sliders()},
                                  {"kinds", kinds_json()},
                                  {"limits",
                                   {{"upload_bytes", parts.settings.largest_upload},
                                    {"clip_seconds", parts.settings.longest_clip},
                                    {"live_silence_seconds", LiveHub::kSilence}}}}));
}

std::string cookie(const Request& request, const std::string& key) {
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict{}{}", kKeyCookie, key,
                     request.head.secure ? "; Secure" : "", key.empty() ? "; Max-Age=0" : "; Max-Age=2592000");
}

Response log_in(Parts& parts, const Request& request) {
  const nlohmann::json wanted = json_of(request);
  const std::string key = wanted.is_object() && wanted.contains("key") && wanted["key"].is_string()
                              ? wanted["key"].get<std::string>()
                              : std::string();
  if (!parts.access.needs_key()) throw Refusal(409, "this server needs no key");
  if (!parts.access.knows(key)) throw Refusal(401, "the key is none of this server's; ask whoever started it");
  Response response;
  response.status = 204;
  response.headers = {{"Set-Cookie", cookie(request, key)}, {"Cache-Control", "no-store"}};
  return response;
}

Response who(Parts& parts, const Request& request) {
  Json told{{"needs_key", parts.access.needs_key()}, {"name", Json()}};
  try {
    told["name"] = parts.access.owner_of(request.head);
    told["allowed"] = true;
  } catch (const Refusal&) {
    told["allowed"] = false;
  }
  return json_response(200, dump(told));
}

}  // namespace

nlohmann::json json_of(const Request& request) {
  const std::string_view type = request.head.header("content-type");
  if (!type.starts_with("application/json")) {
    throw Refusal(415, "the request's content is no JSON; send it with Content-Type: application/json");
  }
  // Deep nesting is refused by its length long before it hurts.
  auto json = nlohmann::json::parse(request.body, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) throw Refusal(400, "the request's content is no JSON that can be read");
  return json;
}

Json ModelState::json() const {
  const std::scoped_lock lock(mutex_);
  return {{"state", state_},
          {"name", name_.empty() ? Json() : Json(name_)},
          {"problem", problem_.empty() ? Json() : Json(problem_)}};
}

void add_about_routes(Router& router, Parts& parts) {
  router.add({"GET",
              "/api/v1/health",
              BodyUse::None,
              true,
              answer_with([&parts](const Request& r) { return health(parts, r); }),
              {},
              {"about",
               "getHealth",
               "Whether the server is there, and its model is open.",
               "",
               {},
               {{200, "application/json", "Health", "it is there"}},
               {}}});
  router.add({"GET",
              "/api/v1/version",
              BodyUse::None,
              true,
              answer_with(version),
              {},
              {"about",
               "getVersion",
               "Which program this is.",
               "",
               {},
               {{200, "application/json", "Version", "the version"}},
               {}}});
  router.add({"GET",
              "/api/v1/models",
              BodyUse::None,
              false,
              answer_with(models),
              {},
              {"about",
               "listModels",
               "Models that are found here, and published ones that could be fetched.",
               "",
               {},
               {{200, "application/json", "ModelList", "the models"}},
               {}}});
  router.add({"GET",
              "/api/v1/options",
              BodyUse::None,
              false,
              answer_with([&parts](const Request& r) { return options(parts, r); }),
              {},
              {"about",
               "listOptions",
               "Every option of every model family with type, range, default and help; the sliders of an edit; the "
               "kinds of jobs; the limits of this server.",
               "",
               {},
               {{200, "application/json", "Options", "the options"}},
               {}}});
  router.add({"GET",
              "/api/v1/session",
              BodyUse::None,
              true,
              answer_with([&parts](const Request& r) { return who(parts, r); }),
              {},
              {"about",
               "getSession",
               "Whether this server needs a key, and whose key the request has.",
               "",
               {},
               {{200, "application/json", "Session", "who asks"}},
               {}}});
  router.add({"POST",
              "/api/v1/session",
              BodyUse::Document,
              true,
              answer_with([&parts](const Request& r) { return log_in(parts, r); }),
              {},
              {"about",
               "openSession",
               "Keep a key in a cookie that pages cannot read: for browsers.",
               "KeyRequest",
               {},
               {{204, "", "", "the cookie is set"}},
               {400, 409, 413, 415}}});
  router.add({"DELETE",
              "/api/v1/session",
              BodyUse::None,
              true,
              answer_with([](const Request& r) {
                Response response;
                response.status = 204;
                response.headers = {{"Set-Cookie", cookie(r, "")}};
                return response;
              }),
              {},
              {"about", "closeSession", "Forget the cookie.", "", {}, {{204, "", "", "it is forgotten"}}, {}}});
  // The router is whole when this is asked for.
  router.add(
      {"GET",
       "/api/v1/openapi.json",
       BodyUse::None,
       true,
       answer_with([&router](const Request&) { return json_response(200, dump(openapi(router))); }),
       {},
       {"about", "getOpenApi", "This document.", "", {}, {{200, "application/json", "object", "OpenAPI 3.1"}}, {}}});
}

}  // namespace animate::serve
