#include "engine/job_family.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "engine/portrait/portrait_jobs.h"
#include "engine/still/still_jobs.h"
#include "models/fomm/fomm_model.h"
#include "models/identity/identity_model.h"
#include "models/liveportrait/liveportrait_model.h"

namespace animate::engine {
namespace {

std::unique_ptr<const DrivenJobs> open_fomm(const models::ModelFiles& files, const AnimateOptions& options) {
  return still_jobs(models::fomm::FommModel::load(files, options));
}

std::unique_ptr<const DrivenJobs> open_liveportrait(const models::ModelFiles& files, const AnimateOptions& options) {
  return portrait_jobs(models::liveportrait::LivePortraitModel::load(files, options));
}

std::unique_ptr<const DrivenJobs> open_identity(const models::ModelFiles& files, const AnimateOptions& options) {
  return still_jobs(models::IdentityModel::load(files, options));
}

std::vector<catalog::OptionRow> fomm_rows(AnimateOptions& options) { return catalog::rows_of(options.fomm); }
std::vector<catalog::OptionRow> liveportrait_rows(AnimateOptions& options) {
  return catalog::rows_of(options.liveportrait);
}

constexpr auto kFamilies = std::to_array<JobFamily>({
    {"fomm", FamilyKind::Driven, fomm_rows, open_fomm},
    {"liveportrait", FamilyKind::Driven, liveportrait_rows, open_liveportrait},
    {"autoencoder", FamilyKind::Codec, nullptr, nullptr},
    {"video_diffusion", FamilyKind::Clips, nullptr, nullptr},
    {"video_ldm", FamilyKind::Clips, nullptr, nullptr},
    {"identity", FamilyKind::Driven, nullptr, open_identity},
});

std::vector<JobFamily>& added() {
  static std::vector<JobFamily> families;
  return families;
}

}  // namespace

std::vector<JobFamily> job_families() {
  std::vector<JobFamily> all(kFamilies.begin(), kFamilies.end());
  all.insert(all.end(), added().begin(), added().end());
  return all;
}

JobFamily job_family(std::string_view name) {
  const auto all = job_families();
  const auto found = std::find_if(all.begin(), all.end(), [&](const JobFamily& family) { return family.name == name; });
  check(found != all.end(), ErrorKind::Internal, "the family {} runs no jobs", name);
  return *found;
}

AddedFamily::AddedFamily(const models::ModelFamily& models, const JobFamily& jobs) {
  models::add_model_family(models);
  added().push_back(jobs);
}

AddedFamily::~AddedFamily() {
  added().pop_back();
  models::remove_added_model_family();
}

}  // namespace animate::engine
