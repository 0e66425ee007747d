// The autoencoder of faces against numbers of torch, torchvision, numpy and Pillow: <root>/autoencoder/index.json is
// walked, so that another folder of the same layout with other widths passes untouched.
#include <algorithm>
#include <map>

#include "base/error.h"
#include "core/picture_grid.h"
#include "core/right_convolutions.h"
#include "core/weights.h"
#include "golden/autoencoder_case.h"
#include "models/autoencoder/autoencoder_codec.h"
#include "models/autoencoder/code_path.h"
#include "models/autoencoder/layout.h"
#include "models/autoencoder/networks.h"
#include "models/face_distribution.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "train/adam.h"
#include "train/run_checkpoint.h"
#include "train/sgd.h"

using namespace animate;
using checkpoint::Checkpoint;
using models::FaceDistribution;
using models::PooledCovariance;
using models::autoencoder::Config;
using models::autoencoder::FaceAutoencoderImpl;
using test::autoencoder_root;
using test::AutoencoderCase;
using test::cases_of;

namespace {

namespace fs = std::filesystem;
namespace autoencoder = models::autoencoder;

std::map<std::string, torch::Tensor> state_of(const torch::nn::Module& module) {
  std::map<std::string, torch::Tensor> state;
  for (const auto& item : module.named_parameters()) state[item.key()] = item.value();
  for (const auto& item : module.named_buffers()) state[item.key()] = item.value();
  return state;
}

// In training mode, with the start weights of the case.
std::shared_ptr<FaceAutoencoderImpl> start_networks(const AutoencoderCase& golden) {
  auto networks = std::make_shared<FaceAutoencoderImpl>(golden.sizes());
  const torch::NoGradGuard no_grad;
  for (auto& [name, tensor] : state_of(*networks)) tensor.copy_(golden.tensor("weights/" + name));
  return networks;
}

void compare_state(AutoencoderCase& golden, const std::string& prefix, const torch::nn::Module& module) {
  for (const auto& [name, tensor] : state_of(module)) golden.compare(prefix + "/" + name, tensor);
}

torch::Tensor every_second(const torch::Tensor& pictures) {
  return pictures.slice(2, 0, pictures.size(2), 2).slice(3, 0, pictures.size(3), 2);
}

double largest_gap(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().max().item<double>(); }

}  // namespace

TEST_CASE("codes and pictures are the original's, with running statistics") {
  for (AutoencoderCase& golden : cases_of("autoencoder_eval")) {
    const auto networks = start_networks(golden);
    networks->eval();
    const torch::NoGradGuard no_grad;
    const auto images = golden.input("images");
    const auto code = networks->encode(images);
    golden.compare("code", code);
    golden.compare("output", networks->decode(code));
    golden.compare("code_of_first_alone", networks->encode(images.narrow(0, 0, 1)));
    golden.require_all_compared();

    // The same through the interface, whose pictures are in [0, 1].
    const autoencoder::AutoencoderCodec codec("golden", *networks, true, std::nullopt, torch::kCPU);
    const auto codes = codec.encode(autoencoder::to_unit(images));
    CHECK(largest_gap(codes, code.flatten(1)) < 1e-5);
    CHECK(largest_gap(autoencoder::to_signed(codec.decode(codes)), networks->decode(code)) < 1e-5);
    CHECK(codec.info().numbers == golden.sizes().numbers);
  }
}

TEST_CASE("a forward in training mode, its loss, gradients and running statistics are the original's") {
  const core::RightGradients right;  // as a training run holds
  for (AutoencoderCase& golden : cases_of("autoencoder_train_forward")) {
    const auto networks = start_networks(golden);
    const auto images = golden.input("images");
    const auto output = networks->forward(images);
    const auto loss = torch::mse_loss(output, images);
    loss.backward();
    golden.compare("output_mean", output.mean());
    golden.compare("output_first", output[0]);
    golden.compare("loss", loss);
    for (const auto& item : networks->named_buffers()) golden.compare("after_forward/" + item.key(), item.value());
    for (const auto& item : networks->named_parameters()) golden.compare("gradient/" + item.key(), item.value().grad());
    golden.require_all_compared();
  }
}

TEST_CASE("steps of SGD with momentum and of Adam are the original's") {
  const core::RightGradients right;  // as a training run holds
  for (AutoencoderCase& golden : cases_of("autoencoder_optimise")) {
    const auto networks = start_networks(golden);
    const auto images = golden.input("images");
    const auto& config = golden.config();
    const bool adam = config.at("optimiser") == "adam";
    const double rate = config.at("lr");
    train::Adam by_adam(networks->parameters(), rate, train::Adam::Betas{0.9, 0.999});
    train::Sgd by_sgd(networks->parameters(), rate, config.value("momentum", 0.0));
    const auto stops = config.at("steps").get<std::vector<int64_t>>();
    std::vector<double> losses;
    for (int64_t step = 1; step <= stops.back(); ++step) {
      const auto loss = torch::mse_loss(networks->forward(images), images);
      losses.push_back(loss.item<double>());
      loss.backward();
      if (adam) {
        by_adam.step();
        by_adam.zero_grad();
      } else {
        by_sgd.step();
        by_sgd.zero_grad();
      }
      if (std::count(stops.begin(), stops.end(), step) > 0) {
        compare_state(golden, "after_" + std::to_string(step), *networks);
      }
    }
    golden.compare("losses", torch::tensor(losses, torch::kDouble));
    golden.require_all_compared();
  }
}

