#include "serve/job_maker.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/nearest.h"
#include "catalog/video_models.h"
#include "serve/ids.h"
#include "serve/json_file.h"
#include "serve/option_list.h"

namespace animate::serve {
namespace {

namespace fs = std::filesystem;

constexpr const char* kBatch = "batch";
constexpr size_t kLargestBatch = 1000;

const JobKind& kind_named(const std::string& name) {
  std::vector<std::string> names{kBatch};
  for (const JobKind& kind : kJobKinds) {
    if (kind.name == name) return kind;
    names.emplace_back(kind.name);
  }
  const std::string hint = nearest(name, names);
  throw Refusal(422, hint.empty() ? fmt::format("kind: {} is none of {}", name, fmt::join(names, ", "))
                                  : fmt::format("kind: {} is no kind of job; did you mean {}?", name, hint));
}

std::vector<std::string> texts_of(const nlohmann::json& request, const char* name) {
  std::vector<std::string> texts;
  if (!request.contains(name)) return texts;
  const auto& list = request.at(name);
  const bool whole =
      list.is_array() && std::all_of(list.begin(), list.end(), [](const auto& id) { return id.is_string(); });
  if (!whole) throw Refusal(422, fmt::format("{}: is no list of ids", name));
  for (const auto& id : list) texts.push_back(id);
  return texts;
}

void refuse_unknown_members(const nlohmann::json& request) {
  static const std::vector<std::string> known{"kind",     "source", "driving", "sources",
                                              "drivings", "model",  "options", "format"};
  for (const auto& [name, value] : request.items()) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string hint = nearest(name, known);
    throw Refusal(422, hint.empty() ? fmt::format("{}: is nothing that a job has; {} are", name, fmt::join(known, ", "))
                                    : fmt::format("{}: is nothing that a job has; did you mean {}?", name, hint));
  }
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

std::string stem_of(const std::string& name) { return fs::path(name).stem(); }

KindOptions own_options_of(const Job& job) {
  KindOptions own;
  set_own_options(rows_of_kind(job.kind, own), job.options);
  return own;
}

}  // namespace

JobMaker::Input JobMaker::find(const std::string& id, const std::string& owner, const std::string& what) const {
  if (id.empty()) throw Refusal(422, fmt::format("{} is missing; upload a file and give its id", what));
  if (const auto file = files_.find(id, owner)) return {{id, file->name}, files_.content(*file), file->facts.kind};
  if (const auto job = book_.find(id, owner)) {
    if (!job->result) throw Refusal(409, fmt::format("{}: that job has no result yet", what));
    const std::string suffix = fs::path(job->result->file).extension();
    const bool motion = suffix == ".motion" || suffix == ".pkl";
    const bool still = suffix == ".jpg" || suffix == ".png";
    return {{id, job->result->name},
            book_.folder(id) / job->result->file,
            motion  ? "template"
            : still ? "picture"
                    : "video"};
  }
  throw Refusal(404, fmt::format("{}: no such file is here; upload it again", what));
}

std::vector<Job> JobMaker::parse(const nlohmann::json& request, const std::string& owner) const {
  if (!request.is_object()) throw Refusal(400, "a job is a JSON object, as in {\"kind\": \"animate\", …}");
  refuse_unknown_members(request);
  const std::string kind = text_member(request, "kind");
  if (kind != kBatch) {
    return {one(request, owner, kind_named(kind), text_member(request, "source"), text_member(request, "driving"))};
  }
  const auto sources = texts_of(request, "sources");
  const auto drivings = texts_of(request, "drivings");
  if (sources.empty() || drivings.empty()) throw Refusal(422, "a batch needs sources and drivings, lists of ids");
  if (sources.size() * drivings.size() > kLargestBatch) {
    throw Refusal(422, fmt::format("a batch of {} jobs is too large; ask for at most {}",
                                   sources.size() * drivings.size(), kLargestBatch));
  }
  std::vector<Job> jobs;
  const std::string batch = new_id();
  for (const std::string& source : sources) {
    for (const std::string& driving : drivings) {
      jobs.push_back(one(request, owner, kind_named("animate"), source, driving));
      jobs.back().batch = batch;
    }
  }
  return jobs;
}

Job JobMaker::one(const nlohmann::json& request, const std::string& owner, const JobKind& kind,
                  const std::string& source, const std::string& driving) const {
  Job job;
  job.owner = owner;
  job.kind = kind.name;
  job.model = text_member(request, "model");
  models_.check_name(job.model);
  if (request.contains("options") && !request.at("options").is_null()) job.options = request.at("options");
  Input from, by;
  if (kind.source) from = find(source, owner, "source");
  if (kind.driving) by = find(driving, owner, "driving");
  job.source = from.input;
  job.driving = by.input;
  const AnimateOptions options = options_of(job);

  const bool moves = (kind.source && from.kind != "picture") || (kind.driving && by.kind != "picture") ||
                     (!kind.driving && options.liveportrait.set.moves());
  const auto formats = words_of(kind.formats);
  std::string format = text_member(request, "format");
  if (format.empty()) format = moves || kind.still.empty() ? formats.front() : std::string(kind.still);
  if (std::find(formats.begin(), formats.end(), format) == formats.end()) {
    throw Refusal(422, fmt::format("format: {} is none of {}", format, fmt::join(formats, ", ")));
  }
  job.format = "." + format;

  // What the command line would refuse before any work is refused here.
  const fs::path output = data_ / "jobs" / ("check" + job.format);
  try {
    if (is_template(job)) {
      engine_.check_template_job(extraction(job, output));
    } else if (is_faces(job)) {
      engine_.make_face_maker()->check(faces(job, output));
    } else if (is_dream(job)) {
      catalog::find_video_model(job.model);
      engine_.make_dreamer()->check(dream(job, output));
    } else {
      engine_.check_job(animation(job, output));
      if (job.kind == "edit") model_of(job);
    }
  } catch (const Error& error) {
    throw Error(error.kind(), names_of(job).shown(error.what()));
  }
  return job;
}

AnimateOptions JobMaker::options_of(const Job& job) const {
  AnimateOptions options;
  KindOptions unused;
  const nlohmann::json wanted = set_own_options(rows_of_kind(job.kind, unused), job.options);
  set_options(options, wanted, [&](const std::string& id) -> std::optional<fs::path> {
    const auto file = files_.find(id, job.owner);
    return file ? std::optional(files_.content(*file)) : std::nullopt;
  });
  options.runtime = models_.runtime();
  return options;
}

AnimateJob JobMaker::animation(const Job& job, const fs::path& output) const {
  AnimateJob made;
  made.source = find(job.source.id, job.owner, "source").path;
  if (!job.driving.id.empty()) {
    const fs::path driving = find(job.driving.id, job.owner, "driving").path;
    if (job.kind == kMorphKind) {
      made.targets = {driving};
    } else {
      made.driving = driving;
    }
  }
  if (job.kind == kIdleKind) made.driving = kIdleDriver;
  made.output = output;
  made.options = options_of(job);
  return made;
}

TemplateJob JobMaker::extraction(const Job& job, const fs::path& output) const {
  return {find(job.driving.id, job.owner, "driving").path, output, options_of(job)};
}

// What jobs that no driver moves have in common.
template <typename OwnJob>
OwnJob JobMaker::own_job(const Job& job, const fs::path& output) const {
  OwnJob made;
  made.model.model = job.model;
  made.output = output;
  AnimateOptions options = options_of(job);
  made.writing = std::move(options.output);
  made.runtime = options.runtime;
  return made;
}

FacesJob JobMaker::faces(const Job& job, const fs::path& output) const {
  auto made = own_job<FacesJob>(job, output);
  made.options = own_options_of(job).faces;
  return made;
}

DreamJob JobMaker::dream(const Job& job, const fs::path& output) const {
  auto made = own_job<DreamJob>(job, output);
  made.source = find(job.source.id, job.owner, "source").path;
  made.options = own_options_of(job).dream;
  return made;
}

std::string JobMaker::model_of(const Job& job) const {
  return job.model.empty() && job.kind == "edit" ? models_.editing_model() : job.model;
}

PathNames JobMaker::names_of(const Job& job) const {
  PathNames names;
  for (const JobInput& input : {job.source, job.driving}) {
    if (input.id.empty()) continue;
    try {
      names.add(find(input.id, job.owner, "").path, input.name);
    } catch (const Refusal&) {
      continue;  // gone: then nothing names it
    }
  }
  for (const auto& [name, value] : job.options.items()) {
    const auto file = value.is_string() ? files_.find(value.get<std::string>(), job.owner) : std::nullopt;
    if (file) names.add(files_.content(*file), file->name);
  }
  names.add(data_ / "jobs" / ("check" + job.format), "result" + job.format);
  if (!job.id.empty()) names.add(book_.folder(job.id) / ("result" + job.format), "result" + job.format);
  names.add(data_, "the server's folder");
  return names;
}

std::string JobMaker::result_name(const Job& job) const {
  if (is_faces(job)) return "faces" + job.format;
  std::string name = job.source.id.empty() ? stem_of(job.driving.name) : stem_of(job.source.name);
  if (job.kind == "animate" || job.kind == kMorphKind) name += "--" + stem_of(job.driving.name);
  if (job.kind == "edit") name += "_edited";
  if (job.kind == kMorphKind || job.kind == kIdleKind || is_dream(job)) name += "_" + job.kind;
  return name + job.format;
}

}  // namespace animate::serve
