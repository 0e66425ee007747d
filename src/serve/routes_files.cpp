#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"
#include "serve/file_answer.h"
#include "serve/ids.h"
#include "serve/json_file.h"
#include "serve/problem.h"
#include "serve/routes.h"
#include "serve/samples.h"
#include "serve/upload.h"

namespace animate::serve {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

// What lies whole in its incoming folder becomes a file of its owner's.
StoredFile take_in(Parts& parts, const std::string& id, const std::string& owner, const std::string& name,
                   const fs::path& content, uint64_t bytes) {
  StoredFile file;
  file.id = id;
  file.owner = owner;
  file.name = name;
  file.bytes = bytes;
  file.created = seconds_since_1970();
  file.facts = parts.examiner.examine(content, name);
  std::error_code ec;
  fs::rename(content, content.parent_path() / ("content" + file.facts.suffix), ec);
  if (ec) throw cannot_store(ec);
  parts.files.add(file);
  return file;
}

Response upload(Parts& parts, const Request& request) {
  auto& upload = dynamic_cast<Upload&>(*request.sink);
  upload.finish();
  const StoredFile file = take_in(parts, upload.id(), upload.owner(), upload.name(), upload.content(), upload.bytes());
  upload.keep();
  Response response = json_response(201, dump(shown_json(file)));
  response.headers.emplace_back("Location", "/api/v1/files/" + file.id);
  return response;
}

// The head and the clip that come with the program, as files of the client's.
Response samples(Parts& parts, const Request& request) {
  Json list = Json::array();
  for (const char* name : {kSamplePicture, kSampleClip}) {
    const fs::path found = sample_file(name);
    if (found.empty()) throw Refusal(404, "the samples are not installed; upload a picture and a clip");
    parts.files.check_room(request.owner);
    const std::string id = new_id();
    const uint64_t bytes = fs::file_size(found);
    parts.space.take(bytes);
    try {
      const fs::path content = parts.files.make_incoming(id) / "content";
      std::error_code ec;
      fs::copy_file(found, content, ec);
      if (ec) throw cannot_store(ec);
      list.push_back(shown_json(take_in(parts, id, request.owner, name, content, bytes)));
    } catch (...) {
      parts.files.drop_incoming(id);
      parts.space.give_back(bytes);
      throw;
    }
  }
  return json_response(201, dump({{"files", list}}));
}

Response delete_file(Parts& parts, const Request& request) {
  const std::string& id = request.captures.front();
  parts.files.get(id, request.owner);
  if (parts.book.uses(id)) throw Refusal(409, "a job that is not over takes this file; cancel that job first");
  parts.files.remove(id, request.owner);
  return {.status = 204, .headers = {}, .body = {}, .file = {}, .events = {}, .socket = {}};
}

Response list_files(Parts& parts, const Request& request) {
  Json files = Json::array();
  for (const StoredFile& file : parts.files.list(request.owner)) files.push_back(shown_json(file));
  return json_response(200, dump({{"files", files}, {"bytes_used", parts.space.used()}}));
}

}  // namespace

void add_file_routes(Router& router, Parts& parts) {
  const AnswerDoc file{200, "application/json", "File", "the file"};
  router.add({"POST",
              "/api/v1/files",
              BodyUse::Stream,
              false,
              answer_with([&parts](const Request& r) { return upload(parts, r); }),
              [&parts](const Request& r) {
                return std::make_shared<Upload>(r.head, r.owner, parts.files, parts.space,
                                                parts.settings.largest_upload);
              },
              {"files",
               "uploadFile",
               "Upload a picture, clip, sound or motion template: its bytes as they are, or the first file of a form "
               "(multipart/form-data). Its content decides what it is.",
               "",
               {"name: what the file is called"},
               {{201, "application/json", "File", "it is stored"}},
               {400, 413, 415, 422, 429, 507}}});
  router.add({"GET",
              "/api/v1/files",
              BodyUse::None,
              false,
              answer_with([&parts](const Request& r) { return list_files(parts, r); }),
              {},
              {"files",
               "listFiles",
               "All files of this key, the newest first.",
               "",
               {},
               {{200, "application/json", "FileList", "the files"}},
               {}}});
  router.add({"POST",
              "/api/v1/samples",
              BodyUse::None,
              false,
              answer_with([&parts](const Request& r) { return samples(parts, r); }),
              {},
              {"files",
               "addSamples",
               "Store the sample head and the sample clip that come with the program.",
               "",
               {},
               {{201, "application/json", "FileList", "both files"}},
               {404, 429, 507}}});
  router.add({"GET",
              "/api/v1/files/{id}",
              BodyUse::None,
              false,
              answer_with([&parts](const Request& r) {
                return json_response(200, dump(shown_json(parts.files.get(r.captures.front(), r.owner))));
              }),
              {},
              {"files", "getFile", "What a file is.", "", {}, {file}, {404}}});
  router.add({"DELETE",
              "/api/v1/files/{id}",
              BodyUse::None,
              false,
              answer_with([&parts](const Request& r) { return delete_file(parts, r); }),
              {},
              {"files", "deleteFile", "Delete a file.", "", {}, {{204, "", "", "it is gone"}}, {404, 409}}});
  const auto picture = [&](const char* what, const char* id, const char* help,
                           fs::path (FileStore::*path)(const StoredFile&) const) {
    router.add({"GET",
                std::string("/api/v1/files/{id}/") + what,
                BodyUse::None,
                false,
                answer_with([&parts, path, what](const Request& r) {
                  const StoredFile found = parts.files.get(r.captures.front(), r.owner);
                  return file_answer(r.head, (parts.files.*path)(found), "image/jpeg", found.name + ".jpg",
                                     found.id + what);
                }),
                {},
                {"files", id, help, "", {}, {{200, "image/jpeg", "", "the picture"}}, {404}}});
  };
  picture("thumbnail", "getThumbnail", "A JPEG of at most 256 pixels on a side; of a clip its first frame.",
          &FileStore::thumbnail);
  picture("picture", "getPicture", "A JPEG of at most 1280 pixels on a side; of a clip its first frame.",
          &FileStore::picture);
  router.add(
      {"GET",
       "/api/v1/files/{id}/content",
       BodyUse::None,
       false,
       answer_with([&parts](const Request& r) {
         const StoredFile found = parts.files.get(r.captures.front(), r.owner);
         return file_answer(r.head, parts.files.content(found), type_of_suffix(found.facts.suffix), found.name,
                            found.id);
       }),
       {},
       {"files",
        "getContent",
        "The file as it was uploaded; ranges are possible.",
        "",
        {"download: as a download"},
        {{200, "application/octet-stream", "", "all of it"}, {206, "application/octet-stream", "", "a range of it"}},
        {404, 416}}});
}

}  // namespace animate::serve
