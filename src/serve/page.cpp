#include "serve/page.h"

#include "digest/sha256.h"
#include "serve/problem.h"

namespace animate::serve {
namespace {

// Nothing from elsewhere, nothing written into the page itself.
constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

std::string type_of(std::string_view name) {
  if (name.ends_with(".html")) return "text/html; charset=utf-8";
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
  if (name.ends_with(".svg")) return "image/svg+xml";
  return "application/octet-stream";
}

}  // namespace

void add_page_routes(Router& router) {
  for (const PageFile& file : page_files()) {
    const std::string tag = "\"" + digest::sha256_of_text(file.content).substr(0, 16) + "\"";
    const auto answer = [file, tag](const Request& request) {
      Response response;
      response.headers = {{"Content-Type", type_of(file.name)},
                          {"ETag", tag},
                          {"Cache-Control", "no-cache"},
                          {"Content-Security-Policy", kPolicy},
                          {"Permissions-Policy", "camera=(self), microphone=()"}};
      if (request.head.header("if-none-match") == tag) {
        response.status = 304;
      } else {
        response.body = file.content;
      }
      return response;
    };
    router.add({"GET", "/" + std::string(file.name), BodyUse::None, true, answer_with(answer), {}, {}});
    if (file.name == "index.html") router.add({"GET", "/", BodyUse::None, true, answer_with(answer), {}, {}});
  }
}

}  // namespace animate::serve
