#pragma once

#include <array>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "animate/engine.h"
#include "serve/file_store.h"
#include "serve/job.h"
#include "serve/job_book.h"
#include "serve/model_shelf.h"
#include "serve/problem.h"

namespace animate::serve {

// What can be asked for with POST /jobs. A kind that is added here appears in /options, in the OpenAPI document and on
// the page's queue.
struct JobKind {
  std::string_view name;
  std::string_view help;
  bool source;
  bool driving;
  std::string_view formats;  // of the result, the default first; "still": where nothing moves
  std::string_view still;
  std::string_view family = {};  // of models that can do it; empty: those that a driver moves
};

inline constexpr std::string_view kIdleKind = "idle";
inline constexpr std::string_view kMorphKind = "morph";

inline constexpr auto kJobKinds = std::to_array<JobKind>({
    {"animate", "a picture or video moves like the driver", true, true, "mp4 webm mov mkv gif png jpg", "jpg"},
    {"edit", "the face of a picture or video is changed by hand (options: set)", true, false,
     "mp4 webm mov mkv gif png jpg", "jpg"},
    {"template", "the motion of a clip, to drive with it later", false, true, "motion pkl", ""},
    {kIdleKind, "a picture comes to life without a driver: it sways, breathes, blinks (options: seconds, seed, talk)",
     true, false, "mp4 webm mov mkv gif", ""},
    {kMorphKind, "a face becomes that of another picture, which is given as driving", true, true,
     "mp4 webm mov mkv gif", ""},
    {"faces", "faces that nobody has, in a sheet; as a clip a walk through them", false, false, "png jpg mp4 webm gif",
     "png", "autoencoder"},
    {"dream", "a picture becomes a clip without a driver, by a large model that imagines how it goes on", true, false,
     "mp4 webm mov mkv gif", "", "video_diffusion"},
});

// Turns what a client asks for into jobs, and jobs into what the engine runs.
class JobMaker {
 public:
  JobMaker(const Engine& engine, const FileStore& files, JobBook& book, ModelShelf& models, std::filesystem::path data)
      : engine_(engine), files_(files), book_(book), models_(models), data_(std::move(data)) {}

  // The jobs of one request: one, or for the kind "batch" one of every pair. Nothing is queued yet. Throws
  // Refusal(400/404/422) and animate::Error for everything that can be told to be wrong before a model is opened.
  std::vector<Job> parse(const nlohmann::json& request, const std::string& owner) const;

  // Both throw as above, for files may be gone by now. `output` is in the job's own folder.
  AnimateJob animation(const Job& job, const std::filesystem::path& output) const;
  TemplateJob extraction(const Job& job, const std::filesystem::path& output) const;
  FacesJob faces(const Job& job, const std::filesystem::path& output) const;
  DreamJob dream(const Job& job, const std::filesystem::path& output) const;
  AnimateOptions options_of(const Job& job) const;
  // How paths in the engine's sentences are shown to the job's owner.
  PathNames names_of(const Job& job) const;
  std::string result_name(const Job& job) const;
  bool is_template(const Job& job) const { return job.kind == "template"; }
  bool is_faces(const Job& job) const { return job.kind == "faces"; }
  bool is_dream(const Job& job) const { return job.kind == "dream"; }
  // Whether a model that a driver moves does it.
  bool is_driven(const Job& job) const { return !is_faces(job) && !is_dream(job); }
  std::string model_of(const Job& job) const;

 private:
  struct Input {
    JobInput input;
    std::filesystem::path path;
    std::string kind;  // of a file's facts
  };
  Input find(const std::string& id, const std::string& owner, const std::string& what) const;
  Job one(const nlohmann::json& request, const std::string& owner, const JobKind& kind, const std::string& source,
          const std::string& driving) const;
  template <typename OwnJob>
  OwnJob own_job(const Job& job, const std::filesystem::path& output) const;

  const Engine& engine_;
  const FileStore& files_;
  JobBook& book_;
  ModelShelf& models_;
  std::filesystem::path data_;
};

}  // namespace animate::serve
