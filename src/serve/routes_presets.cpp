#include <nlohmann/json.hpp>

#include "serve/json_file.h"
#include "serve/problem.h"
#include "serve/routes.h"

namespace animate::serve {
namespace {

using Json = nlohmann::ordered_json;

Response add_preset(Parts& parts, const Request& request) {
  const Preset wanted = PresetStore::parse(json_of(request), request.owner);
  if (!wanted.source.empty()) parts.files.get(wanted.source, request.owner);
  const Preset kept = parts.presets.add(wanted);
  Response response = json_response(201, dump(shown_json(kept)));
  response.headers.emplace_back("Location", "/api/v1/presets/" + kept.id);
  return response;
}

Response list_presets(Parts& parts, const Request& request) {
  Json presets = Json::array();
  for (const Preset& preset : parts.presets.list(request.owner)) presets.push_back(shown_json(preset));
  return json_response(200, dump({{"presets", presets}}));
}

}  // namespace

void add_preset_routes(Router& router, Parts& parts) {
  router.add({"GET",
              "/api/v1/presets",
              BodyUse::None,
              false,
              answer_with([&parts](const Request& r) { return list_presets(parts, r); }),
              {},
              {"presets",
               "listPresets",
               "Sliders of an edit that were saved under a name.",
               "",
               {},
               {{200, "application/json", "PresetList", "the presets, by name"}},
               {}}});
  router.add({"POST",
              "/api/v1/presets",
              BodyUse::Document,
              false,
              answer_with([&parts](const Request& r) { return add_preset(parts, r); }),
              {},
              {"presets",
               "savePreset",
               "Save sliders under a name, in place of what has it already.",
               "PresetRequest",
               {},
               {{201, "application/json", "Preset", "it is saved"}},
               {400, 404, 413, 415, 422, 429, 507}}});
  router.add({"DELETE",
              "/api/v1/presets/{id}",
              BodyUse::None,
              false,
              answer_with([&parts](const Request& r) {
                parts.presets.remove(r.captures.front(), r.owner);
                Response response;
                response.status = 204;
                return response;
              }),
              {},
              {"presets", "deletePreset", "Delete a preset.", "", {}, {{204, "", "", "it is gone"}}, {404}}});
}

}  // namespace animate::serve
