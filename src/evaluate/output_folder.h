#pragma once

#include <filesystem>

#include "base/temp_file.h"

namespace animate::evaluate {

// Where a report goes: a new folder that appears whole, or one that is there already, whose report is replaced file by
// file once all are written. Nothing is visible before commit(); destruction without it leaves no trace.
class OutputFolder {
 public:
  // Throws Error(Input) where it cannot be written. In a folder that has saved frames already, `with_frames` is refused
  // (Error(Usage)): old frames must not mix with new ones.
  OutputFolder(const std::filesystem::path& target, bool with_frames);

  // Where the files are written meanwhile.
  const std::filesystem::path& path() const { return work_.path(); }
  void commit();

 private:
  std::filesystem::path target_;
  bool exists_;
  TempFile work_;
};

}  // namespace animate::evaluate
