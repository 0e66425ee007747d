#include "models/autoencoder/autoencoder_codec.h"

#include <cmath>

#include "core/weights.h"
#include "models/autoencoder/code_path.h"
#include "models/autoencoder/config_keys.h"
#include "models/autoencoder/layout.h"
#include "models/autoencoder/linear_code.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/temp_dir.h"

using namespace animate;
using models::FaceDistribution;
using models::autoencoder::AutoencoderCodec;
using models::autoencoder::Config;
using models::autoencoder::FaceAutoencoderImpl;
using models::autoencoder::LinearCode;
using test::error_of;

namespace {

// A file as `animate train` writes it, with a distribution of codes of `length` numbers.
models::ModelFiles stored_autoencoder(const test::TempDir& folder, int64_t length) {
  torch::manual_seed(5);
  const FaceAutoencoderImpl networks(Config{2, 6});
  std::map<std::string, torch::Tensor> tensors;
  for (const auto& entry : networks.named_parameters()) tensors[entry.key()] = entry.value().detach();
  for (const auto& entry : networks.named_buffers()) tensors[entry.key()] = entry.value();
  const FaceDistribution distribution{torch::zeros({length}, torch::kDouble), torch::ones({length}, torch::kDouble),
                                      torch::eye(length, torch::kDouble)};
  for (const auto& [name, tensor] : distribution.arrays()) tensors["distribution." + name] = tensor;
  core::save_tensors(folder / "codec.safetensors", tensors, {{"family", "autoencoder"}});
  return models::ModelFiles::open({"codec", folder / "codec.safetensors", {}, {}, {}});
}

torch::Tensor stretched(int64_t count) {
  torch::manual_seed(6);
  // Pictures that vary along four directions only, and a little everywhere.
  const auto directions = torch::randn({4, 3 * 8 * 8});
  const auto codes = torch::randn({count, 4}) * torch::tensor({4.0F, 3.0F, 2.0F, 1.0F});
  return (codes.matmul(directions) + 0.01 * torch::randn({count, 3 * 8 * 8})).view({count, 3, 8, 8});
}

}  // namespace

TEST_CASE("a config says width and code length, and is refused in a sentence") {
  const Config config = Config::parse("model_params: {autoencoder_params: {width: 32, encoded_dim: 256}}", "c.yaml");
  CHECK(config.width == 32);
  CHECK(config.numbers == 256);
  CHECK(Config::parse(config.yaml(), "again").numbers == 256);
  CHECK(Config::parse("model_params: {autoencoder_params: {}}", "c.yaml").numbers == 1024);
  CHECK(error_of(ErrorKind::Model, [] { Config::parse("model_params: {}", "c.yaml"); }) ==
        "c.yaml: has no 'model_params.autoencoder_params'; give the config of an autoencoder");
  CHECK_THROWS_AS(Config::parse("model_params: {autoencoder_params: {width: 0}}", "c.yaml"), Error);
  std::vector<std::string> warnings;
  Config::parse("model_params: {autoencoder_params: {widht: 8}}", "c.yaml", &warnings);
  CHECK(warnings.size() == 1);
}

TEST_CASE("a stored autoencoder is found by its family, loads, and draws from its own distribution") {
  const test::TempDir folder;
  const auto files = stored_autoencoder(folder, 6);
  CHECK(models::family_of(files).name == "autoencoder");
  const auto codec = models::load_codec(files, {});
  CHECK(codec->info().numbers == 6);
  CHECK(codec->info().side == 64);
  REQUIRE(codec->distribution() != nullptr);
  const auto codes = codec->distribution()->at(models::seeded_normals(3, 6, 1));
  const auto faces = codec->decode(codes);
  CHECK(faces.sizes().vec() == std::vector<int64_t>{3, 3, 64, 64});
  CHECK(faces.min().item<float>() >= 0);
  CHECK(faces.max().item<float>() <= 1);
  CHECK(error_of(ErrorKind::Usage, [&] {
          models::load_model(files, {});
        }).find("codec: is an autoencoder of faces, which no driver moves") == 0);
  const auto packed = models::autoencoder::pack(files);
  CHECK(packed.scopes.size() == 2);
  CHECK(packed.exact.contains("distribution.mean"));
}

