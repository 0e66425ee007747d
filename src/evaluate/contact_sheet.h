#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <vector>

namespace animate::evaluate {

// How many samples of a measurement are shown.
constexpr int64_t kSheetRows = 12;

// A picture to look at: one row a sample, source | driving | truth | result of the first model | of the second | …
// Every model must bring the same rows in the same order.
class ContactSheet {
 public:
  void begin_model();
  // All [1, 3, H, W] in [0, 1]; `truth` is what the result should be. Copies to bytes.
  void add(const torch::Tensor& source, const torch::Tensor& driving, const torch::Tensor& truth,
           const torch::Tensor& result);
  bool empty() const { return rows_.empty(); }
  // PNG; PPM under the same name with .ppm in a build without the media room.
  void write(const std::filesystem::path& path) const;

 private:
  torch::Tensor panel(const torch::Tensor& picture);

  std::vector<std::vector<torch::Tensor>> rows_;  // [3, H, W] bytes
  size_t models_ = 0;
  size_t next_ = 0;
};

}  // namespace animate::evaluate
