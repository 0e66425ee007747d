#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <string>

#include "animate/engine.h"

namespace animate::serve {

// The opened models, the last used ones kept. Thread-safe; one is opened at a time.
class ModelShelf {
 public:
  // `own` is what runs where a client names none. `most` models are kept, at least one.
  ModelShelf(const Engine& engine, ModelSpec own, RuntimeOptions runtime, size_t most);

  // The name of a model as GET /models lists it, or "" for the server's own. Throws Refusal(422) for another name: a
  // path is none. Throws animate::Error as open_model does.
  std::shared_ptr<const Model> get(const std::string& name, const FommOptions& fomm = {});
  // Throws Refusal(422) for what get() would refuse so; opens nothing.
  void check_name(const std::string& name) const;
  // The model that edits where none is named: the server's own if it is LivePortrait, else the first that is found.
  // Throws Error(Model) where there is none.
  std::string editing_model() const;
  bool own_edits() const;

  const RuntimeOptions& runtime() const { return runtime_; }

 private:
  struct Opened {
    std::string key;
    std::shared_ptr<const Model> model;
  };

  const Engine& engine_;
  ModelSpec own_;
  RuntimeOptions runtime_;
  size_t most_;
  std::mutex mutex_;
  std::list<Opened> opened_;  // the last used first
};

}  // namespace animate::serve
