#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

namespace animate::fetch {

struct DownloadOptions {
  bool any_http = false;  // plain http to any server, not to this machine only
  int64_t retries = 3;    // how often a transfer that brought nothing new is tried again
  double stall_seconds = 30;
};

struct Download {
  std::string url;
  std::filesystem::path target;
  int64_t bytes = 0;   // the size it must have
  std::string sha256;  // and its hash, lower-case hex
  bool exact = true;   // false: the size is about that, and the server's counts
};

// Fetches one file into TARGET.part, going on where an earlier run was cut, verifies size and SHA-256 and renames it
// over the target: that appears right or not at all. `advance` hears how many bytes are here, often.
// Throws Error(Input) for what goes wrong, and Error(Cancelled) when stopped; then the part stays for the next run.
// A wrong file is removed.
void download(const Download& job, const DownloadOptions& options, const std::function<void(int64_t)>& advance,
              std::stop_token stop);

}  // namespace animate::fetch
