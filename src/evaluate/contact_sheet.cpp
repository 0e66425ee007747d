#include "evaluate/contact_sheet.h"

#include <torch/types.h>

#include "animate/image.h"
#include "base/error.h"
#include "core/tensor_image.h"
#include "dataset/sheet_file.h"

namespace animate::evaluate {

void ContactSheet::begin_model() {
  ++models_;
  next_ = 0;
}

// Models may differ in frame size; the sheet has the first one's.
torch::Tensor ContactSheet::panel(const torch::Tensor& picture) {
  auto fitted = picture.to(torch::kCPU, torch::kFloat);
  if (!rows_.empty() && !rows_.front().empty()) {
    const auto& first = rows_.front().front();
    const bool same = first.size(1) == fitted.size(2) && first.size(2) == fitted.size(3);
    if (!same) fitted = at::upsample_bilinear2d(fitted, {first.size(1), first.size(2)}, false);
  }
  return fitted[0].mul(255).round().clamp(0, 255).to(torch::kUInt8);
}

void ContactSheet::add(const torch::Tensor& source, const torch::Tensor& driving, const torch::Tensor& truth,
                       const torch::Tensor& result) {
  if (models_ <= 1) {
    std::vector<torch::Tensor> row;
    for (const auto& picture : {source, driving, truth}) row.push_back(panel(picture));
    rows_.push_back(std::move(row));
    next_ = rows_.size() - 1;
  }
  check(next_ < rows_.size(), ErrorKind::Internal, "a model brought more rows to the sheet than the first");
  rows_[next_++].push_back(panel(result));
}

void ContactSheet::write(const std::filesystem::path& path) const {
  std::vector<torch::Tensor> rows;
  for (const auto& row : rows_) rows.push_back(torch::cat(row, 2));
  const Image image = core::to_image(torch::cat(rows, 1).to(torch::kFloat).div(255).unsqueeze(0));
  dataset::save_sheet(path, image);
}

}  // namespace animate::evaluate
