#include "batch/made_from.h"

#include <sys/stat.h>

#include <algorithm>
#include <vector>

#include "catalog/option_json.h"

namespace animate::batch {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

struct FileSum {
  int64_t files = 0;
  int64_t bytes = 0;
  int64_t newest = 0;  // modification time, nanoseconds since 1970

  void add(const fs::path& path) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode)) return;
    ++files;
    bytes += facts.st_size;
    newest = std::max<int64_t>(newest, facts.st_mtim.tv_sec * 1'000'000'000 + facts.st_mtim.tv_nsec);
  }
};

json facts_of(const std::string& name, const FileSum& sum) {
  json facts{{"name", name}, {"bytes", nullptr}};
  if (sum.files == 0) return facts;
  facts["bytes"] = sum.bytes;
  facts["time"] = sum.newest;
  if (sum.files > 1) facts["files"] = sum.files;
  return facts;
}

// A file, or all files of a folder of frames.
json facts_of(const fs::path& path) {
  FileSum sum;
  std::error_code ec;
  const bool pattern = !fs::exists(path, ec) && path.filename().string().find('%') != std::string::npos;
  const fs::path folder = pattern ? (path.has_parent_path() ? path.parent_path() : fs::path(".")) : path;
  if (fs::is_directory(folder, ec)) {
    for (fs::directory_iterator entry(folder, ec), end; !ec && entry != end; entry.increment(ec)) sum.add(*entry);
  } else {
    sum.add(path);
  }
  return facts_of(path.filename().string(), sum);
}

json facts_of(const catalog::FoundModel& model) {
  FileSum sum;
  sum.add(model.weights);
  sum.add(model.config);
  for (const auto& [name, path] : model.parts) sum.add(path);
  for (const fs::path& path : {model.faces.detector, model.faces.landmarks106, model.faces.landmarks203}) sum.add(path);
  return facts_of(model.name, sum);
}

}  // namespace

json made_from(const BatchJob& job, const catalog::FoundModel& model) {
  json facts{{"source", facts_of(job.source)}, {"model", facts_of(model)}};
  if (job.driving == kIdleDriver) {
    facts["driving"] = {{"name", std::string(kIdleDriver)}};
    if (!job.options.idle.talk.empty()) facts["talk"] = facts_of(job.options.idle.talk);
  } else if (!job.driving.empty()) {
    facts["driving"] = facts_of(job.driving);
  }
  for (const fs::path& target : job.targets) facts["targets"].push_back(facts_of(target));
  const SoundChoice& audio = job.options.output.audio;
  if (audio.kind == SoundChoice::Kind::File) facts["sound"] = facts_of(audio.file);
  facts["options"] = catalog::changed_options(job.options);
  if (job.dream) {
    DreamOptions given = *job.dream;
    DreamOptions usual;
    facts["options"].update(catalog::changed_rows(catalog::rows_of(given), catalog::rows_of(usual)));
    if (!given.unet.empty()) facts["unet"] = facts_of(given.unet);
  }
  // How many threads compute it, how many frames at once, and what may be replaced is not what a result is made from.
  for (const char* how : {"threads", "batch", "overwrite", "keep-latents"}) facts["options"].erase(how);
  // As a report gives it back: names of files may be any bytes, and JSON holds UTF-8.
  return json::parse(facts.dump(-1, ' ', false, json::error_handler_t::replace));
}

std::string changes(const json& before, const json& now) {
  if (!before.is_object()) return "the report";
  std::vector<std::string> words;
  for (const auto& [name, word] :
       {std::pair{"source", "the source"}, std::pair{"driving", "the driver"}, std::pair{"model", "the model"},
        std::pair{"sound", "the sound"}, std::pair{"talk", "the sound of --talk"}, std::pair{"unet", "the UNet"},
        std::pair{"targets", "the targets"}}) {
    if (before.value(name, json()) != now.value(name, json())) words.emplace_back(word);
  }
  const json old_options = before.value("options", json::object());
  json names = now.at("options");
  if (old_options.is_object()) names.update(old_options);
  for (const auto& [name, value] : names.items()) {
    if (!old_options.is_object() || old_options.value(name, json()) != now.at("options").value(name, json())) {
      words.push_back("--" + name);
    }
  }
  std::string text;
  for (size_t i = 0; i < words.size(); ++i) text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
  return text;
}

}  // namespace animate::batch
