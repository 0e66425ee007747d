#pragma once

#include <filesystem>
#include <mutex>
#include <string>

#include "animate/engine.h"
#include "serve/stored_file.h"

namespace animate::serve {

// Looks into what was uploaded. Its content decides what it is, never its name. Thread-safe.
class Examiner {
 public:
  // `longest_clip` in seconds.
  Examiner(const Engine& engine, double longest_clip) : engine_(engine), longest_clip_(longest_clip) {}

  // What `content` is, which is called `name`. Writes picture.jpg (at most 1280 pixels on a side) and thumbnail.jpg (at
  // most 256) beside it where there is something to see. Throws Refusal(415) for what is read nowhere, Refusal(413) for
  // a clip that is too long, animate::Error for what is damaged or too large.
  FileFacts examine(const std::filesystem::path& content, const std::string& name);

 private:
  void look(const std::filesystem::path& content, FileFacts& facts);

  const Engine& engine_;
  double longest_clip_;
  std::mutex mutex_;  // pictures in memory are large: one at a time
  std::unique_ptr<PictureReader> reader_;
};

}  // namespace animate::serve
