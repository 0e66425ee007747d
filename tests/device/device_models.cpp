#include "device/device_models.h"

#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "animate/option_visitor.h"
#include "models/fomm/fomm_model.h"
#include "models/liveportrait/liveportrait_model.h"
#include "support/device.h"
#include "support/fixtures.h"

namespace animate::test {
namespace {

namespace fs = std::filesystem;

core::Precision applied(const Setting& setting) {
  const core::Precision precision = core::choose_precision(setting.precision, setting.device);
  core::apply_precision(precision, setting.device);
  return precision;
}

std::shared_ptr<const models::DrivenModel> fomm(const Setting& setting) {
  const fs::path root = fixtures_root() / "fomm";
  const auto config = models::fomm::Config::load(root / "configs" / "singlejac.yaml");
  models::fomm::Networks networks(config);
  networks.load(checkpoint::Checkpoint::open(root / "checkpoints" / "singlejac.legacy.pth.tar"));
  networks.fold();
  if (setting.fast_convolutions) networks.use_fast_convolutions(core::nn::ConvMode::Winograd);
  return std::make_shared<models::fomm::FommModel>("singlejac", config, networks, core::AlignCorners::Off,
                                                   setting.device, applied(setting), setting.recorder);
}

// Without the retargeting networks, which are those of another number of keypoints here.
std::shared_ptr<const models::DrivenModel> liveportrait(const Setting& setting) {
  using namespace models::liveportrait;
  const fs::path folder = fixtures_root() / "liveportrait" / "nets_B";
  models::ModelFiles files;
  files.name = "nets_B";
  for (const char* network : {kAppearance, kMotion, kWarping, kSpade}) {
    files.parts.emplace(network,
                        checkpoint::Checkpoint::open(folder / "base_models" / (std::string(network) + ".pth")));
  }
  files.config = folder / "models.yaml";
  const Config config = find_config(files);
  Networks networks(config);
  networks.load(files);
  networks.fold();
  if (setting.fast_convolutions) networks.use_fast_convolutions(core::nn::ConvMode::Winograd);
  return std::make_shared<LivePortraitModel>("nets_B", config, std::move(networks), catalog::FaceModelFiles{},
                                             setting.device, applied(setting), std::function<Networks()>(),
                                             setting.recorder);
}

struct Rerun : core::cuda::RecordedWork {
  explicit Rerun(std::function<void()> given) : work(std::move(given)) {}
  void replay() override { work(); }
  std::function<void()> work;
};

}  // namespace

PrecisionChoice precision() {
  const char* name = std::getenv("ANIMATE_TEST_PRECISION");
  if (name == nullptr || *name == '\0') return PrecisionChoice::Fp32;
  for (const PrecisionChoice choice :
       {PrecisionChoice::Fp32, PrecisionChoice::Tf32, PrecisionChoice::Fp16, PrecisionChoice::Bf16}) {
    if (word_of(choice) == name) return choice;
  }
  throw std::runtime_error(std::string("ANIMATE_TEST_PRECISION=") + name + ": is none of fp32, tf32, fp16, bf16");
}

Tolerance tolerance_of(PrecisionChoice choice) {
  switch (choice) {
    case PrecisionChoice::Tf32: return {0.05, 2e-3};
    case PrecisionChoice::Fp16: return {0.05, 2e-3};
    case PrecisionChoice::Bf16: return {0.3, 1e-2};
    default: return {1e-3, 1e-5};
  }
}

Setting tested_setting() { return {device(), precision(), device().is_cpu(), {}}; }

Setting reference_setting() { return {}; }

std::vector<Kind> kinds() { return {{"fomm", fomm}, {"liveportrait", liveportrait}}; }

core::cuda::GraphRecorder counting_recorder(const torch::Device& device, int& recordings) {
  const core::cuda::GraphRecorder real = device.is_cuda() ? core::cuda::graph_recorder() : core::cuda::GraphRecorder();
  return [real, &recordings](const std::function<void()>& work) -> std::unique_ptr<core::cuda::RecordedWork> {
    ++recordings;
    if (real) return real(work);
    return std::make_unique<Rerun>(work);
  };
}

}  // namespace animate::test