TEST_CASE("codes between two and their pictures are the original's, and the ends are exact") {
  for (AutoencoderCase& golden : cases_of("autoencoder_morph")) {
    const auto networks = start_networks(golden);
    networks->eval();
    const torch::NoGradGuard no_grad;
    const auto from = golden.input("code_a");
    const auto to = golden.input("code_b");
    for (const int64_t count : golden.config().at("counts").get<std::vector<int64_t>>()) {
      const std::string suffix = std::to_string(count);
      const auto path = autoencoder::straight_path(from, to, count);
      golden.compare("path_" + suffix, path);
      CHECK(torch::equal(path[0], from));
      CHECK(torch::equal(path[count - 1], to));
      const auto frames = networks->decode(path);
      golden.compare("frames_" + suffix + "_strided2", every_second(frames));
      golden.compare("frames_" + suffix + "_mean", frames.mean({2, 3}));
    }
    CHECK(largest_gap(autoencoder::between(from, to, 0.5), (from + to) / 2) < 1e-6);
    golden.require_all_compared();
  }
}

TEST_CASE("mean and covariance are numpy's over all codes, and so are the draws") {
  for (AutoencoderCase& golden : cases_of("autoencoder_distribution")) {
    const auto codes = golden.input("codes");
    PooledCovariance pooled;
    pooled.add(codes.narrow(0, 0, 7));
    pooled.add(codes.narrow(0, 7, 1));
    pooled.add(codes.narrow(0, 8, codes.size(0) - 8));
    CHECK(pooled.count() == codes.size(0));
    golden.compare("mean", pooled.mean());
    golden.compare("cov", pooled.covariance());

    // Directions may turn their signs in another library: numpy's own factor gives numpy's draws.
    const FaceDistribution numpys{golden.tensor("expect/mean"), golden.tensor("expect/svd_s"),
                                  golden.tensor("expect/svd_v")};
    golden.compare("samples", numpys.at(golden.input("normals")));
    const auto drawn = numpys.at(golden.input("numpy_normals"));
    golden.compare("numpy_samples", drawn);
    CHECK(largest_gap(numpys.at(golden.input("normals"), 0), numpys.mean.expand_as(golden.input("normals"))) == 0);

    const auto ours = FaceDistribution::of(pooled.mean(), pooled.covariance());
    golden.compare("svd_s", ours.variances);
    const auto rebuilt = (ours.directions.t() * ours.variances).matmul(ours.directions);
    CHECK(largest_gap(rebuilt, golden.tensor("expect/cov")) < 1e-9);

    const auto networks = start_networks(golden);
    networks->eval();
    const torch::NoGradGuard no_grad;
    const auto faces = golden.tensor("expect/numpy_samples_faces_strided2");
    const auto some = drawn.narrow(0, 0, faces.size(0)).to(torch::kFloat);
    golden.compare("numpy_samples_faces_strided2", every_second(networks->decode(some.unsqueeze(2).unsqueeze(3))));
    golden.require_all_compared({"expect/svd_v"});
  }
}

TEST_CASE("numpy's npz is read to the bit: stored, deflated, in Fortran's order, both versions of the header") {
  const auto index = test::read_json(autoencoder_root() / "index.json");
  for (AutoencoderCase& golden : cases_of("npz_reader")) {
    for (const auto& entry : index.at("cases")) {
      if (entry.at("name") != golden.name()) continue;
      for (const auto& name : entry.at("files")) {
        const fs::path path = autoencoder_root() / name.get<std::string>();
        if (path.extension() != ".npz") continue;
        const Checkpoint file = Checkpoint::open(path);
        CHECK(file.format() == Checkpoint::Format::Npz);
        for (const std::string& array : file.names()) {
          golden.compare(path.stem().string() + "/" + array, core::read_tensor(file.scope(""), array));
        }
      }
    }
    golden.require_all_compared();
  }
}

TEST_CASE("a distribution is read as numpy.savez wrote it") {
  const auto file = Checkpoint::open(autoencoder_root() / "face_distribution.npz");
  const auto distribution = models::read_distribution(file.scope(""));
  const auto covariance = core::read_tensor(file.scope(""), "arr_1").to(torch::kDouble);
  CHECK(torch::equal(distribution.mean, core::read_tensor(file.scope(""), "arr_0").to(torch::kDouble)));
  CHECK(distribution.draws() == distribution.length());
  const auto rebuilt = (distribution.directions.t() * distribution.variances).matmul(distribution.directions);
  CHECK(largest_gap(rebuilt, (covariance + covariance.t()) / 2) < 1e-6 * covariance.abs().max().item<double>() + 1e-9);
}

