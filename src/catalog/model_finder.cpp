#include "catalog/model_finder.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <sstream>
#include <string_view>

#include "base/error.h"
#include "base/file_kind.h"
#include "base/nearest.h"
#include "catalog/default_model.h"
#include "catalog/folder_layouts.h"
#include "catalog/liveportrait_layout.h"
#include "catalog/program_files.h"

namespace animate::catalog {
namespace {

namespace fs = std::filesystem;

constexpr auto kWeightSuffixes =
    std::to_array<std::string_view>({".safetensors", ".pth.tar", ".pth", ".pt", ".ckpt", ".tar"});
// The folder of the model that ships.
constexpr std::string_view kShippedName = "default";

bool is_weights(const fs::path& path) {
  const std::string name = path.filename().string();
  return std::any_of(kWeightSuffixes.begin(), kWeightSuffixes.end(), [&name](std::string_view suffix) {
    return name.size() > suffix.size() && name.ends_with(suffix);
  });
}

bool is_config(const fs::path& path) { return path.extension() == ".yaml" || path.extension() == ".yml"; }

std::string stem_of(const fs::path& path) {
  std::string name = path.filename().string();
  for (const std::string_view suffix : kWeightSuffixes) {
    if (name.ends_with(suffix)) return name.substr(0, name.size() - suffix.size());
  }
  return name;
}

struct FolderContent {
  std::vector<fs::path> weights;
  std::vector<fs::path> configs;
};

FolderContent look_into(const fs::path& folder) {
  FolderContent content;
  std::error_code ec;
  for (fs::directory_iterator entry(folder, ec), end; !ec && entry != end; entry.increment(ec)) {
    std::error_code ignored;
    if (!entry->is_regular_file(ignored) || entry->path().filename().string().starts_with(".")) continue;
    if (is_weights(entry->path())) content.weights.push_back(entry->path());
    // How a model was trained may lie beside it; its own config is in its metadata then.
    const bool of_training = entry->path().filename() == "train.yaml";
    if (is_config(entry->path()) && !of_training) content.configs.push_back(entry->path());
  }
  std::sort(content.weights.begin(), content.weights.end());
  std::sort(content.configs.begin(), content.configs.end());
  return content;
}

std::string join_names(const std::vector<fs::path>& paths) {
  std::string text;
  for (const fs::path& path : paths) text += (text.empty() ? "" : ", ") + show(path.filename());
  return text;
}

FoundModel from_folder(const fs::path& folder) {
  if (auto published = find_in_layouts(folder)) return *published;
  const FolderContent content = look_into(folder);
  check(!content.weights.empty(), ErrorKind::Input,
        "{}: holds no weights (.safetensors, .pth.tar, .pth, .pt); give a model's folder or its weights file",
        show(folder));
  check(content.weights.size() == 1, ErrorKind::Input, "{}: holds several weights files ({}); give one of them",
        show(folder), join_names(content.weights));
  check(content.configs.size() <= 1, ErrorKind::Input, "{}: holds several configs ({}); choose one with --config",
        show(folder), join_names(content.configs));
  return {fs::weakly_canonical(folder).filename().string(),
          content.weights.front(),
          content.configs.empty() ? fs::path() : content.configs.front(),
          {},
          find_face_models(folder)};
}

// A folder of a published layout. An incomplete one is skipped here; it is an error only when the user names it.
std::optional<FoundModel> complete_layout(const fs::path& folder) {
  try {
    return find_in_layouts(folder);
  } catch (const Error&) {
    return std::nullopt;
  }
}

FoundModel from_path(const fs::path& path) {
  if (fs::is_directory(path)) return from_folder(path);
  check(!is_config(path), ErrorKind::Input, "{}: is a config; give the weights with -m and this file with --config",
        show(path));
  require_file(path, "a weights file or a model's folder");
  return {stem_of(path), path, {}, {}, find_face_models(path.parent_path())};
}

}  // namespace

std::vector<fs::path> model_search_path() {
  std::vector<fs::path> folders;
  if (const char* list = std::getenv("ANIMATE_MODELS"); list != nullptr) {
    std::istringstream stream(list);
    for (std::string item; std::getline(stream, item, ':');) {
      if (!item.empty()) folders.emplace_back(item);
    }
  }
  folders.emplace_back("models");
  if (const char* data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data != '\0') {
    folders.push_back(fs::path(data) / "animate" / "models");
  } else if (const char* home = std::getenv("HOME"); home != nullptr) {
    folders.push_back(fs::path(home) / ".local/share/animate/models");
  }
  const auto own = program_configs();
  folders.insert(folders.end(), own.begin(), own.end());
  return folders;
}

std::vector<FoundModel> list_models() {
  std::vector<FoundModel> found;
  const auto add = [&found](FoundModel model) {
    const bool hidden =
        std::any_of(found.begin(), found.end(), [&](const FoundModel& m) { return m.name == model.name; });
    if (!hidden) found.push_back(std::move(model));
  };
  for (const fs::path& folder : model_search_path()) {
    std::vector<fs::path> entries;
    std::error_code ec;
    for (fs::directory_iterator entry(folder, ec), end; !ec && entry != end; entry.increment(ec)) {
      entries.push_back(entry->path());
    }
    std::sort(entries.begin(), entries.end());
    for (const fs::path& entry : entries) {
      if (fs::is_directory(entry, ec)) {
        if (auto published = complete_layout(entry)) {
          add(*std::move(published));
          continue;
        }
        const FolderContent content = look_into(entry);
        if (content.weights.size() != 1) continue;
        add({entry.filename().string(),
             content.weights.front(),
             content.configs.size() == 1 ? content.configs.front() : fs::path(),
             {},
             find_face_models(entry)});
      } else if (is_weights(entry)) {
        add({stem_of(entry), entry, {}, {}, find_face_models(entry.parent_path())});
      }
    }
  }
  return found;
}

FoundModel find_model(const ModelSpec& spec) {
  if (spec.model == "identity") return {"identity", {}, {}, {}, {}};
  // A config without weights is one for the model that ships.
  if (spec.model.empty() && spec.config.empty()) return default_model().model;
  FoundModel result;
  std::error_code ec;
  if (!spec.model.empty() && fs::exists(spec.model, ec)) {
    result = from_path(spec.model);
  } else {
    const std::string name = spec.model.empty() ? std::string(kShippedName) : spec.model;
    const bool looks_like_path = name.find('/') != std::string::npos || is_weights(name);
    check(!looks_like_path, ErrorKind::Input, "{}: no such file; check the path of the model", show(name));
    const auto models = list_models();
    auto found = std::find_if(models.begin(), models.end(), [&name](const FoundModel& model) {
      return model.name == name || stem_of(model.weights) == name;
    });
    if (found == models.end() && name == kDrawnHeads) {
      found = std::find_if(models.begin(), models.end(), [](const auto& model) { return model.name == kShippedName; });
    }
    if (found == models.end()) {
      std::vector<std::string> names{"identity", kDrawnHeads};
      for (const FoundModel& model : models) names.push_back(model.name);
      const std::string hint = nearest(name, names);
      fail(ErrorKind::Input, "{}: no model of this name is found{}; `animate models` lists what there is", show(name),
           hint.empty() ? "" : fmt::format(" (is {} meant?)", hint));
    }
    result = *found;
  }
  if (!spec.config.empty()) result.config = spec.config;
  return result;
}

}  // namespace animate::catalog
