#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "serve/device.h"
#include "serve/file_store.h"
#include "serve/message.h"
#include "serve/model_shelf.h"

namespace animate::serve {

class LiveSession;

// A camera moves a picture. A session is opened with POST /live and lives as long as its WebSocket; frames go up,
// results come down, and the newest frame wins. Thread-safe.
//
// Up, binary: one line of JSON, {"id": …, "captured": …} (both given back as they are), a line feed, then a JPEG.
// Up, text: {"type": "recalibrate"}, {"type": "options", "options": {…}}.
// Down, binary: one line of JSON, {"id", "captured", "queue_ms", "inference_ms", "total_ms", "face_found", "width",
// "height", "skipped"}, a line feed, then a JPEG. Down, text: {"type": "problem", …} as RFC 9457.
class LiveHub {
 public:
  static constexpr int kSilence = 30;  // seconds without a frame after which a session ends

  LiveHub(const Engine& engine, const FileStore& files, ModelShelf& models, Device& device, size_t most)
      : engine_(engine), files_(files), models_(models), device_(device), most_(most) {}

  // {"source": ID, "model": NAME, "options": {…}}: answers 201 with the session's id and the path of its socket.
  // Throws Refusal(429) where too many are open.
  void open(const nlohmann::json& request, const std::string& owner, const Reply& reply);
  // Throws Refusal(404), Refusal(409) for one that has its connection.
  std::shared_ptr<SocketHandler> socket(const std::string& id, const std::string& owner);
  void close(const std::string& id, const std::string& owner);
  // Forgets those that nobody connected to in time.
  void sweep();

 private:
  friend class LiveSession;
  void forget(const std::string& id);

  const Engine& engine_;
  const FileStore& files_;
  ModelShelf& models_;
  Device& device_;
  size_t most_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<LiveSession>> sessions_;
  size_t opening_ = 0;
};

}  // namespace animate::serve
