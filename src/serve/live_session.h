#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "animate/engine.h"
#include "serve/device.h"
#include "serve/message.h"
#include "serve/option_list.h"

namespace animate::serve {

// The head line and the picture of a message; nullopt for what has no such line or no JSON object in it. The picture
// points into `message`.
struct LiveFrame {
  nlohmann::json head;
  std::string_view picture;
};
std::optional<LiveFrame> split_frame(std::string_view message);

// One picture, one stream of frames, one connection. See LiveHub.
class LiveSession : public SocketHandler, public std::enable_shared_from_this<LiveSession> {
 public:
  using Clock = std::chrono::steady_clock;

  LiveSession(std::string id, std::string owner, std::unique_ptr<Session> session, AnimateOptions options,
              std::unique_ptr<PictureReader> reader, Device& device, std::function<void()> over);

  void opened(std::shared_ptr<SocketSender> sender) override;
  void message(std::string bytes, bool binary) override;
  void sent() override;
  void closed() override;

  // False where somebody has it already.
  bool claim() { return !claimed_.exchange(true); }
  bool claimed() const { return claimed_; }
  void end(const std::string& reason);

  const std::string& owner() const { return owner_; }
  Clock::time_point made() const { return made_; }
  const Session& session() const { return *session_; }

 private:
  struct Arrival {
    int64_t number;
    std::string bytes;
    Clock::time_point time;
  };

  void command(const std::string& text);
  void post(std::shared_ptr<const Arrival> frame);
  void run(const std::shared_ptr<const Arrival>& message);
  bool may_answer(const std::shared_ptr<const Arrival>& frame);
  void send(std::string message, bool binary);
  void tell_problem();

  const std::string id_;
  const std::string owner_;
  const Clock::time_point made_ = Clock::now();
  Device& device_;
  std::function<void()> over_;
  std::atomic<bool> claimed_ = false;
  std::atomic<bool> recalibrate_ = false;
  std::atomic<int64_t> skipped_ = 0;  // frames that a newer one replaced
  std::mutex mutex_;
  std::shared_ptr<SocketSender> sender_;
  std::optional<nlohmann::json> new_options_;
  int64_t arrivals_ = 0;
  // The newest frame, while the client reads more slowly than we compute. It is answered when the client has caught up:
  // no other may come, and who sends the next frame only after an answer would wait for good.
  std::shared_ptr<const Arrival> held_;
  // Used on the device's thread only.
  std::unique_ptr<Session> session_;
  AnimateOptions options_;
  std::unique_ptr<PictureReader> reader_;
  std::optional<Clock::time_point> first_;
};

}  // namespace animate::serve
