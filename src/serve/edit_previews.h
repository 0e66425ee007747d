#pragma once

#include <functional>
#include <list>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "serve/device.h"
#include "serve/file_store.h"
#include "serve/message.h"
#include "serve/model_shelf.h"

namespace animate::serve {

// What is asked for before a job is: what a face looks like with sliders moved, and which part of a picture will move.
// The source stays encoded between requests, so that a slider costs one painting; of several requests of one client
// the newest counts.
class EditPreviews {
 public:
  EditPreviews(const Engine& engine, const FileStore& files, ModelShelf& models, Device& device)
      : engine_(engine), files_(files), models_(models), device_(device) {}

  // {"source": ID, "set": "smile=0.6,yaw=-8", "options": {…}, "model": NAME}: answers a JPEG, or 409 where a newer
  // request came before this one was begun.
  void ask(const nlohmann::json& request, const std::string& owner, const Reply& reply);
  // {"source": ID, "options": {…}, "model": NAME}: answers the faces that a job with these options moves, each with the
  // box that is cut out round it; 409 as above.
  void crop(const nlohmann::json& request, const std::string& owner, const Reply& reply);

 private:
  // What both kinds of request say.
  struct Asked {
    StoredFile file;
    AnimateOptions options;
    std::string model;
    std::string key;  // of the opened session that answers it
  };
  struct Opened {
    std::string key;
    std::unique_ptr<Session> session;
  };
  Asked parse(const nlohmann::json& request, const std::string& owner, bool edits) const;
  Session& session_of(const Asked& asked);
  // Runs `make` on the device's thread, unless a newer request of the same client comes before.
  void post(const std::string& client, std::function<Response()> make, const Reply& reply);

  const Engine& engine_;
  const FileStore& files_;
  ModelShelf& models_;
  Device& device_;
  // Used on the device's thread only.
  std::unique_ptr<PictureReader> reader_;
  std::list<Opened> opened_;  // the last used first
};

}  // namespace animate::serve