TEST_CASE("a distribution of codes of another length is refused") {
  const test::TempDir folder;
  const auto files = stored_autoencoder(folder, 5);
  CHECK(error_of(ErrorKind::Model, [&] { models::load_codec(files, {}); }) ==
        (folder / "codec.safetensors").string() +
            ": is a distribution of 5 numbers, and this model's codes have 6; give the one that was fitted with it");
}

TEST_CASE("only the directions that hold the share of the variance are kept, the largest first") {
  const auto covariance = torch::diag(torch::tensor({1.0, 100.0, 0.01, 10.0}, torch::kDouble));
  const auto whole = FaceDistribution::of(torch::zeros({4}), covariance);
  CHECK(whole.draws() == 4);
  CHECK(whole.variances[0].item<double>() == Approx(100));
  CHECK(whole.variances[3].item<double>() == Approx(0.01));
  const auto most = FaceDistribution::of(torch::zeros({4}), covariance, 0.99);
  CHECK(most.draws() == 2);
  CHECK(most.directions.sizes().vec() == std::vector<int64_t>{2, 4});
  CHECK(std::abs(most.directions[0][1].item<double>()) == Approx(1));
  CHECK_THROWS_AS(FaceDistribution::of(torch::zeros({1}), torch::full({1, 1}, NAN)), Error);
}

TEST_CASE("normal numbers follow from their seed alone, and more of them begin alike") {
  const auto some = models::seeded_normals(4, 6, 7);
  const auto more = models::seeded_normals(500, 6, 7);
  CHECK(torch::equal(some, more.narrow(0, 0, 4)));
  CHECK_FALSE(torch::equal(some, models::seeded_normals(4, 6, 8)));
  CHECK(std::abs(more.mean().item<double>()) < 0.1);
  CHECK(more.std().item<double>() == Approx(1).margin(0.05));
}

TEST_CASE("a walk goes through every code, without corners, and closes") {
  torch::manual_seed(8);
  const auto codes = torch::randn({4, 3}, torch::kDouble);
  const auto curve = models::autoencoder::closed_curve(codes, 20);
  CHECK(curve.size(0) == 80);
  for (int64_t i = 0; i < 4; ++i) CHECK(torch::equal(curve[20 * i], codes[i]));
  const auto steps = torch::cat({curve, curve.narrow(0, 0, 2)}).diff(1, 0);
  const auto lengths = steps.square().sum(1).sqrt();
  const auto turns = steps.diff(1, 0).square().sum(1).sqrt();
  // The velocity hardly changes from one frame to the next, also where it ends and where it begins.
  CHECK(turns.max().item<double>() < 0.6 * lengths.max().item<double>());
  CHECK(torch::equal(models::autoencoder::closed_curve(codes.narrow(0, 0, 1), 3)[0], codes[0]));
}

TEST_CASE("a linear code finds the directions of a set, and what is left falls with its length") {
  const auto pictures = stretched(300);
  const auto code = LinearCode::fit(pictures, 4);
  CHECK(code.numbers() == 4);
  const double mean_only = code.error(pictures, 0);
  CHECK(mean_only == Approx((pictures - pictures.mean(0)).square().mean().item<double>()).epsilon(1e-4));
  double before = mean_only;
  for (int64_t used = 1; used <= 4; ++used) {
    const double error = code.error(pictures, used);
    CHECK(error < before);
    before = error;
  }
  CHECK(before < 1e-3);
  const auto drawn = code.sample(models::seeded_normals(2000, 4, 1), 8);
  CHECK((drawn - drawn.mean(0)).square().mean().item<double>() == Approx(mean_only).epsilon(0.15));
  CHECK(LinearCode::fit(pictures.narrow(0, 0, 3), 4).numbers() == 2);
}
