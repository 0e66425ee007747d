#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "batch/shard.h"

namespace animate::batch {

// The batch's memory in the output folder: one JSON object a line for every job of every run. A line is appended with
// one write, so that a killed run leaves whole lines; a last line that is broken all the same is mended when the file
// is opened. While it is open nobody else may write the same shard's results: the file is locked.
class BatchReport {
 public:
  // Makes the folder where it is absent. Throws Error(Input) when it cannot be written, or another run is at work in
  // this folder with the same shard or another division into shards.
  BatchReport(const std::filesystem::path& folder, const Shard& shard);
  ~BatchReport();
  BatchReport(const BatchReport&) = delete;
  BatchReport& operator=(const BatchReport&) = delete;

  const std::filesystem::path& path() const { return path_; }
  const std::filesystem::path& folder() const { return folder_; }

  // What the folder's results were made from, by all its reports: the newest "done" line of each output.
  // The key is output_key().
  std::map<std::string, nlohmann::json> finished() const;
  // An output's name in the report: relative to the folder, so that it holds under another mount point.
  std::string output_key(const std::filesystem::path& output) const;

  // Keeps space for so many lines, so that they can be written even when the results fill the disk. Best effort.
  void reserve(size_t lines);
  // Adds "time" and the shard. Throws Error(Input) when it cannot be written. Not thread-safe.
  void append(nlohmann::ordered_json line);

 private:
  void mend() const;
  void refuse_other_divisions(const Shard& shard) const;

  std::filesystem::path folder_;
  std::filesystem::path path_;
  Shard shard_;
  int file_ = -1;
  bool made_folder_ = false;
};

// The text with bytes that are not UTF-8 replaced, as JSON can hold it.
std::string utf8(const std::string& text);

}  // namespace animate::batch
