#include "serve/disk_space.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "serve/json_file.h"
#include "serve/problem.h"

namespace animate::serve {
namespace {

[[noreturn]] void refuse(uint64_t quota) {
  throw Refusal(507, fmt::format("the server's share of the disk, {} MB, is full; delete files and jobs, or start it "
                                 "with a larger --quota",
                                 quota / 1'000'000));
}

}  // namespace

DiskSpace::DiskSpace(const std::filesystem::path& folder, uint64_t quota) : quota_(quota), used_(bytes_below(folder)) {}

void DiskSpace::take(uint64_t bytes) {
  const std::scoped_lock lock(mutex_);
  if (quota_ > 0 && (bytes > quota_ || used_ > quota_ - bytes)) refuse(quota_);
  used_ += bytes;
}

void DiskSpace::count(uint64_t bytes) {
  const std::scoped_lock lock(mutex_);
  used_ += bytes;
}

void DiskSpace::give_back(uint64_t bytes) {
  const std::scoped_lock lock(mutex_);
  used_ -= std::min(bytes, used_);
}

void DiskSpace::check_room() const {
  const std::scoped_lock lock(mutex_);
  if (quota_ > 0 && used_ >= quota_) refuse(quota_);
}

uint64_t DiskSpace::used() const {
  const std::scoped_lock lock(mutex_);
  return used_;
}

}  // namespace animate::serve
