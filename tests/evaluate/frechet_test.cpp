#include "evaluate/frechet.h"

#include <functional>
#include <map>

#include "evaluate/detector_features.h"
#include "heads/head_renderer.h"
#include "support/catch.h"

using namespace animate;
using evaluate::DetectorFeatures;
using evaluate::frechet_distance;
using models::PooledCovariance;

namespace {

PooledCovariance pooled(const torch::Tensor& rows) {
  PooledCovariance all;
  all.add(rows);
  return all;
}

torch::Tensor drawn_faces(int64_t first, int64_t count) {
  std::vector<heads::Head> heads;
  for (int64_t i = 0; i < count; ++i) heads.push_back(heads::sample_head(static_cast<uint64_t>(first + i), 0));
  return heads::render_heads(heads, {64, torch::kCPU, 0});
}

torch::Tensor blurred(const torch::Tensor& faces, int64_t cell) {
  return torch::upsample_bilinear2d(torch::avg_pool2d(faces, cell), {64, 64}, false);
}

}  // namespace

TEST_CASE("the Fréchet distance of Gaussians that are known") {
  // Two points at -1 and 1 have the variance 2.
  const auto narrow = torch::tensor({{-1.0}, {1.0}}, torch::kDouble);
  CHECK(frechet_distance(pooled(narrow), pooled(narrow)) == Approx(0).margin(1e-12));
  CHECK(frechet_distance(pooled(narrow), pooled(narrow + 3)) == Approx(9));
  // (√2 - √8)² = 2
  CHECK(frechet_distance(pooled(narrow), pooled(narrow * 2)) == Approx(2));
  // Covariances with no direction in common: tr(S1 S2)^½ = 0.
  const auto along = torch::tensor({{-1.0, 0.0}, {1.0, 0.0}}, torch::kDouble);
  const auto across = torch::tensor({{0.0, -2.0}, {0.0, 2.0}}, torch::kDouble);
  CHECK(frechet_distance(pooled(along), pooled(across)) == Approx(2 + 8));
  torch::manual_seed(2);
  const auto a = torch::randn({300, 5}, torch::kDouble).matmul(torch::randn({5, 5}, torch::kDouble));
  const auto b = torch::randn({300, 5}, torch::kDouble).matmul(torch::randn({5, 5}, torch::kDouble));
  CHECK(frechet_distance(pooled(a), pooled(b)) == Approx(frechet_distance(pooled(b), pooled(a))));
}

TEST_CASE("the detector's distance grows with every step of a degradation of true faces") {
  std::string why_not;
  const auto features = DetectorFeatures::find(torch::kCPU, why_not);
  INFO(why_not);
  REQUIRE(features != nullptr);
  constexpr int64_t count = 32;
  const auto real = pooled(features->of(drawn_faces(100'000, count)));
  const auto faces = drawn_faces(200'000, count);
  const double floor = frechet_distance(pooled(features->of(faces)), real);
  torch::manual_seed(3);
  const auto noise = torch::randn_like(faces);
  using Degrade = std::function<torch::Tensor(int)>;
  const std::map<std::string, Degrade> ways{
      {"blur", [&](int step) { return blurred(faces, int64_t{1} << step); }},
      {"noise", [&](int step) { return (faces + noise * (0.06 * step * step)).clamp(0, 1); }},
      {"greyer",
       [&](int step) {
         const double share = 0.33 * step;
         return faces * (1 - share) + faces.mean(1, true) * share;
       }},
      {"darker", [&](int step) { return faces * (1 - 0.25 * step); }},
      {"alike", [&](int step) {
         const double share = 0.3 * step;
         return faces * (1 - share) + faces.mean(0, true) * share;
       }}};
  for (const auto& [name, degrade] : ways) {
    INFO(name);
    double before = floor;
    for (int step = 1; step <= 3; ++step) {
      const double distance = frechet_distance(pooled(features->of(degrade(step))), real);
      INFO("step " << step << ": " << distance << " after " << before);
      CHECK(distance > before);
      before = distance;
    }
    CHECK(before > 1.2 * floor);
  }
}
