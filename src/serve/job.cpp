#include "serve/job.h"

#include <array>

#include "serve/problem.h"
#include "serve/stored_file.h"

namespace animate::serve {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<const char*, 5> kStates{"queued", "running", "done", "failed", "cancelled"};

Json input_json(const JobInput& input) {
  return input.id.empty() ? Json() : Json{{"id", input.id}, {"name", input.name}};
}

JobInput input_of(const Json& json) { return json.is_null() ? JobInput() : JobInput{json.at("id"), json.at("name")}; }

template <typename T>
Json known(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json when(int64_t time) { return time == 0 ? Json() : Json(time); }

int64_t time_of(const Json& json, const char* name) {
  return json.at(name).is_null() ? 0 : json.at(name).get<int64_t>();
}

Json result_json(const JobResult& result) {
  return {{"name", result.name},      {"type", type_of_suffix(result.file.substr(result.file.find('.')))},
          {"bytes", result.bytes},    {"width", result.width},
          {"height", result.height},  {"frames", result.frames},
          {"seconds", result.seconds}};
}

}  // namespace

std::string word_of(JobState state) { return kStates[static_cast<size_t>(state)]; }

Json shown_json(const Job& job, std::optional<size_t> ahead) {
  Json json{{"id", job.id},
            {"kind", job.kind},
            {"state", word_of(job.state)},
            {"created", job.created},
            {"started", when(job.started)},
            {"finished", when(job.finished)},
            {"source", input_json(job.source)},
            {"driving", input_json(job.driving)},
            {"model", job.model},
            {"options", job.options},
            {"format", job.format.substr(job.format.empty() ? 0 : 1)},
            {"batch", job.batch.empty() ? Json() : Json(job.batch)},
            {"ahead", known(ahead)},
            {"stage", job.stage},
            {"done", job.done},
            {"total", known(job.total)},
            {"seconds_left", known(job.seconds_left)},
            {"warnings", job.warnings}};
  json["problem"] = Json();
  if (!job.error.empty()) {
    json["problem"] = {{"type", "about:blank"},
                       {"title", title_of(job.error_status)},
                       {"status", job.error_status},
                       {"detail", job.error}};
  }
  json["result"] = job.result ? result_json(*job.result) : Json();
  return json;
}

Json to_json(const Job& job) {
  Json json = shown_json(job, std::nullopt);
  json["owner"] = job.owner;
  json["number"] = job.number;
  json["format"] = job.format;
  json["idempotency_key"] = job.idempotency_key;
  json["request_digest"] = job.request_digest;
  json["error"] = job.error;
  json["error_status"] = job.error_status;
  if (job.result) json["result"]["file"] = job.result->file;
  return json;
}

std::optional<Job> job_from_json(const Json& json) {
  try {
    Job job;
    job.id = json.at("id");
    job.owner = json.at("owner");
    job.kind = json.at("kind");
    if (!json.at("batch").is_null()) job.batch = json.at("batch");
    const std::string state = json.at("state");
    size_t index = 0;
    while (index < kStates.size() && state != kStates[index]) ++index;
    if (index == kStates.size()) return std::nullopt;
    job.state = static_cast<JobState>(index);
    job.number = json.at("number");
    job.created = json.at("created");
    job.started = time_of(json, "started");
    job.finished = time_of(json, "finished");
    job.source = input_of(json.at("source"));
    job.driving = input_of(json.at("driving"));
    job.model = json.at("model");
    job.options = nlohmann::json(json.at("options"));
    job.format = json.at("format");
    job.idempotency_key = json.at("idempotency_key");
    job.request_digest = json.at("request_digest");
    job.stage = json.at("stage");
    job.done = json.at("done");
    if (!json.at("total").is_null()) job.total = json.at("total").get<int64_t>();
    for (const Json& warning : json.at("warnings")) job.warnings.push_back(warning);
    job.error = json.at("error");
    job.error_status = json.at("error_status");
    if (const Json& result = json.at("result"); !result.is_null()) {
      job.result = JobResult{result.at("file"),   result.at("name"),   result.at("bytes"),  result.at("width"),
                             result.at("height"), result.at("frames"), result.at("seconds")};
      // Part of a path: only what a job of ours writes.
      if (job.result->file.find('/') != std::string::npos || !job.result->file.starts_with("result."))
        return std::nullopt;
    }
    return job;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace animate::serve