TEST_CASE("sheets are make_grid's") {
  for (AutoencoderCase& golden : cases_of("contact_sheet")) {
    const int64_t columns = golden.config().at("nrow");
    for (const std::string name : {"many", "one", "three"}) {
      for (const bool normalised : {false, true}) {
        const auto grid = core::picture_grid(golden.input(name), columns, normalised);
        const std::string key = name + (normalised ? "_normalized" : "");
        golden.compare(key, grid);
        const Image image = core::grid_image(grid);
        auto bytes = torch::empty({image.height(), image.width(), 3}, torch::kUInt8);
        std::copy_n(image.data(), image.size_bytes(), bytes.data_ptr<uint8_t>());
        golden.compare(key + "_u8", bytes);
      }
    }
    golden.require_all_compared();
  }
}

TEST_CASE("whole, wrapped and decoder-only files load, told by their content") {
  for (AutoencoderCase& golden : cases_of("autoencoder_checkpoint")) {
    INFO(golden.name());
    const Checkpoint file = Checkpoint::open(golden.file(0));
    REQUIRE(autoencoder::is_autoencoder(file));
    CHECK(autoencoder::told_config(file).width == golden.sizes().width);
    CHECK(autoencoder::told_config(file).numbers == golden.sizes().numbers);
    bool encodes = false;
    const auto networks = autoencoder::load_networks(file, encodes);
    const std::string holds = golden.config().at("holds");
    CHECK(encodes == (holds != "decoder"));
    if (holds == "training") {
      compare_state(golden, "model", *networks);
      continue;
    }
    for (const auto& [name, tensor] : state_of(*networks)) {
      if (!encodes && name.starts_with("encoder.")) continue;
      INFO(name);
      CHECK(torch::equal(tensor, golden.tensor("weights/" + name)));
    }
    const autoencoder::AutoencoderCodec codec("golden", *networks, encodes, std::nullopt, torch::kCPU);
    CHECK(codec.decode(torch::zeros({2, golden.sizes().numbers})).sizes().vec() == std::vector<int64_t>{2, 3, 64, 64});
    if (encodes) continue;
    const std::string refusal = test::error_of(ErrorKind::Model, [&] { codec.encode(torch::zeros({1, 3, 64, 64})); });
    CHECK(refusal ==
          "golden: holds the decoder only, which `animate faces` can use; a picture is turned into a code by the "
          "encoder: give weights with both");
  }
}

TEST_CASE("a training checkpoint of the original is gone on from: weights and momentum") {
  for (AutoencoderCase& golden : cases_of("autoencoder_checkpoint")) {
    if (golden.config().at("holds") != "training") continue;
    FaceAutoencoderImpl networks(golden.sizes());
    train::Sgd sgd(networks.parameters(), 1, 0.9);
    const train::TrainingState state{"an autoencoder", {{"model", &networks}}, {{"optimizer", nullptr, false, &sgd}}};
    const Checkpoint file = Checkpoint::open(golden.file(0));
    CHECK(train::read_run_progress(file, state).epoch >= 0);
    train::load_run_checkpoint(file, state);
    compare_state(golden, "model", networks);
    const auto parameters = networks.named_parameters();
    for (size_t i = 0; i < parameters.size(); ++i) {
      REQUIRE(sgd.velocities()[i].defined());
      golden.compare("momentum/" + parameters[i].key(), sgd.velocities()[i]);
    }
    CHECK(sgd.learning_rate() < 1);
    golden.require_all_compared();
  }
}

TEST_CASE("the networks have exactly the published tensors, in the published order") {
  std::vector<std::string> names{"encoder.0.weight"};
  const auto norm = [&names](const std::string& at) {
    for (const char* part : {"weight", "bias", "running_mean", "running_var", "num_batches_tracked"}) {
      names.push_back(at + "." + part);
    }
  };
  for (const int at : {2, 5, 8}) {
    names.push_back("encoder." + std::to_string(at) + ".weight");
    norm("encoder." + std::to_string(at + 1));
  }
  names.emplace_back("encoder.11.weight");
  for (const int at : {0, 3, 6, 9}) {
    names.push_back("decoder." + std::to_string(at) + ".weight");
    norm("decoder." + std::to_string(at + 1));
  }
  names.emplace_back("decoder.12.weight");
  names.emplace_back("decoder.12.bias");
  const FaceAutoencoderImpl networks{Config{}};
  CHECK(core::state_names(networks) == names);
  int64_t parameters = 0;
  for (const auto& parameter : networks.parameters()) parameters += parameter.numel();
  CHECK(parameters == 22'292'099);
  const auto state = state_of(networks);
  CHECK(state.at("encoder.0.weight").sizes().vec() == std::vector<int64_t>{64, 3, 4, 4});
  CHECK(state.at("encoder.11.weight").sizes().vec() == std::vector<int64_t>{1024, 512, 4, 4});
  CHECK(state.at("decoder.0.weight").sizes().vec() == std::vector<int64_t>{1024, 512, 4, 4});
  CHECK(state.at("decoder.12.weight").sizes().vec() == std::vector<int64_t>{64, 3, 4, 4});
}
