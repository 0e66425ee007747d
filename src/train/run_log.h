#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "train/training_task.h"

namespace animate::train {

// The log of a run: one JSON object a line, appended and flushed, so that a killed run has its lines.
//   {"step": 40, "epoch": 0, "seconds": 12.1, "loss": 1.93, "structural": 1.71, …}
// Losses are means over the steps since the line before; "skipped", if there are any, counts clips that could not be
// read since then. Figures on held-out data have lines of their own:
//   {"step": 500, "validation": {"eyes": 0.011, …}}
// Not thread-safe.
class RunLog {
 public:
  // Lines of steps behind `first_step` are cut off: a resumed run writes them again. Throws Error(Input) where the
  // file cannot be written; what it held is then still there.
  RunLog(const std::filesystem::path& path, int64_t first_step);

  void add(const Losses& losses, const Losses& adversary);
  void add_skipped(int64_t clips);
  // Writes the line; returns its mean loss.
  // Whether there are steps that no line tells of yet.
  bool pending() const { return steps_ > 0; }
  double write(int64_t step, int64_t epoch, double seconds);
  void write_figures(int64_t step, const std::vector<Figure>& figures);

 private:
  void append(const std::string& line);

  std::filesystem::path path_;
  std::ofstream file_;
  std::vector<std::pair<std::string, double>> sums_;
  int64_t steps_ = 0;
  int64_t skipped_ = 0;
};

}  // namespace animate::train
