#pragma once

#include <list>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "serve/device.h"
#include "serve/file_store.h"
#include "serve/message.h"
#include "serve/model_shelf.h"

namespace animate::serve {

// What a face looks like with sliders moved, at once. The source stays encoded between requests, so that a slider costs
// one painting; of several requests of one client the newest counts.
class EditPreviews {
 public:
  EditPreviews(const Engine& engine, const FileStore& files, ModelShelf& models, Device& device)
      : engine_(engine), files_(files), models_(models), device_(device) {}

  // {"source": ID, "set": "smile=0.6,yaw=-8", "options": {…}, "model": NAME}: answers a JPEG, or 409 where a newer
  // request came before this one was begun.
  void ask(const nlohmann::json& request, const std::string& owner, const Reply& reply);

 private:
  struct Opened {
    std::string key;
    std::unique_ptr<Session> session;
  };
  Session& session_of(const StoredFile& file, const AnimateOptions& options, const std::string& model,
                      const std::string& key);

  const Engine& engine_;
  const FileStore& files_;
  ModelShelf& models_;
  Device& device_;
  // Used on the device's thread only.
  std::unique_ptr<PictureReader> reader_;
  std::list<Opened> opened_;  // the last used first
};

}  // namespace animate::serve
