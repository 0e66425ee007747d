#include "models/liveportrait/mlp.h"

#include <c10/core/InferenceMode.h>

#include <span>

#include "base/error.h"

namespace animate::models::liveportrait {
namespace {

// Runs one row, put together from point lists and ratios.
std::vector<float> evaluate(MlpImpl& mlp, std::initializer_list<const Points3*> points, std::span<const float> ratios) {
  const c10::InferenceMode guard;
  std::vector<float> row;
  for (const Points3* list : points) {
    for (const Point3& point : *list) row.insert(row.end(), point.begin(), point.end());
  }
  row.insert(row.end(), ratios.begin(), ratios.end());
  const auto expected = mlp.layers.front()->weight.size(1);
  check(std::ssize(row) == expected, ErrorKind::Model,
        "the retargeting networks expect {} inputs and these keypoints give {}; use weights of one release", expected,
        row.size());
  const auto input = torch::from_blob(row.data(), {1, expected});
  const auto output = mlp.forward(input).contiguous();
  return {output.data_ptr<float>(), output.data_ptr<float>() + output.numel()};
}

Points3 to_delta(const std::vector<float>& values, size_t count) {
  check(values.size() >= 3 * count, ErrorKind::Model,
        "the retargeting networks give {} values for {} keypoints; use weights of one release", values.size(), count);
  Points3 delta(count);
  for (size_t k = 0; k < count; ++k) delta[k] = {values[3 * k], values[3 * k + 1], values[3 * k + 2]};
  return delta;
}

}  // namespace

MlpImpl::MlpImpl(const MlpConfig& config) {
  const auto sequence = register_module("mlp", std::make_shared<torch::nn::Module>());
  std::vector<int64_t> widths{config.input_size};
  widths.insert(widths.end(), config.hidden_sizes.begin(), config.hidden_sizes.end());
  widths.push_back(config.output_size);
  for (size_t i = 0; i + 1 < widths.size(); ++i) {
    layers.push_back(sequence->register_module(std::to_string(2 * i), torch::nn::Linear(widths[i], widths[i + 1])));
  }
}

torch::Tensor MlpImpl::forward(const torch::Tensor& x) {
  auto y = x;
  for (size_t i = 0; i < layers.size(); ++i) {
    y = layers[i]->forward(y);
    if (i + 1 < layers.size()) y = torch::relu(y);
  }
  return y;
}

RetargetingNetworks::RetargetingNetworks(const Config& config)
    : stitching(std::make_shared<MlpImpl>(config.stitching)),
      eye(std::make_shared<MlpImpl>(config.eye)),
      lip(std::make_shared<MlpImpl>(config.lip)) {
  for (const auto& mlp : {stitching, eye, lip}) {
    mlp->eval();
    for (auto& parameter : mlp->parameters()) parameter.set_requires_grad(false);
  }
}

Points3 RetargetingNetworks::stitch(const Points3& source, const Points3& driving) const {
  const auto out = evaluate(*stitching, {&source, &driving}, {});
  Points3 moved = to_delta(out, driving.size());
  check(out.size() >= 3 * driving.size() + 2, ErrorKind::Model,
        "the stitching network gives {} values for {} keypoints; use weights of one release", out.size(),
        driving.size());
  // The last two values move the whole face in the picture.
  const float shift_x = out[3 * driving.size()];
  const float shift_y = out[3 * driving.size() + 1];
  for (size_t k = 0; k < moved.size(); ++k) {
    for (size_t axis = 0; axis < 3; ++axis) moved[k][axis] += driving[k][axis];
    moved[k][0] += shift_x;
    moved[k][1] += shift_y;
  }
  return moved;
}

Points3 RetargetingNetworks::eye_delta(const Points3& source, const std::array<float, 3>& ratios) const {
  return to_delta(evaluate(*eye, {&source}, ratios), source.size());
}

Points3 RetargetingNetworks::lip_delta(const Points3& source, const std::array<float, 2>& ratios) const {
  return to_delta(evaluate(*lip, {&source}, ratios), source.size());
}

}  // namespace animate::models::liveportrait
