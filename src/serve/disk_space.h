#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>

namespace animate::serve {

// How much of the disk the server's folder may take. Thread-safe.
class DiskSpace {
 public:
  // `quota` in bytes; 0: as much as there is. Counts what lies in `folder` already.
  DiskSpace(const std::filesystem::path& folder, uint64_t quota);

  // Throws Refusal(507) where so much more does not fit.
  void take(uint64_t bytes);
  // What is there already, whether it fits or not.
  void count(uint64_t bytes);
  void give_back(uint64_t bytes);
  // Throws Refusal(507) where nothing more fits: to be asked before a result is made, whose size nobody knows yet.
  void check_room() const;
  uint64_t used() const;
  uint64_t quota() const { return quota_; }

 private:
  mutable std::mutex mutex_;
  uint64_t quota_;
  uint64_t used_;
};

}  // namespace animate::serve
