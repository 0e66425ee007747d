#include "catalog/model_survey.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "base/error.h"
#include "catalog/default_model.h"
#include "catalog/folder_layouts.h"
#include "catalog/model_family.h"
#include "catalog/model_finder.h"
#include "catalog/program_files.h"
#include "catalog/weights_state.h"

namespace animate::catalog {
namespace {

namespace fs = std::filesystem;

// The published model of a family of which most lies in `folder`, or nullptr when nothing does.
const PublishedModel* match_folder(const WeightsList& list, std::string_view family, const fs::path& folder) {
  const PublishedModel* best = nullptr;
  size_t most = 0;
  for (const PublishedModel& model : list.models) {
    if (model.family != family) continue;
    const size_t there = model.files.size() - look_at(model, folder).count(FileState::Missing);
    if (there > most) {
      best = &model;
      most = there;
    }
  }
  return best;
}

// The first published model of a family, or nullptr.
const PublishedModel* first_of(const WeightsList& list, std::string_view family) {
  const auto found = std::find_if(list.models.begin(), list.models.end(),
                                  [&](const PublishedModel& model) { return model.family == family; });
  return found == list.models.end() ? nullptr : &*found;
}

// The published model that is this one file, by its name or else by its size.
const PublishedModel* match_file(const WeightsList& list, const fs::path& file) {
  std::error_code ec;
  const auto bytes = static_cast<int64_t>(fs::file_size(file, ec));
  for (const bool by_name : {true, false}) {
    for (const PublishedModel& model : list.models) {
      if (model.files.size() != 1) continue;
      const PublishedFile& only = model.files.front();
      const bool same = by_name ? fs::path(only.path).filename() == file.filename() : only.fits(bytes);
      if (same) return &model;
    }
  }
  return nullptr;
}

void note_published(SurveyedModel& row, const PublishedModel& model, const WeightsState& state) {
  row.published = model.name;
  row.published_bytes = model.bytes();
  row.fetchable = model.fetchable();
  row.licence = model.licences();
  row.state = state.sentence();
  row.usable = row.usable && !state.unusable();
}

bool ships(const fs::path& location) {
  const auto configs = program_configs();
  return std::any_of(configs.begin(), configs.end(),
                     [&](const fs::path& folder) { return location.string().starts_with(folder.string() + "/"); });
}

SurveyedModel row_of(const FoundModel& model, const WeightsList& list) {
  SurveyedModel row;
  row.name = model.name;
  row.family = told_family(model);
  row.present = row.usable = true;
  row.location = model.location();
  row.config = model.config;
  row.landmarks = model.faces.landmarks203;
  row.detector = model.faces.detector;
  if (!model.parts.empty()) {
    const PublishedModel* published = match_folder(list, row.family, row.location);
    // What is published counts only for its own files; the same networks come as other files too.
    row.state = "found";
    if (published == nullptr) return row;
    const WeightsState state = look_at(*published, row.location);
    const bool own = std::any_of(state.files.begin(), state.files.end(), [&](const FoundFile& file) {
      return std::any_of(model.parts.begin(), model.parts.end(), [&](const auto& part) {
        return part.second.lexically_normal() == file.path.lexically_normal();
      });
    });
    if (own) note_published(row, *published, state);
    return row;
  }
  if (row.family.starts_with("unreadable")) {
    row.state = row.family;
    row.family = "unknown";
    row.usable = false;
  } else {
    row.state = ships(row.location) ? "ships with the program" : "found";
    if (ships(row.location)) row.licence = "MIT";
  }
  if (const PublishedModel* published = match_file(list, model.weights); published != nullptr) {
    const WeightsState state{{look_at(published->files.front(), model.weights)}};
    note_published(row, *published, state);
    if (row.family == "unknown") row.family = published->family;
  }
  return row;
}

// A folder in a family's layout of which a network is missing.
SurveyedModel incomplete_row(const fs::path& folder, const std::string& family, const WeightsList& list) {
  SurveyedModel row;
  row.name = folder.filename().string();
  row.family = family;
  row.state = "incomplete";
  row.present = true;
  row.location = folder;
  if (const PublishedModel* published = match_folder(list, family, folder); published != nullptr) {
    note_published(row, *published, look_at(*published, folder));
  } else if (const PublishedModel* whole = first_of(list, family); whole != nullptr) {
    note_published(row, *whole, look_at(*whole, folder));
  }
  return row;
}

bool can_write_below(fs::path folder) {
  std::error_code ec;
  folder = fs::absolute(folder, ec);
  while (!fs::exists(folder, ec) && folder.has_relative_path()) folder = folder.parent_path();
  return fs::is_directory(folder, ec) && ::access(folder.c_str(), W_OK | X_OK) == 0;
}

}  // namespace

std::vector<SurveyedModel> survey_models(const WeightsList& list) {
  std::vector<SurveyedModel> rows;
  for (const FoundModel& model : list_models()) rows.push_back(row_of(model, list));
  for (const fs::path& folder : model_search_path()) {
    std::error_code ec;
    std::set<fs::path> entries;
    for (fs::directory_iterator entry(folder, ec), end; !ec && entry != end; entry.increment(ec)) {
      std::error_code ignored;
      if (entry->is_directory(ignored)) entries.insert(entry->path());
    }
    for (const fs::path& entry : entries) {
      if (const FolderLayout* layout = incomplete_layout(entry); layout != nullptr) {
        rows.push_back(incomplete_row(entry, std::string(layout->family), list));
      }
    }
  }
  try {
    const fs::path chosen = default_model().model.location();
    for (SurveyedModel& row : rows) row.is_default = row.location == chosen;
  } catch (const Error&) {
    // Nothing can run; the rows say why.
  }
  for (const PublishedModel& model : list.models) {
    const bool here =
        std::any_of(rows.begin(), rows.end(), [&](const auto& row) { return row.published == model.name; });
    if (here) continue;
    SurveyedModel row;
    row.name = model.name;
    row.family = model.family;
    note_published(row, model, {});
    row.state = "not here";
    rows.push_back(std::move(row));
  }
  return rows;
}

fs::path fetch_folder(const PublishedModel& model, const std::vector<SurveyedModel>& survey) {
  const fs::path first = *fs::path(model.files.front().path).begin();
  std::error_code ec;
  for (const SurveyedModel& row : survey) {
    if (!row.present || row.published != model.name || model.files.size() == 1) continue;
    if (fs::is_directory(row.location / first, ec)) return row.location;
    if (row.location.filename() == first) return row.location.parent_path();
  }
  const auto configs = program_configs();
  for (const fs::path& folder : model_search_path()) {
    const bool own = std::find(configs.begin(), configs.end(), folder) != configs.end();
    // A folder called models would come as a surprise wherever the user happens to be.
    const bool surprising = folder == "models" && !fs::is_directory(folder, ec);
    if (!own && !surprising && can_write_below(folder)) return folder / model.name;
  }
  fail(ErrorKind::Input, "{}: no folder of the model search path can be written; give one with --to FOLDER",
       model.name);
}

}  // namespace animate::catalog
