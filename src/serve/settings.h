#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "animate/model.h"
#include "animate/options.h"
#include "serve/http_server.h"

namespace animate::serve {

// Everything that whoever starts the server decides.
struct ServeSettings {
  ModelSpec model;
  RuntimeOptions runtime;
  HttpSettings http;
  std::filesystem::path data;  // files, jobs and their results
  std::filesystem::path keys;  // empty: none on loopback, else the folder's own
  std::vector<std::string> allowed_origins;
  std::vector<std::string> allowed_hosts;
  uint64_t largest_upload = 2'000'000'000;  // bytes
  uint64_t quota = 0;                       // bytes of the folder; 0: the disk's
  double longest_clip = 3600;               // seconds
  size_t files = 1000;                      // of a key
  size_t waiting_jobs = 100;                // of a key
  size_t presets = 500;                     // of a key
  size_t live_sessions = 8;
  size_t models = 2;       // kept open
  int64_t keep_days = 0;   // files and results go after so long; 0: never
  bool open_page = false;  // in the desktop's browser
};

}  // namespace animate::serve
