#include "serve/live_session.h"

#include <cmath>
#include <utility>

#include "serve/jpeg.h"
#include "serve/problem.h"

namespace animate::serve {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kLongestHead = 1024;
constexpr int kLargestFrame = 4096;  // pixels on a side
constexpr int kResultSide = 1024;
constexpr int kLiveQuality = 85;
constexpr size_t kMostWaiting = 1;  // answers that are not on their way yet

double milliseconds(LiveSession::Clock::duration time) {
  return std::round(std::chrono::duration<double, std::milli>(time).count() * 100) / 100;
}

}  // namespace

std::optional<LiveFrame> split_frame(std::string_view message) {
  const size_t end = message.substr(0, kLongestHead).find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  auto head = nlohmann::json::parse(message.substr(0, end), nullptr, /*allow_exceptions=*/false);
  if (!head.is_object()) return std::nullopt;
  return LiveFrame{std::move(head), message.substr(end + 1)};
}

LiveSession::LiveSession(std::string id, std::string owner, std::unique_ptr<Session> session, AnimateOptions options,
                         std::unique_ptr<PictureReader> reader, Device& device, std::function<void()> over)
    : id_(std::move(id)),
      owner_(std::move(owner)),
      device_(device),
      over_(std::move(over)),
      session_(std::move(session)),
      options_(std::move(options)),
      reader_(std::move(reader)) {}

void LiveSession::opened(std::shared_ptr<SocketSender> sender) {
  const std::scoped_lock lock(mutex_);
  sender_ = std::move(sender);
}

void LiveSession::message(std::string bytes, bool binary) {
  if (!binary) {
    command(bytes);
    return;
  }
  const auto arrived = Clock::now();
  std::shared_ptr<const Arrival> frame;
  {
    const std::scoped_lock lock(mutex_);
    if (std::exchange(held_, nullptr)) ++skipped_;
    frame = std::make_shared<const Arrival>(Arrival{++arrivals_, std::move(bytes), arrived});
  }
  post(std::move(frame));
}

void LiveSession::sent() {
  std::shared_ptr<const Arrival> frame;
  {
    const std::scoped_lock lock(mutex_);
    if (!sender_ || sender_->waiting() > kMostWaiting) return;
    frame = std::exchange(held_, nullptr);
  }
  if (frame) post(std::move(frame));
}

// message() and sent() come one after the other, so that no older frame takes a newer one's place in the queue.
void LiveSession::post(std::shared_ptr<const Arrival> frame) {
  device_.post({"live|" + id_, [self = shared_from_this(), frame = std::move(frame)] { self->run(frame); },
                [self = shared_from_this()] { ++self->skipped_; }});
}

void LiveSession::closed() {
  {
    const std::scoped_lock lock(mutex_);
    sender_.reset();
    held_.reset();
  }
  device_.forget("live|" + id_);
  over_();
}

void LiveSession::end(const std::string& reason) {
  std::shared_ptr<SocketSender> sender;
  {
    const std::scoped_lock lock(mutex_);
    sender = sender_;
  }
  if (sender) sender->close(reason);
}

void LiveSession::command(const std::string& text) {
  try {
    const auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
    const std::string type = json.is_object() ? json.value("type", std::string()) : std::string();
    if (type == "recalibrate") {
      recalibrate_ = true;
    } else if (type == "options") {
      const std::scoped_lock lock(mutex_);
      new_options_ = json.value("options", nlohmann::json::object());
    } else {
      throw Refusal(422, "a text message is {\"type\": \"recalibrate\"} or {\"type\": \"options\", \"options\": {…}}");
    }
  } catch (...) {
    tell_problem();
  }
}

// Whoever reads more slowly than we compute gets fewer frames, not older ones.
bool LiveSession::may_answer(const std::shared_ptr<const Arrival>& frame) {
  const std::scoped_lock lock(mutex_);
  if (sender_ && sender_->waiting() <= kMostWaiting) return true;
  // What waits is counted before sent() is called, and that takes the lock: it cannot miss what is held here.
  if (sender_ && frame->number == arrivals_) {
    held_ = frame;
  } else {
    ++skipped_;
  }
  return false;
}

void LiveSession::run(const std::shared_ptr<const Arrival>& message) {
  if (!may_answer(message)) return;
  const auto begun = Clock::now();
  const auto arrived = message->time;
  try {
    std::optional<nlohmann::json> wanted;
    {
      const std::scoped_lock lock(mutex_);
      wanted = std::exchange(new_options_, std::nullopt);
    }
    const auto frame = split_frame(message->bytes);
    if (!frame) throw Refusal(422, "a frame is one line of JSON, {\"captured\": …}, a line feed, and a JPEG picture");
    const Image driving = decode_jpeg(frame->picture, kLargestFrame);
    if (wanted) {
      AnimateOptions changed = options_;
      set_options(changed, *wanted, [](const std::string&) { return std::nullopt; });
      session_->set_options(changed);
      options_ = changed;
    }
    if (recalibrate_.exchange(false)) session_->recalibrate();
    if (!first_) first_ = arrived;
    const auto ready = Clock::now();
    const double time = std::chrono::duration<double>(arrived - *first_).count();
    const SessionFrame result = session_->animate(driving, time);
    const auto painted = Clock::now();
    const Image picture = reader_->shrink(result.image, kResultSide);
    std::string jpeg = encode_jpeg(picture, kLiveQuality);
    Json head{{"id", frame->head.value("id", nlohmann::json())},
              {"captured", frame->head.value("captured", nlohmann::json())},
              {"queue_ms", milliseconds(begun - arrived)},
              {"inference_ms", milliseconds(painted - ready)},
              {"total_ms", milliseconds(Clock::now() - arrived)},
              {"face_found", result.face_found},
              {"width", picture.width()},
              {"height", picture.height()},
              {"skipped", skipped_.load()}};
    send(head.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n" + jpeg, true);
  } catch (...) {
    tell_problem();
  }
}

void LiveSession::tell_problem() {
  Json told{{"type", "problem"}};
  told.update(Json{{"problem", Json::parse(problem_of_current_exception().body)}});
  send(told.dump(), false);
}

void LiveSession::send(std::string message, bool binary) {
  std::shared_ptr<SocketSender> sender;
  {
    const std::scoped_lock lock(mutex_);
    sender = sender_;
  }
  if (sender) sender->send(std::move(message), binary);
}

}  // namespace animate::serve
