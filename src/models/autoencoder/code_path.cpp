#include "models/autoencoder/code_path.h"

namespace animate::models::autoencoder {

torch::Tensor straight_path(const torch::Tensor& from, const torch::Tensor& to, int64_t count) {
  std::vector<torch::Tensor> codes;
  const auto step = (to - from) / static_cast<double>(count - 1);
  for (int64_t i = 0; i + 1 < count; ++i) codes.push_back(from + step * static_cast<double>(i));
  codes.push_back(to);
  return torch::stack(codes);
}

torch::Tensor between(const torch::Tensor& from, const torch::Tensor& to, double share) {
  if (share <= 0) return from;
  if (share >= 1) return to;
  return from + (to - from) * share;
}

torch::Tensor closed_curve(const torch::Tensor& codes, int64_t frames) {
  const int64_t count = codes.size(0);
  const auto code = [&](int64_t i) { return codes[(i + count) % count]; };
  std::vector<torch::Tensor> curve;
  for (int64_t i = 0; i < count; ++i) {
    const auto before = code(i - 1), from = code(i), to = code(i + 1), behind = code(i + 2);
    curve.push_back(from);
    for (int64_t f = 1; f < frames; ++f) {
      const double t = static_cast<double>(f) / static_cast<double>(frames);
      curve.push_back(from + (to - before) * (0.5 * t) + (before * 2 - from * 5 + to * 4 - behind) * (0.5 * t * t) +
                      (from * 3 - before - to * 3 + behind) * (0.5 * t * t * t));
    }
  }
  return torch::stack(curve);
}

}  // namespace animate::models::autoencoder
