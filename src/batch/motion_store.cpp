#include "batch/motion_store.h"

#include <cmath>
#include <utility>

#include "base/error.h"
#include "base/file_suffix.h"
#include "base/temp_leftovers.h"
#include "batch/job_keys.h"
#include "motion/template_file.h"

namespace animate::batch {
namespace {

namespace fs = std::filesystem;

fs::path folder_name(const fs::path& folder, const Shard& shard) {
  return folder / (shard.count == 1 ? "motion" : fmt::format("motion-{}-of-{}", shard.number, shard.count));
}

}  // namespace

bool can_share_motion(const BatchJob& job) {
  // Formulas are faster than a file of what they give, and a morph has no driver.
  if (job.driving.empty() || job.driving == kIdleDriver) return false;
  const OutputOptions& output = job.options.output;
  if (output.concat || output.show_keypoints) return false;
  // A template does not say where its clip's sound is cut.
  if (std::isfinite(job.options.driving.end) && output.audio.kind != SoundChoice::Kind::None) return false;
  // A template holds how far eyes and lips are open for all frames or for none.
  const LivePortraitOptions& own = job.options.liveportrait;
  if (own.eye_retargeting || own.lip_retargeting) return false;
  std::error_code ec;
  if (fs::is_directory(job.driving, ec)) return true;
  return names_a_series(job.driving) ||
         (!has_picture_suffix(job.driving) && fs::exists(job.driving, ec) && !motion::is_motion_template(job.driving));
}

MotionStore::MotionStore(const fs::path& folder, const Shard& shard) : target_(folder_name(folder, shard)) {
  remove_leftovers(std::vector{target_});
}

std::string MotionStore::key_of(const BatchJob& job) {
  return comparable(job.driving).string() + '\n' + job.model.model + '\n' + job.model.config.string() + '\n' +
         loading_key(job.options) + '\n' + motion_key(job.options);
}

void MotionStore::expect(const std::vector<const BatchJob*>& jobs) {
  const std::scoped_lock lock(mutex_);
  for (const BatchJob* job : jobs) {
    if (!can_share_motion(*job)) continue;
    auto& entry = entries_[key_of(*job)];
    if (!entry) entry = std::make_unique<Entry>();
    ++entry->users;
  }
}

std::optional<MotionStore::Stored> MotionStore::motion_of(const BatchJob& job, const Model& model, Progress& progress,
                                                          std::stop_token stop) {
  Entry* entry = nullptr;
  fs::path path;
  {
    const std::scoped_lock lock(mutex_);
    const auto found = entries_.find(key_of(job));
    if (found == entries_.end() || found->second->users < 2) return std::nullopt;
    entry = found->second.get();
    if (!folder_) folder_.emplace(target_, TempFile::Kind::Folder);
    path = folder_->path() / fmt::format("{}.motion", std::distance(entries_.begin(), found));
  }
  const std::scoped_lock lock(entry->mutex);
  if (entry->error) throw Error(*entry->error);
  if (!entry->usable) return std::nullopt;
  if (!entry->path.empty()) return Stored{entry->path, false};
  try {
    const AnimateSummary summary = model.run(TemplateJob{job.driving, path, job.options}, progress, std::move(stop));
    // A clip of one frame is told from a still picture by its container, which a template does not keep.
    entry->usable = summary.frames > 1;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Cancelled) entry->error.emplace(error);
    throw;
  }
  if (!entry->usable) return std::nullopt;
  entry->path = path;
  return Stored{path, true};
}

}  // namespace animate::batch
