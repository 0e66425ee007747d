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

Session& EditPreviews::session_of(const StoredFile& file, const AnimateOptions& options, const std::string& model,
                                  const std::string& key) {
  const auto found = std::find_if(opened_.begin(), opened_.end(), [&](const Opened& o) { return o.key == key; });
  if (found != opened_.end()) {
    opened_.splice(opened_.begin(), opened_, found);
    return *opened_.front().session;
  }
  while (opened_.size() >= kOpenSessions) opened_.pop_back();
  if (!reader_) reader_ = engine_.make_picture_reader();
  const Image source = reader_->read(files_.content(file));
  auto session = models_.get(model, options.fomm)->open_session(source, options);
  opened_.push_front({key, std::move(session)});
  return *opened_.front().session;
}

void EditPreviews::ask(const nlohmann::json& request, const std::string& owner, const Reply& reply) {
  if (!request.is_object()) throw Refusal(400, "a preview is asked for with a JSON object");
  const StoredFile file = files_.get(text_member(request, "source"), owner);
  if (file.facts.kind != "picture" && file.facts.kind != "video") {
    throw Refusal(422, fmt::format("{}: is a {}; choose a picture or video", file.name, file.facts.kind));
  }
  const EditSettings settings = EditSettings::parse(text_member(request, "set"));
  AnimateOptions options;
  const nlohmann::json wanted = request.value("options", nlohmann::json::object());
  set_options(options, wanted, [](const std::string&) { return std::nullopt; });
  options.runtime = models_.runtime();
  std::string model = text_member(request, "model");
  models_.check_name(model);
  if (model.empty()) model = models_.editing_model();
  const std::string key = owner + "|" + file.id + "|" + model + "|" + wanted.dump();

  const auto once = std::make_shared<Reply>(reply);
  device_.post({"edit|" + owner,
                [=, this] {
                  Response response;
                  try {
                    Session& session = session_of(file, options, model, key);
                    const Stopwatch watch;
                    const Image picture =
                        settings.empty() ? reader_->read(files_.content(file)) : session.edit(settings);
                    response.headers = {{"Content-Type", "image/jpeg"},
                                        {"Cache-Control", "no-store"},
                                        {"Server-Timing", fmt::format("render;dur={:.1f}", 1000 * watch.seconds())}};
                    response.body = encode_jpeg(reader_->shrink(picture, kLongestSide), kPreviewQuality);
                  } catch (...) {
                    response = problem_of_current_exception();
                  }
                  (*once)(std::move(response));
                },
                [once] { (*once)(problem(409, "a newer preview was asked for; this one is not made")); }});
}

}  // namespace animate::serve
