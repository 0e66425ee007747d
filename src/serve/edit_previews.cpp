#include "serve/edit_previews.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "animate/edit_settings.h"
#include "base/stopwatch.h"
#include "serve/jpeg.h"
#include "serve/json_file.h"
#include "serve/option_list.h"
#include "serve/problem.h"

namespace animate::serve {
namespace {

constexpr size_t kOpenSessions = 4;
constexpr int kPreviewQuality = 90;
// A page shows no more; the whole picture is what a job is for.
constexpr int kLongestSide = 1280;

}  // namespace

EditPreviews::Asked EditPreviews::parse(const nlohmann::json& request, const std::string& owner, bool edits) const {
  if (!request.is_object()) throw Refusal(400, "a preview is asked for with a JSON object");
  Asked asked;
  asked.file = files_.get(text_member(request, "source"), owner);
  if (asked.file.facts.kind != "picture" && asked.file.facts.kind != "video") {
    throw Refusal(422, fmt::format("{}: is a {}; choose a picture or video", asked.file.name, asked.file.facts.kind));
  }
  const nlohmann::json wanted = request.value("options", nlohmann::json::object());
  set_options(asked.options, wanted, [](const std::string&) { return std::nullopt; });
  asked.options.runtime = models_.runtime();
  asked.model = text_member(request, "model");
  models_.check_name(asked.model);
  if (asked.model.empty() && edits) asked.model = models_.editing_model();
  asked.key = owner + "|" + asked.file.id + "|" + asked.model + "|" + wanted.dump();
  return asked;
}

Session& EditPreviews::session_of(const Asked& asked) {
  const auto found = std::find_if(opened_.begin(), opened_.end(), [&](const Opened& o) { return o.key == asked.key; });
  if (found != opened_.end()) {
    opened_.splice(opened_.begin(), opened_, found);
    return *opened_.front().session;
  }
  while (opened_.size() >= kOpenSessions) opened_.pop_back();
  if (!reader_) reader_ = engine_.make_picture_reader();
  const Image source = reader_->read(files_.content(asked.file));
  auto session = models_.get(asked.model, asked.options.fomm)->open_session(source, asked.options);
  opened_.push_front({asked.key, std::move(session)});
  return *opened_.front().session;
}

void EditPreviews::post(const std::string& client, std::function<Response()> make, const Reply& reply) {
  device_.post({client,
                [make = std::move(make), reply] {
                  Response response;
                  try {
                    response = make();
                  } catch (...) {
                    response = problem_of_current_exception();
                  }
                  reply(std::move(response));
                },
                [reply] { reply(problem(409, "a newer preview was asked for; this one is not made")); }});
}

void EditPreviews::ask(const nlohmann::json& request, const std::string& owner, const Reply& reply) {
  const Asked asked = parse(request, owner, /*edits=*/true);
  const EditSettings settings = EditSettings::parse(text_member(request, "set"));
  post(
      "edit|" + owner,
      [this, asked, settings] {
        Session& session = session_of(asked);
        const Stopwatch watch;
        const Image picture = settings.empty() ? reader_->read(files_.content(asked.file)) : session.edit(settings);
        Response response;
        response.headers = {{"Content-Type", "image/jpeg"},
                            {"Cache-Control", "no-store"},
                            {"Server-Timing", fmt::format("render;dur={:.1f}", 1000 * watch.seconds())}};
        response.body = encode_jpeg(reader_->shrink(picture, kLongestSide), kPreviewQuality);
        return response;
      },
      reply);
}

void EditPreviews::crop(const nlohmann::json& request, const std::string& owner, const Reply& reply) {
  const Asked asked = parse(request, owner, /*edits=*/false);
  post(
      "crop|" + owner,
      [this, asked] {
        nlohmann::ordered_json faces = nlohmann::ordered_json::array();
        for (const SessionFace& face : session_of(asked).faces()) {
          faces.push_back(
              {{"x", face.box.x}, {"y", face.box.y}, {"width", face.box.width}, {"height", face.box.height}});
        }
        return json_response(200, dump({{"faces", faces}}));
      },
      reply);
}

}  // namespace animate::serve
