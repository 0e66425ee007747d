#include "batch/manifest.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.h"
#include "base/file_kind.h"
#include "base/fitted_name.h"
#include "batch/dream_line.h"
#include "batch/folder_jobs.h"
#include "catalog/option_json.h"

namespace animate::batch {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kMorphPattern = "{source_name}--{driving_name}_morph.mp4";
constexpr const char* kDreamPattern = "{source_name}_dream.mp4";
const std::set<std::string> kFileOptions = {"audio", "detector", "landmarks-106", "landmarks-203",
                                            "talk",  "unet",     "latents"};

class LineReader {
 public:
  LineReader(fs::path folder, const ManifestDefaults& defaults) : folder_(std::move(folder)), defaults_(defaults) {}

  // Fills `job`; throws Error with what is wrong with the line. What was read before that stays.
  void read(const std::string& line, BatchJob& job) const {
    const json entry = json::parse(line, nullptr, /*allow_exceptions=*/false);
    check(!entry.is_discarded(), ErrorKind::Input, "is not JSON; correct the line");
    check(entry.is_object(), ErrorKind::Input, "is not an object; write it as in {{\"source\": \"a.jpg\", …}}");
    // The output first: two jobs with the same one are found even if something else is wrong with them.
    if (const auto given = path(entry, "output")) job.output = *given;
    if (const auto given = path(entry, "source")) job.source = *given;
    if (const auto given = path(entry, "driving")) job.driving = *given;
    if (entry.value("driving", json()) == std::string(kIdleDriver)) job.driving = kIdleDriver;
    job.targets = targets(entry);
    if (is_dream(entry)) job.dream.emplace();
    check(entry.contains("source"), ErrorKind::Input, "source is missing; add it");
    check(entry.contains("driving") || !job.targets.empty() || job.dream, ErrorKind::Input,
          "driving is missing; add it");
    check(!job.dream || (job.driving.empty() && job.targets.empty()), ErrorKind::Input,
          "a dream has no driving and no target; leave them out");
    if (job.output.empty()) {
      check(!defaults_.folder.empty(), ErrorKind::Input, "output is missing; add it, or give a folder with -o");
      // A morph is called after the picture that it ends with, and moves.
      const bool morph = !job.targets.empty();
      std::string usual = defaults_.pattern;
      if (usual.empty()) usual = morph ? kMorphPattern : job.dream ? kDreamPattern : "";
      job.output = fitted_path(defaults_.folder /
                               result_name(usual, job.source, morph ? job.targets.back() : job.driving, job.index));
    }
    if (const auto given = path(entry, "config")) job.model.config = *given;
    if (entry.contains("model")) job.model.model = model(text(entry, "model"));
    job.options = defaults_.options;
    for (const auto& [name, value] : entry.items()) {
      static const std::set<std::string> others = {"kind", "source", "driving", "target", "output", "model", "config"};
      if (others.contains(name)) continue;
      if (job.dream) {
        set_dream_option(job, name, beside_the_manifest(name, value));
      } else {
        catalog::set_option(job.options, name, beside_the_manifest(name, value));
      }
    }
  }

 private:
  static std::string text(const json& entry, const char* name) {
    const json& value = entry.at(name);
    check(value.is_string() && !value.get_ref<const std::string&>().empty(), ErrorKind::Input,
          "{}: {} is not a file name", name, value.dump());
    return value.get<std::string>();
  }

  std::optional<fs::path> path(const json& entry, const char* name) const {
    if (!entry.contains(name)) return std::nullopt;
    return (folder_ / text(entry, name)).lexically_normal();
  }

  static bool is_dream(const json& entry) {
    if (!entry.contains("kind")) return false;
    const std::string kind = text(entry, "kind");
    check(kind == kDreamKind, ErrorKind::Input, "kind: {} is none of {}; leave it out where a driver moves the source",
          kind, kDreamKind);
    return true;
  }

  // "target": "b.png", or of a chain ["b.png", "c.png"].
  std::vector<fs::path> targets(const json& entry) const {
    if (!entry.contains("target")) return {};
    const json& value = entry.at("target");
    const json list = value.is_array() ? value : json::array({value});
    std::vector<fs::path> paths;
    for (const json& one : list) {
      check(one.is_string() && !one.get_ref<const std::string&>().empty(), ErrorKind::Input,
            "target: {} is not a file name", one.dump());
      paths.push_back((folder_ / one.get<std::string>()).lexically_normal());
    }
    check(!paths.empty(), ErrorKind::Input, "target: names no picture; add one");
    return paths;
  }

  // A model's name stays a name unless it is a file or folder here.
  std::string model(const std::string& given) const {
    std::error_code ec;
    const fs::path here = folder_ / given;
    return given.find('/') != std::string::npos || fs::exists(here, ec) ? here.string() : given;
  }

  json beside_the_manifest(const std::string& name, const json& value) const {
    // A file that is written is not there yet.
    if ((name == "keep-latents" || name == "keep_latents") && value.is_string()) {
      return (folder_ / value.get<std::string>()).string();
    }
    if (!kFileOptions.contains(name) || !value.is_string()) return value;
    std::error_code ec;
    const fs::path here = folder_ / value.get<std::string>();
    return fs::is_regular_file(here, ec) ? json(here.string()) : value;
  }

  fs::path folder_;
  const ManifestDefaults& defaults_;
};

}  // namespace

std::vector<BatchJob> read_manifest(const fs::path& path, const ManifestDefaults& defaults) {
  require_file(path, "a list of jobs, one JSON object a line");
  std::ifstream file(path, std::ios::binary);
  const LineReader reader(path.parent_path(), defaults);
  std::vector<BatchJob> jobs;
  size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.find_first_not_of(" \t\r\xEF\xBB\xBF") == std::string::npos) continue;
    BatchJob job;
    job.index = jobs.size();
    job.model = defaults.model;
    job.origin = fmt::format("{} line {}", show(path), number);
    try {
      reader.read(line, job);
    } catch (const Error& error) {
      job.fault = fmt::format("{}: {}", job.origin, error.what());
    }
    jobs.push_back(std::move(job));
  }
  check(!jobs.empty(), ErrorKind::Input, "{}: holds no jobs; give one JSON object a line", show(path));
  check_outputs(jobs);
  return jobs;
}

}  // namespace animate::batch
