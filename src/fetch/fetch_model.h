#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "animate/progress.h"
#include "catalog/weights_list.h"
#include "fetch/download.h"

namespace animate::fetch {

struct FetchOptions {
  std::string from;      // base address in place of the list's: FROM/PATH; http is allowed then
  bool replace = false;  // files that are there but are not the published ones are overwritten
  DownloadOptions download;
};

struct FetchReport {
  int64_t fetched = 0;  // files
  int64_t present = 0;  // files that were there and right
  int64_t bytes = 0;    // size of the fetched ones
};

// Brings every file of `model` into `folder`, each verified and whole or not there. Files that are there and right are
// left alone. Progress counts bytes, one phase a file. Throws Error(Input) before anything is downloaded for files that
// would be overwritten, for a disk that is too small, and for models without an address; else what download() throws.
FetchReport fetch_model(const catalog::PublishedModel& model, const std::filesystem::path& folder,
                        const FetchOptions& options, Progress& progress, const std::stop_token& stop);

}  // namespace animate::fetch
