#pragma once

#include <memory>
#include <optional>

#include "serve/router.h"

namespace animate::serve {

// A request whose first lines were looked at.
struct PlannedRequest {
  std::optional<Response> answer;  // it is decided already: the body need not be read
  Request request;
  std::shared_ptr<BodySink> sink;  // where its body goes
  const Route* route = nullptr;
};

// What the sockets need to know of all the rest. Thread-safe.
class Application {
 public:
  virtual ~Application() = default;
  // Before the body is read. Never throws.
  virtual PlannedRequest plan(RequestHead head) = 0;
  // Once it was. Calls `reply` once, now or later. Never throws.
  virtual void answer(PlannedRequest& planned, const Reply& reply) = 0;
  // Headers that every answer has.
  virtual void complete(const RequestHead& head, Response& response) const = 0;
};

}  // namespace animate::serve
