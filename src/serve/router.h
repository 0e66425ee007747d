#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "serve/message.h"

namespace animate::serve {

// What a route takes as its body: nothing, a JSON document, or a stream of bytes.
enum class BodyUse { None, Document, Stream };

// One possible answer, for the OpenAPI document.
struct AnswerDoc {
  int status = 200;
  std::string type;    // of its content; empty: none
  std::string schema;  // name of a schema of the document, or a JSON type; empty: none
  std::string description;
};

// What the OpenAPI document says of a route.
struct RouteDoc {
  std::string tag;
  std::string id;  // operationId
  std::string summary;
  std::string request;             // name of the schema of a JSON body
  std::vector<std::string> query;  // names of parameters, "name: what it is"
  std::vector<AnswerDoc> answers;  // those that are no problem documents
  std::vector<int> problems;       // statuses, besides those that any route may give
};

struct Route {
  std::string method;
  std::string pattern;  // "/api/v1/files/{id}"
  BodyUse body = BodyUse::None;
  bool open = false;  // needs no key
  // Called by a worker; must call the reply once, now or later. What it throws becomes a problem document.
  std::function<void(const Request&, const Reply&)> handle;
  // Of BodyUse::Stream: called before the body is read. May throw Refusal.
  std::function<std::shared_ptr<BodySink>(const Request&)> sink;
  RouteDoc doc;
};

// For handlers that answer at once.
inline auto answer_with(std::function<Response(const Request&)> make) {
  return [make = std::move(make)](const Request& request, const Reply& reply) { reply(make(request)); };
}

// Which route a request means. A part {id} of a pattern stands for any one part of a path.
class Router {
 public:
  void add(Route route);
  const std::vector<Route>& routes() const { return routes_; }

  struct Match {
    const Route* route = nullptr;
    std::vector<std::string> captures;
  };
  // HEAD is answered by GET's route. Throws Refusal(404), or Refusal(405) where only other methods are there.
  Match find(const std::string& method, const std::string& path) const;

 private:
  std::vector<Route> routes_;
};

}  // namespace animate::serve
