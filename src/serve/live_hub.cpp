#include "serve/live_hub.h"

#include <spdlog/fmt/fmt.h>

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "serve/ids.h"
#include "serve/json_file.h"
#include "serve/live_session.h"
#include "serve/option_list.h"
#include "serve/problem.h"

namespace animate::serve {
namespace {

using Json = nlohmann::ordered_json;

Json faces_json(const Session& session) {
  Json faces = Json::array();
  for (const SessionFace& face : session.faces()) {
    faces.push_back({{"x", face.box.x}, {"y", face.box.y}, {"width", face.box.width}, {"height", face.box.height}});
  }
  return faces;
}

}  // namespace

void LiveHub::open(const nlohmann::json& request, const std::string& owner, const Reply& reply) {
  if (!request.is_object()) throw Refusal(400, "a live session is asked for with a JSON object");
  const StoredFile file = files_.get(text_member(request, "source"), owner);
  if (file.facts.kind != "picture" && file.facts.kind != "video") {
    throw Refusal(422, fmt::format("{}: is a {}; choose a picture", file.name, file.facts.kind));
  }
  const std::string model = text_member(request, "model");
  models_.check_name(model);
  AnimateOptions options;
  set_options(options, request.value("options", nlohmann::json()), [](const std::string&) { return std::nullopt; });
  options.runtime = models_.runtime();
  sweep();
  {
    const std::scoped_lock lock(mutex_);
    if (sessions_.size() + opening_ >= most_) {
      throw Refusal(429, fmt::format("{} live sessions are open already; close one first", most_));
    }
    ++opening_;
  }
  const std::string id = new_id();
  const auto finish = [this, reply](Response response) {
    {
      const std::scoped_lock lock(mutex_);
      --opening_;
    }
    reply(std::move(response));
  };
  device_.post({"open|" + id,
                [=, this] {
                  Response response;
                  try {
                    auto reader = engine_.make_picture_reader();
                    const Image source = reader->read(files_.content(file));
                    const auto opened = models_.get(model, options.fomm);
                    auto live = std::make_shared<LiveSession>(id, owner, opened->open_session(source, options), options,
                                                              std::move(reader), device_, [this, id] { forget(id); });
                    const Json told{{"id", id},
                                    {"socket", "/api/v1/live/" + id + "/socket"},
                                    {"model", opened->name()},
                                    {"silence_seconds", kSilence},
                                    {"faces", faces_json(live->session())}};
                    {
                      const std::scoped_lock lock(mutex_);
                      sessions_[id] = std::move(live);
                    }
                    response = json_response(201, dump(told));
                    response.headers.emplace_back("Location", "/api/v1/live/" + id);
                  } catch (...) {
                    response = problem_of_current_exception();
                  }
                  finish(std::move(response));
                },
                [finish] { finish(problem(503, "the server stops; try again later")); }});
}

std::shared_ptr<SocketHandler> LiveHub::socket(const std::string& id, const std::string& owner) {
  const std::scoped_lock lock(mutex_);
  const auto found = sessions_.find(id);
  if (found == sessions_.end() || found->second->owner() != owner) {
    throw Refusal(404, "no such live session is open; open one with POST /api/v1/live");
  }
  if (!found->second->claim()) throw Refusal(409, "the live session has its connection already; open another one");
  return found->second;
}

void LiveHub::close(const std::string& id, const std::string& owner) {
  std::shared_ptr<LiveSession> session;
  {
    const std::scoped_lock lock(mutex_);
    const auto found = sessions_.find(id);
    if (found == sessions_.end() || found->second->owner() != owner) throw Refusal(404, "no such live session is open");
    session = found->second;
    sessions_.erase(found);
  }
  session->end("the session was closed");
}

void LiveHub::forget(const std::string& id) {
  const std::scoped_lock lock(mutex_);
  sessions_.erase(id);
}

void LiveHub::sweep() {
  const std::scoped_lock lock(mutex_);
  const auto now = LiveSession::Clock::now();
  std::erase_if(sessions_, [&](const auto& entry) {
    return !entry.second->claimed() && now - entry.second->made() > std::chrono::seconds(kSilence);
  });
}

}  // namespace animate::serve
