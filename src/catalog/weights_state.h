#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "catalog/weights_list.h"

namespace animate::catalog {

// What lies where a published file belongs, as far as its size and first bytes tell. Nothing is hashed.
enum class FileState { Right, Missing, LfsPointer, WebPage, OtherSize };

struct FoundFile {
  const PublishedFile* published = nullptr;  // of the list that was asked; must outlive this
  std::filesystem::path path;                // empty: missing
  FileState state = FileState::Missing;
  int64_t bytes = 0;  // what is really there
};

// A published model in one folder.
struct WeightsState {
  std::vector<FoundFile> files;  // in the list's order

  size_t count(FileState state) const;
  // Nothing of the model is there at all.
  bool absent() const { return count(FileState::Missing) == files.size(); }
  // Every file is there at its size.
  bool complete() const { return count(FileState::Right) == files.size(); }
  // A file that the model cannot do without is missing, or is a pointer or a web page.
  bool unusable() const;
  // "complete", "missing 2 of 8 files", "1 LFS pointer", "damaged: 1 file of another size", joined where several hold.
  std::string sentence() const;
};

// Where a file of the list lies in `folder`, which may be the folder that `animate models fetch` fills, its parent
// called pretrained_weights, or the inner folder that holds base_models. An empty path when it is in none of them.
std::filesystem::path locate(const PublishedFile& file, const std::filesystem::path& folder);

// How `file` at `path` looks.
FoundFile look_at(const PublishedFile& file, const std::filesystem::path& path);
WeightsState look_at(const PublishedModel& model, const std::filesystem::path& folder);

}  // namespace animate::catalog
