#pragma once

#include <atomic>
#include <mutex>
#include <string>

#include "animate/engine.h"
#include "serve/access.h"
#include "serve/device.h"
#include "serve/disk_space.h"
#include "serve/edit_previews.h"
#include "serve/examine.h"
#include "serve/file_store.h"
#include "serve/job_book.h"
#include "serve/job_maker.h"
#include "serve/live_hub.h"
#include "serve/model_shelf.h"
#include "serve/preset_store.h"
#include "serve/settings.h"

namespace animate::serve {

// Whether the server's own model is open yet.
class ModelState {
 public:
  void ready(const std::string& name) { set("ready", name, {}); }
  void failed(const std::string& sentence) { set("failed", {}, sentence); }
  nlohmann::ordered_json json() const;

 private:
  void set(const std::string& state, const std::string& name, const std::string& problem) {
    const std::scoped_lock lock(mutex_);
    state_ = state;
    name_ = name;
    problem_ = problem;
  }
  mutable std::mutex mutex_;
  std::string state_ = "opening", name_, problem_;
};

// What the routes work on, in the order in which it is made. The device comes last and goes first: what it still holds
// refers to the rest.
struct Parts {
  Parts(const ServeSettings& its_settings, const Engine& its_engine, Access its_access)
      : settings(its_settings),
        engine(its_engine),
        access(std::move(its_access)),
        space(settings.data, settings.quota),
        files(settings.data, space, settings.files),
        book(settings.data, space, settings.waiting_jobs),
        presets(settings.data, space, settings.presets),
        models(engine, settings.model, settings.runtime, settings.models),
        examiner(engine, settings.longest_clip),
        maker(engine, files, book, models, settings.data),
        previews(engine, files, models, device),
        live(engine, files, models, device, settings.live_sessions) {}

  const ServeSettings& settings;
  const Engine& engine;
  Access access;
  DiskSpace space;
  FileStore files;
  JobBook book;
  PresetStore presets;
  ModelShelf models;
  Examiner examiner;
  JobMaker maker;
  ModelState model_state;
  Device device;
  EditPreviews previews;
  LiveHub live;
};

}  // namespace animate::serve
