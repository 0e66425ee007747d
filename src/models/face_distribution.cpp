#include "models/face_distribution.h"

#include <cmath>
#include <numbers>
#include <random>

#include "base/error.h"
#include "core/weights.h"

namespace animate::models {
namespace {

torch::Tensor read_numbers(const checkpoint::CheckpointScope& scope, const std::string& name) {
  const auto tensor = core::read_tensor(scope, name).to(torch::kDouble);
  check(torch::isfinite(tensor).all().item<bool>(), ErrorKind::Model,
        "{}: its array {} holds NaN or infinite values; fit the distribution again", scope.checkpoint().name(), name);
  return tensor;
}

void check_shape(const checkpoint::CheckpointScope& scope, const std::string& name, std::vector<int64_t> wanted) {
  const std::vector<int64_t>& shape = scope.info(name).shape;
  check(shape == wanted, ErrorKind::Model, "{}: its array {} is [{}], where [{}] is meant; fit the distribution again",
        scope.checkpoint().name(), name, fmt::join(shape, ", "), fmt::join(wanted, ", "));
}

}  // namespace

void PooledCovariance::add(const torch::Tensor& rows) {
  const torch::NoGradGuard no_grad;
  const auto numbers = rows.to(torch::kCPU, torch::kDouble);
  const int64_t more = numbers.size(0);
  if (more == 0) return;
  const auto mean = numbers.mean(0);
  const auto away = numbers - mean;
  const auto scatter = away.t().matmul(away);
  if (count_ == 0) {
    count_ = more;
    mean_ = mean;
    scatter_ = scatter;
    return;
  }
  const double before = static_cast<double>(count_);
  const double added = static_cast<double>(more);
  const auto step = mean - mean_;
  scatter_ = scatter_ + scatter + torch::outer(step, step) * (before * added / (before + added));
  mean_ = mean_ + step * (added / (before + added));
  count_ += more;
}

torch::Tensor FaceDistribution::at(const torch::Tensor& normals, double temperature) const {
  return mean + temperature * normals.to(torch::kDouble).matmul(variances.sqrt().unsqueeze(1) * directions);
}

FaceDistribution FaceDistribution::of(const torch::Tensor& mean, const torch::Tensor& covariance, double share) {
  const torch::NoGradGuard no_grad;
  const auto whole = covariance.to(torch::kCPU, torch::kDouble);
  check(torch::isfinite(whole).all().item<bool>(), ErrorKind::Model,
        "the covariance of the codes is not finite; the network's weights are damaged, train it again");
  const auto [values, vectors] = torch::linalg_eigh((whole + whole.t()) / 2);
  const auto falling = values.flip(0).clamp_min(0).contiguous();
  const double all = falling.sum().item<double>();
  int64_t kept = falling.size(0);
  if (share < 1) {
    double sum = 0;
    kept = 0;
    while (kept < falling.size(0) && (kept == 0 || sum < share * all)) sum += falling[kept++].item<double>();
  }
  return {mean.to(torch::kCPU, torch::kDouble).clone(), falling.narrow(0, 0, kept).clone(),
          vectors.flip(1).t().narrow(0, 0, kept).contiguous()};
}

std::map<std::string, torch::Tensor> FaceDistribution::arrays() const {
  // Directions are the bulk of it, and float has digits enough for them.
  return {{"mean", mean}, {"variances", variances}, {"directions", directions.to(torch::kFloat)}};
}

FaceDistribution read_distribution(const checkpoint::CheckpointScope& scope) {
  const bool ours = scope.contains("variances");
  const bool named = scope.contains("cov");
  const std::string mean = ours || named ? "mean" : "arr_0";
  const std::string spread = ours ? "directions" : named ? "cov" : "arr_1";
  check(scope.contains(mean) && scope.contains(spread), ErrorKind::Model,
        "{}: holds no distribution of codes (arr_0 and arr_1, or mean and cov); give the file that was fitted with the "
        "model",
        scope.checkpoint().name());
  const std::vector<int64_t>& shape = scope.info(mean).shape;
  check(shape.size() == 1 && shape[0] > 0 && shape[0] <= 1 << 14, ErrorKind::Model,
        "{}: its array {} is [{}], where a list of numbers is meant; give the file that was fitted with the model",
        scope.checkpoint().name(), mean, fmt::join(shape, ", "));
  const int64_t length = shape[0];
  if (!ours) {
    check_shape(scope, spread, {length, length});
    return FaceDistribution::of(read_numbers(scope, mean), read_numbers(scope, spread));
  }
  const std::vector<int64_t>& kept = scope.info("variances").shape;
  check(kept.size() == 1 && kept[0] > 0 && kept[0] <= length, ErrorKind::Model,
        "{}: its array variances is [{}], where at most {} numbers are meant; fit the distribution again",
        scope.checkpoint().name(), fmt::join(kept, ", "), length);
  check_shape(scope, spread, {kept[0], length});
  return {read_numbers(scope, mean), read_numbers(scope, "variances").clamp_min(0), read_numbers(scope, spread)};
}

torch::Tensor seeded_normals(int64_t count, int64_t width, uint64_t seed) {
  // Box and Muller's way: the standard library's normal distribution is another one with every library.
  std::mt19937_64 words(seed);
  const auto unit = [&words] { return (static_cast<double>(words() >> 11U) + 0.5) * 0x1p-53; };
  auto normals = torch::empty({count, width}, torch::kDouble);
  double* out = normals.data_ptr<double>();
  const int64_t numbers = count * width;
  for (int64_t i = 0; i < numbers; i += 2) {
    const double radius = std::sqrt(-2 * std::log(unit()));
    const double angle = 2 * std::numbers::pi * unit();
    out[i] = radius * std::cos(angle);
    if (i + 1 < numbers) out[i + 1] = radius * std::sin(angle);
  }
  return normals;
}

}  // namespace animate::models
