#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "animate/error.h"
#include "animate/model.h"
#include "base/temp_file.h"
#include "batch/job_plan.h"
#include "batch/shard.h"

namespace animate::batch {

// Whether a job gives the same pictures from its driver's stored motion: it needs none of the driver's pictures, and
// the driver is a clip. Stills have no motion to save, and templates are stored already.
bool can_share_motion(const BatchJob& job);

// Motion of drivers, read once and kept as templates in a hidden folder of the output folder, which goes with this
// object. A clip that cannot be read is tried once. Thread-safe: a second job waits for the first one's reading.
class MotionStore {
 public:
  // Removes what a killed run of the same shard left.
  MotionStore(const std::filesystem::path& folder, const Shard& shard);

  // Announces the jobs to come: motion is stored only for drivers that more than one of them uses.
  void expect(const std::vector<const BatchJob*>& jobs);

  struct Stored {
    std::filesystem::path path;
    bool fresh = false;  // read by this call
  };
  // The job's motion, or nullopt where the driver itself is to be used. Throws what reading the driver threw.
  std::optional<Stored> motion_of(const BatchJob& job, const Model& model, Progress& progress, std::stop_token stop);

 private:
  struct Entry {
    size_t users = 0;
    std::mutex mutex;
    std::filesystem::path path;
    bool usable = true;
    std::optional<Error> error;
  };
  static std::string key_of(const BatchJob& job);

  std::filesystem::path target_;
  std::optional<TempFile> folder_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Entry>> entries_;
};

}  // namespace animate::batch
