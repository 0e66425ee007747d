#include "train/run_log.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/temp_file.h"
#include "base/write_errors.h"

namespace animate::train {
namespace {

// The lines of an earlier part of the run that still hold.
std::string kept_lines(const std::filesystem::path& path, int64_t first_step) {
  std::ifstream file(path);
  std::string kept;
  for (std::string line; std::getline(file, line);) {
    const auto entry = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!entry.is_object() || entry.value("step", first_step + 1) > first_step) break;
    kept += line + "\n";
  }
  return kept;
}

// Whole or not at all: a full disk must not cost the lines that are there.
void replace(const std::filesystem::path& path, const std::string& content) {
  TempFile file(path);
  std::ofstream out(file.path(), std::ios::binary);
  out << content;
  out.close();
  check_written(out, path);
  file.commit();
}

}  // namespace

RunLog::RunLog(const std::filesystem::path& path, int64_t first_step) : path_(path) {
  const std::string kept = kept_lines(path, first_step);
  std::error_code ec;
  if (std::filesystem::file_size(path, ec) != kept.size() || ec) replace(path, kept);
  file_.open(path, std::ios::app);
  check(file_.is_open(), ErrorKind::Input, "{}: cannot be written; choose another output folder", show(path));
}

void RunLog::add(const Losses& losses, const Losses& adversary) {
  const auto sum = [this](const std::string& name, double value) {
    const auto found = std::find_if(sums_.begin(), sums_.end(), [&](const auto& item) { return item.first == name; });
    if (found == sums_.end()) {
      sums_.emplace_back(name, value);
    } else {
      found->second += value;
    }
  };
  double total = 0;
  for (const auto& [name, value] : losses.terms) total += value.item<double>();
  sum("loss", total);
  for (const auto* part : {&losses, &adversary}) {
    for (const auto& [name, value] : part->terms) sum(name, value.item<double>());
  }
  ++steps_;
}

void RunLog::add_skipped(int64_t clips) { skipped_ += clips; }

double RunLog::write(int64_t step, int64_t epoch, double seconds) {
  nlohmann::ordered_json line{{"step", step}, {"epoch", epoch}, {"seconds", seconds}};
  double loss = 0;
  for (const auto& [name, value] : sums_) {
    const double mean = value / static_cast<double>(std::max<int64_t>(1, steps_));
    line[name] = mean;
    if (name == "loss") loss = mean;
  }
  if (skipped_ > 0) line["skipped"] = skipped_;
  sums_.clear();
  steps_ = 0;
  skipped_ = 0;
  append(line.dump());
  return loss;
}

void RunLog::write_figures(int64_t step, const std::vector<Figure>& figures) {
  nlohmann::ordered_json values;
  for (const Figure& figure : figures) values[figure.name] = figure.value;
  append(nlohmann::ordered_json{{"step", step}, {"validation", values}}.dump());
}

void RunLog::append(const std::string& line) {
  file_ << line << "\n" << std::flush;
  check_written(file_, path_);
}

}  // namespace animate::train
