#include "serve/service.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "serve/page.h"
#include "serve/problem.h"
#include "serve/routes.h"
#include "serve/stored_file.h"

namespace animate::serve {
namespace {

constexpr size_t kLongestJson = 1 << 20;

// A body that is small enough to be held.
class HeldBody : public BodySink {
 public:
  void write(std::string_view bytes) override {
    if (bytes.size() > kLongestJson - body.size()) throw too_long();
    body += bytes;
  }
  void finish() override {}
  static Refusal too_long() { return {413, "the request's content is longer than 1 MB, the most that is taken here"}; }

  std::string body;
};

}  // namespace

Service::Service(const ServeSettings& settings, const Engine& engine, Access access)
    : parts_(settings, engine, std::move(access)) {
  add_about_routes(router_, parts_);
  add_file_routes(router_, parts_);
  add_job_routes(router_, parts_);
  add_live_routes(router_, parts_);
  add_preset_routes(router_, parts_);
  add_page_routes(router_);
}

Service::~Service() { stop(); }

void Service::start() {
  warming_ = std::jthread([this] { warm_up(); });
  cleaning_ = std::jthread([this](std::stop_token stop) { clean_up(std::move(stop)); });
  runner_ =
      std::make_unique<JobRunner>(parts_.engine, parts_.book, parts_.maker, parts_.models, parts_.device, parts_.space);
}

void Service::stop() {
  cleaning_.request_stop();
  parts_.book.close();
  parts_.device.close();
  runner_.reset();
}

void Service::warm_up() {
  try {
    parts_.model_state.ready(parts_.models.get("")->name());
  } catch (const Error& error) {
    log::error("{}", error.what());
    PathNames names;
    names.add(parts_.settings.model.model, "the model");
    parts_.model_state.failed(names.shown(error.what()));
  }
}

void Service::clean_up(std::stop_token stop) {
  std::mutex mutex;
  std::condition_variable_any until;
  std::unique_lock lock(mutex);
  do {
    parts_.live.sweep();
    if (parts_.settings.keep_days <= 0) continue;
    const int64_t oldest = seconds_since_1970() - parts_.settings.keep_days * 86400;
    try {
      for (const Job& job : parts_.book.older_than(oldest)) {
        if (!parts_.book.uses(job.id)) parts_.book.remove(job.id, job.owner);
      }
      for (const StoredFile& file : parts_.files.older_than(oldest)) {
        if (!parts_.book.uses(file.id)) parts_.files.remove(file.id, file.owner);
      }
    } catch (const Refusal&) {
      continue;  // gone in the meantime
    }
  } while (!until.wait_for(lock, stop, std::chrono::minutes(1), [] { return false; }) && !stop.stop_requested());
}

PlannedRequest Service::plan(RequestHead head) {
  PlannedRequest planned;
  planned.request.head = std::move(head);
  const RequestHead& asked = planned.request.head;
  try {
    parts_.access.check_origin(asked);
    if (asked.method == "OPTIONS" && !parts_.access.allowed_origin(asked).empty()) {
      Response response;
      response.status = 204;
      response.headers = {{"Access-Control-Allow-Methods", "GET, POST, DELETE"},
                          {"Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key, Range"},
                          {"Access-Control-Max-Age", "600"}};
      planned.answer = std::move(response);
      return planned;
    }
    Router::Match match = router_.find(asked.method, asked.path);
    planned.route = match.route;
    planned.request.captures = std::move(match.captures);
    if (!match.route->open) planned.request.owner = parts_.access.owner_of(asked);
    if (match.route->body == BodyUse::Stream) {
      planned.sink = match.route->sink(planned.request);
    } else {
      if (asked.length && *asked.length > kLongestJson) throw HeldBody::too_long();
      planned.sink = std::make_shared<HeldBody>();
    }
  } catch (...) {
    planned.sink.reset();
    planned.answer = problem_of_current_exception();
  }
  return planned;
}

void Service::answer(PlannedRequest& planned, const Reply& reply) {
  try {
    if (planned.route->body == BodyUse::Stream) {
      planned.request.sink = planned.sink;
    } else {
      planned.request.body = std::move(dynamic_cast<HeldBody&>(*planned.sink).body);
    }
    planned.route->handle(planned.request, reply);
  } catch (...) {
    reply(problem_of_current_exception());
  }
  planned.request.sink.reset();
}

void Service::complete(const RequestHead& head, Response& response) const {
  auto& headers = response.headers;
  headers.emplace_back("X-Content-Type-Options", "nosniff");
  headers.emplace_back("X-Frame-Options", "DENY");
  headers.emplace_back("Referrer-Policy", "no-referrer");
  headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
  bool policy = false;
  for (const auto& [name, value] : headers) policy = policy || name == "Content-Security-Policy";
  if (!policy) headers.emplace_back("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  if (const std::string origin = parts_.access.allowed_origin(head); !origin.empty()) {
    headers.emplace_back("Access-Control-Allow-Origin", origin);
    headers.emplace_back("Access-Control-Expose-Headers", "Location, Content-Range");
    headers.emplace_back("Vary", "Origin");
    for (auto& [name, value] : headers) {
      if (name == "Cross-Origin-Resource-Policy") value = "cross-origin";
    }
  }
}

}  // namespace animate::serve
