#include "models/layer_table.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "base/error.h"

namespace animate::models {
namespace {

using Key = std::tuple<std::string, std::string, std::string, std::string>;

Key key_of(const RecordedOperation& operation) {
  return {operation.operation, operation.input, operation.weight, operation.output};
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + std::ssize(values) / 2;
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::map<Key, double> times_of(const Recording& recording) {
  std::map<Key, double> times;
  for (const RecordedOperation& operation : recording.operations) times[key_of(operation)] += operation.milliseconds;
  return times;
}

}  // namespace

LayerTable layer_table(const std::vector<Recording>& recordings) {
  check(!recordings.empty(), ErrorKind::Internal, "a table of layers needs a recording");
  std::map<Key, BenchLayer> rows;
  for (const RecordedOperation& operation : recordings.front().operations) {
    BenchLayer& row = rows[key_of(operation)];
    std::tie(row.operation, row.input, row.weight, row.output) = key_of(operation);
    ++row.count;
    row.gflop += operation.flop / 1e9;
    row.megabytes += operation.bytes / 1e6;
  }
  std::map<Key, std::vector<double>> times;
  std::vector<double> frames;
  for (const Recording& recording : recordings) {
    for (const auto& [key, milliseconds] : times_of(recording)) times[key].push_back(milliseconds);
    frames.push_back(recording.milliseconds);
  }
  LayerTable table;
  table.frame_milliseconds = median(frames);
  for (auto& [key, row] : rows) {
    row.milliseconds = median(times.at(key));
    table.layers.push_back(std::move(row));
  }
  std::stable_sort(table.layers.begin(), table.layers.end(),
                   [](const BenchLayer& a, const BenchLayer& b) { return a.milliseconds > b.milliseconds; });
  return table;
}

}  // namespace animate::models
