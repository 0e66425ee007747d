#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "digest/sha256.h"
#include "serve/file_answer.h"
#include "serve/json_file.h"
#include "serve/problem.h"
#include "serve/routes.h"
#include "serve/stored_file.h"

namespace animate::serve {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kLongestKey = 200;

Response ask(Parts& parts, const Request& request) {
  const std::string key(request.head.header("idempotency-key"));
  if (key.size() > kLongestKey) throw Refusal(400, "the Idempotency-Key is longer than 200 characters");
  const nlohmann::json wanted = json_of(request);
  const std::string digest = digest::sha256_of_text(wanted.dump());
  // Before anything is checked: what a first request was allowed to ask for stands.
  const auto before = parts.book.with_key(request.owner, key, digest);
  std::vector<Job> jobs;
  if (before) {
    jobs.push_back(*before);
  } else {
    parts.space.check_room();
    jobs = parts.maker.parse(wanted, request.owner);
    for (size_t i = 0; i < jobs.size(); ++i) {
      if (!key.empty()) jobs[i].idempotency_key = jobs.size() == 1 ? key : key + "#" + std::to_string(i);
      jobs[i].request_digest = digest;
      jobs[i] = parts.book.add(jobs[i]);
    }
  }
  Response response;
  if (jobs.front().batch.empty()) {
    response = json_response(202, dump(parts.book.shown(jobs.front())));
    response.headers.emplace_back("Location", "/api/v1/jobs/" + jobs.front().id);
  } else {
    Json list = Json::array();
    for (const Job& job : jobs) list.push_back(parts.book.shown(job));
    response = json_response(202, dump({{"batch", jobs.front().batch}, {"jobs", list}}));
  }
  return response;
}

Response list_jobs(Parts& parts, const Request& request) {
  Json jobs = Json::array();
  for (const Job& job : parts.book.list(request.owner)) jobs.push_back(parts.book.shown(job));
  return json_response(200, dump({{"jobs", jobs}}));
}

// What is not over is cancelled, what is over is removed.
Response delete_job(Parts& parts, const Request& request) {
  const std::string& id = request.captures.front();
  if (!parts.book.get(id, request.owner).over()) {
    return json_response(202, dump(parts.book.shown(parts.book.cancel(id, request.owner))));
  }
  parts.book.remove(id, request.owner);
  Response response;
  response.status = 204;
  return response;
}

Response part(Parts& parts, const Request& request, const std::string& file, const std::string& type) {
  const Job job = parts.book.get(request.captures.front(), request.owner);
  if (!job.over()) throw Refusal(409, "the job is not over yet; its events tell when it is");
  const auto path = parts.book.folder(job.id) / file;
  std::error_code ec;
  if (!std::filesystem::exists(path, ec)) throw Refusal(404, "the job has nothing of the kind");
  return file_answer(request.head, path, type, file, job.id + file);
}

Response result(Parts& parts, const Request& request) {
  const Job job = parts.book.get(request.captures.front(), request.owner);
  if (!job.over()) throw Refusal(409, "the job is not over yet; its events tell when it is");
  if (!job.result) throw Refusal(404, "the job has no result: it failed or was cancelled");
  return file_answer(request.head, parts.book.folder(job.id) / job.result->file, type_of_suffix(job.format),
                     job.result->name, job.id);
}

Response events(Parts& parts, const Request& request) {
  Response response;
  response.headers = {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}};
  response.events = parts.book.events(request.captures.front(), request.owner);
  return response;
}

// Stored motions: uploaded ones, and results of jobs.
Response templates(Parts& parts, const Request& request) {
  Json list = Json::array();
  for (const StoredFile& file : parts.files.list(request.owner)) {
    if (file.facts.kind != "template") continue;
    list.push_back({{"id", file.id},
                    {"name", file.name},
                    {"from", "file"},
                    {"family", file.facts.family},
                    {"created", file.created},
                    {"frames", file.facts.frames.value_or(0)},
                    {"clip", nullptr}});
  }
  for (const Job& job : parts.book.list(request.owner)) {
    if (job.kind != "template" || !job.result) continue;
    list.push_back({{"id", job.id},
                    {"name", job.result->name},
                    {"from", "job"},
                    {"family", nullptr},
                    {"created", job.created},
                    {"frames", job.result->frames},
                    {"clip", job.driving.id}});
  }
  return json_response(200, dump({{"templates", list}}));
}

}  // namespace

