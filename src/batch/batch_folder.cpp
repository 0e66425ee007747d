#include "batch/batch_folder.h"

#include <optional>
#include <tuple>

#include "base/error.h"
#include "base/log.h"
#include "base/temp_leftovers.h"
#include "batch/made_from.h"
#include "catalog/video_models.h"

namespace animate::batch {
namespace {

namespace fs = std::filesystem;

// Finds every model once.
class ModelLookup {
 public:
  // Throws what finding it throws, every time.
  const catalog::FoundModel& find(const BatchJob& job) {
    const ModelSpec& spec = job.model;
    Answer& answer = answers_[{job.dream.has_value(), spec.model, spec.config}];
    if (!answer.model && !answer.error) {
      try {
        answer.model =
            job.dream ? catalog::video_model_at(catalog::find_video_model(spec.model)) : catalog::find_model(spec);
      } catch (const Error& error) {
        answer.error = error;
      }
    }
    if (answer.error) throw Error(*answer.error);
    return *answer.model;
  }

 private:
  struct Answer {
    std::optional<catalog::FoundModel> model;
    std::optional<Error> error;
  };
  std::map<std::tuple<bool, std::string, fs::path>, Answer> answers_;
};

// Of numbered pictures any will do: they are moved into place one after the other.
bool is_there(const fs::path& output) {
  std::error_code ec;
  if (fs::exists(output, ec)) return true;
  const std::string name = output.filename().string();
  const size_t percent = name.find('%');
  if (percent == std::string::npos) return false;
  const fs::path folder = output.has_parent_path() ? output.parent_path() : fs::path(".");
  for (fs::directory_iterator entry(folder, ec), end; !ec && entry != end; entry.increment(ec)) {
    const fs::path& path = entry->path();
    if (path.extension() == output.extension() && path.filename().string().starts_with(name.substr(0, percent)) &&
        percent > 0) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::vector<PlannedJob> survey_folder(const std::vector<BatchJob>& plan, const BatchReport& report,
                                      const BatchSettings& settings) {
  std::vector<PlannedJob> jobs;
  std::vector<fs::path> outputs;
  const auto known = report.finished();
  ModelLookup models;
  for (const BatchJob& job : plan) {
    if (!settings.shard.owns(job.index)) continue;
    PlannedJob& planned = jobs.emplace_back();
    planned.job = &job;
    planned.fault = job.fault;
    if (!job.output.empty()) outputs.push_back(job.output);
    if (!planned.fault.empty()) continue;
    try {
      planned.facts = made_from(job, models.find(job));
    } catch (const Error& error) {
      // From folders all jobs have the same model.
      if (job.origin.empty()) throw;
      planned.fault = error.what();
      continue;
    }
    if (!is_there(job.output)) continue;
    const auto record = known.find(report.output_key(job.output));
    if (settings.overwrite) {
      planned.again = "--overwrite";
    } else if (record == known.end()) {
      planned.again = "no report tells how it was made";
    } else {
      const std::string changed = changes(record->second.value("made_from", nlohmann::json()), planned.facts);
      planned.finished = changed.empty();
      if (!changed.empty()) planned.again = fmt::format("{} changed", changed);
    }
  }
  const size_t removed = remove_leftovers(outputs);
  if (removed > 0) log::info("{} half-written results of a killed run were removed", removed);
  return jobs;
}

}  // namespace animate::batch
