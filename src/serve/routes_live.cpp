#include <cctype>
#include <nlohmann/json.hpp>
#include <string>

#include "serve/live_hub.h"
#include "serve/problem.h"
#include "serve/routes.h"

namespace animate::serve {
namespace {

bool is_upgrade(const RequestHead& head) {
  std::string word(head.header("upgrade"));
  for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return word == "websocket";
}

}  // namespace

void add_live_routes(Router& router, Parts& parts) {
  router.add({"POST",
              "/api/v1/edit/preview",
              BodyUse::Document,
              false,
              [&parts](const Request& r, const Reply& reply) { parts.previews.ask(json_of(r), r.owner, reply); },
              {},
              {"live",
               "previewEdit",
               "What a face looks like with sliders moved. The source stays encoded between requests; a newer request "
               "of the same key makes one that still waits answer 409.",
               "PreviewRequest",
               {},
               {{200, "image/jpeg", "", "the picture"}},
               {400, 404, 409, 413, 415, 422, 503}}});
  router.add(
      {"POST",
       "/api/v1/crop",
       BodyUse::Document,
       false,
       [&parts](const Request& r, const Reply& reply) { parts.previews.crop(json_of(r), r.owner, reply); },
       {},
       {"live",
        "previewCrop",
        "Which part of a picture a job with these options moves: a box round each face, or round all that moves. "
        "A newer request of the same key makes one that still waits answer 409.",
        "CropRequest",
        {},
        {{200, "application/json", "Crop", "the boxes"}},
        {400, 404, 409, 413, 415, 422, 503}}});
  router.add({"POST",
              "/api/v1/live",
              BodyUse::Document,
              false,
              [&parts](const Request& r, const Reply& reply) { parts.live.open(json_of(r), r.owner, reply); },
              {},
              {"live",
               "openLive",
               "Open a session in which frames of a camera move a picture. It waits 30 s for its WebSocket, and ends "
               "with it or after 30 s without a frame.",
               "LiveRequest",
               {},
               {{201, "application/json", "Live", "it is open"}},
               {400, 404, 413, 415, 422, 429, 503}}});
  router.add(
      {"GET",
       "/api/v1/live/{id}/socket",
       BodyUse::None,
       false,
       answer_with([&parts](const Request& r) {
         if (!is_upgrade(r.head)) {
           throw Refusal(426, "this is the address of a WebSocket; connect to it with ws:// or wss://");
         }
         Response response;
         response.status = 101;
         response.socket = parts.live.socket(r.captures.front(), r.owner);
         return response;
       }),
       {},
       {"live",
        "connectLive",
        "The session's WebSocket. Up, binary: one line of JSON, {\"id\": any, \"captured\": any}, a line feed, a "
        "JPEG; the newest frame wins. Up, text: {\"type\": \"recalibrate\"} makes the next frame the reference; "
        "{\"type\": \"options\", \"options\": {}} changes options. Down, binary: one line of JSON as LiveAnswer, a "
        "line feed, a JPEG. Down, text: {\"type\": \"problem\", \"problem\": Problem}.",
        "",
        {},
        {{101, "", "", "frames may come"}},
        {404, 409, 426}}});
  router.add({"DELETE",
              "/api/v1/live/{id}",
              BodyUse::None,
              false,
              answer_with([&parts](const Request& r) {
                parts.live.close(r.captures.front(), r.owner);
                Response response;
                response.status = 204;
                return response;
              }),
              {},
              {"live", "closeLive", "End a session.", "", {}, {{204, "", "", "it is closed"}}, {404}}});
}

}  // namespace animate::serve