void add_job_routes(Router& router, Parts& parts) {
  const AnswerDoc job{200, "application/json", "Job", "the job"};
  router.add({"POST",
              "/api/v1/jobs",
              BodyUse::Document,
              false,
              answer_with([&parts](const Request& r) { return ask(parts, r); }),
              {},
              {"jobs",
               "askForJob",
               "Queue a job. Send an Idempotency-Key to make sure that a repeated request asks for no second one. The "
               "kind batch makes a job of every pair of sources and drivings.",
               "JobRequest",
               {},
               {{202, "application/json", "JobOrBatch", "it is queued"}},
               {400, 404, 409, 413, 415, 422, 429, 507}}});
  router.add({"GET",
              "/api/v1/jobs",
              BodyUse::None,
              false,
              answer_with([&parts](const Request& r) { return list_jobs(parts, r); }),
              {},
              {"jobs",
               "listJobs",
               "All jobs of this key, the newest first.",
               "",
               {},
               {{200, "application/json", "JobList", "the jobs"}},
               {}}});
  router.add({"GET",
              "/api/v1/jobs/{id}",
              BodyUse::None,
              false,
              answer_with([&parts](const Request& r) {
                return json_response(200, dump(parts.book.shown(parts.book.get(r.captures.front(), r.owner))));
              }),
              {},
              {"jobs", "getJob", "How far a job is.", "", {}, {job}, {404}}});
  router.add({"DELETE",
              "/api/v1/jobs/{id}",
              BodyUse::None,
              false,
              answer_with([&parts](const Request& r) { return delete_job(parts, r); }),
              {},
              {"jobs",
               "deleteJob",
               "Cancel a job that is not over; remove one that is, with its result.",
               "",
               {},
               {{202, "application/json", "Job", "it is being cancelled"}, {204, "", "", "it is gone"}},
               {404, 409}}});
  router.add(
      {"GET",
       "/api/v1/jobs/{id}/events",
       BodyUse::None,
       false,
       answer_with([&parts](const Request& r) { return events(parts, r); }),
       {},
       {"jobs",
        "watchJob",
        "Server-sent events: `state`, with the job as getJob gives it, at once and after every change, until the "
        "job is over. Who reads slowly misses states, the last one never.",
        "",
        {},
        {{200, "text/event-stream", "string", "the events"}},
        {404}}});
  router.add({"GET",
              "/api/v1/jobs/{id}/result",
              BodyUse::None,
              false,
              answer_with([&parts](const Request& r) { return result(parts, r); }),
              {},
              {"jobs",
               "getResult",
               "The result; ranges are possible.",
               "",
               {"download: as a download"},
               {{200, "application/octet-stream", "", "all of it, with its own type"},
                {206, "application/octet-stream", "", "a range of it"}},
               {404, 409, 416}}});
  router.add({"GET",
              "/api/v1/jobs/{id}/report",
              BodyUse::None,
              false,
              answer_with([&parts](const Request& r) { return part(parts, r, "report.json", "application/json"); }),
              {},
              {"jobs",
               "getReport",
               "What happened in an animation or edit, also in one that failed.",
               "",
               {},
               {{200, "application/json", "object", "the report"}},
               {404, 409}}});
  router.add({"GET",
              "/api/v1/jobs/{id}/preview",
              BodyUse::None,
              false,
              answer_with([&parts](const Request& r) { return part(parts, r, "preview.jpg", "image/jpeg"); }),
              {},
              {"jobs",
               "getPreview",
               "The result's first frame as a JPEG of at most 640 pixels on a side.",
               "",
               {},
               {{200, "image/jpeg", "", "the picture"}},
               {404, 409}}});
  router.add({"GET",
              "/api/v1/templates",
              BodyUse::None,
              false,
              answer_with([&parts](const Request& r) { return templates(parts, r); }),
              {},
              {"jobs",
               "listTemplates",
               "Stored motions, that can be a job's driving: uploaded ones and results of jobs.",
               "",
               {},
               {{200, "application/json", "TemplateList", "the templates"}},
               {}}});
}

}  // namespace animate::serve
