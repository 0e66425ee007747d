#include "doctor/gpu_findings.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace animate::doctor {
namespace {

// What a CUDA toolkit of a major version asks for at least, by NVIDIA's release notes: within one major version any
// driver of the first one's will do, and older cards have been dropped from its compiler and libraries.
struct Need {
  int cuda;        // major version
  int driver;      // major version of the driver
  int capability;  // ten times
};
constexpr std::array kNeeds{Need{11, 450, 35}, Need{12, 525, 50}, Need{13, 580, 75}};

const Need* need_of(int cuda_version) {
  const auto* const found =
      std::find_if(kNeeds.begin(), kNeeds.end(), [&](const Need& need) { return need.cuda == cuda_version / 1000; });
  return found == kNeeds.end() ? nullptr : found;
}

std::string capability_text(int capability) { return fmt::format("{}.{}", capability / 10, capability % 10); }

std::string text_of(const Card& card) {
  std::string text = card.name.empty() ? "an NVIDIA card" : card.name;
  if (card.capability > 0) text += ", compute capability " + capability_text(card.capability);
  if (card.memory > 0) text += fmt::format(", {:.1f} GB", static_cast<double>(card.memory) / 1e9);
  return text;
}

std::string driver_text(const Gpus& gpus) {
  std::string text = gpus.driver.empty() ? "a driver" : "driver " + gpus.driver;
  if (gpus.driver_cuda > 0) text += ", good for CUDA " + cuda_version_text(gpus.driver_cuda);
  return text;
}

// Why this driver cannot serve this CUDA; empty: it can, as far as is known.
std::string too_old_driver(const Gpus& gpus, const CudaFacts& cuda) {
  const Need* need = need_of(cuda.version);
  if (need == nullptr) return {};
  const int driver = std::atoi(gpus.driver.c_str());
  const bool old_number = driver > 0 && driver < need->driver;
  const bool old_cuda = gpus.driver_cuda > 0 && gpus.driver_cuda / 1000 < need->cuda;
  if (!old_number && !old_cuda) return {};
  return fmt::format("driver {} is too old for CUDA {}: it needs {}", gpus.driver.empty() ? "here" : gpus.driver,
                     cuda_version_text(cuda.version), need->driver);
}

bool too_old(const Card& card, const CudaFacts& cuda) {
  const Need* need = need_of(cuda.version);
  return need != nullptr && card.capability > 0 && card.capability < need->capability;
}

Finding card_finding(size_t number, const Card& card, const CudaFacts& cuda) {
  const std::string text = fmt::format("{}: {}", number, text_of(card));
  if (!cuda.built || !too_old(card, cuda)) return {"GPU", Health::Good, text, ""};
  return {"GPU", Health::Note,
          fmt::format("{}, is too old for CUDA {}: it needs compute capability {}", text,
                      cuda_version_text(cuda.version), capability_text(need_of(cuda.version)->capability)),
          "build with a LibTorch of an older CUDA: cmake --preset release -DCMAKE_PREFIX_PATH=/path/to/libtorch"};
}

Finding cuda_finding(const CudaFacts& cuda) {
  std::string text = cuda.version > 0 ? cuda_version_text(cuda.version) : "of unknown version";
  text += cuda.cudnn.empty() ? ", without cuDNN" : ", cuDNN " + cuda.cudnn;
  std::vector<std::string> absent;
  if (!cuda.graphs) absent.emplace_back("CUDA graphs");
  if (!cuda.copy_stream) absent.emplace_back("copies beside the kernels");
  if (absent.empty())
    return {"CUDA", Health::Good, text + "; CUDA graphs and copies beside the kernels are built in", ""};
  return {"CUDA", Health::Note, fmt::format("{}; built without {}", text, fmt::join(absent, " and ")),
          "CUDA's headers were missing or did not fit when this was built: apt-get install nvidia-cuda-toolkit, build "
          "again"};
}

// The device that --device auto takes.
Finding device_finding(int cores, const Gpus& gpus, const CudaFacts& cuda) {
  const std::string cpu = fmt::format("cpu, {} {}", cores, cores == 1 ? "core" : "cores");
  if (!gpus.loaded) {
    if (!cuda.built) return {"device", Health::Good, cpu, ""};
    return {"device", Health::Note, cpu + "; LibTorch is built for CUDA, but no NVIDIA driver is loaded", ""};
  }
  if (!cuda.built) {
    return {"device", Health::Note, cpu + "; there is an NVIDIA card, but this LibTorch is built without CUDA",
            "build with a CUDA LibTorch: scripts/setup.sh --cuda, or cmake --preset release "
            "-DCMAKE_PREFIX_PATH=/path/to/libtorch"};
  }
  if (const std::string old = too_old_driver(gpus, cuda); !old.empty()) {
    return {"device", Health::Note, cpu + "; " + old, "install a newer NVIDIA driver and restart"};
  }
  if (!gpus.answers) {
    return {"device", Health::Note,
            fmt::format("{}; {} is loaded, but does not answer: {}", cpu, driver_text(gpus), gpus.trouble),
            "see what nvidia-smi says; a container needs its GPUs given (--gpus all)"};
  }
  const bool any =
      std::any_of(gpus.cards.begin(), gpus.cards.end(), [&](const Card& card) { return !too_old(card, cuda); });
  if (!any) return {"device", Health::Note, cpu + "; no card fits this build", ""};
  return {"device", Health::Good, "cuda, and " + cpu + "; " + driver_text(gpus), ""};
}

}  // namespace

std::vector<Finding> gpu_findings(int cores, const Gpus& gpus, const CudaFacts& cuda) {
  std::vector<Finding> findings;
  if (cuda.built) findings.push_back(cuda_finding(cuda));
  findings.push_back(device_finding(cores, gpus, cuda));
  for (size_t i = 0; i < gpus.cards.size() && gpus.loaded; ++i) {
    findings.push_back(card_finding(i, gpus.cards[i], cuda));
  }
  return findings;
}

std::string what_brings(const std::string& soname) {
  if (soname.starts_with("libcuda.so")) {
    return "it comes with NVIDIA's driver; where there is none, apt-get install libcuda1 brings the file alone";
  }
  if (soname.starts_with("libcudnn")) return "cuDNN is missing; see scripts/setup.sh --cuda --cudnn FOLDER";
  return "scripts/setup.sh installs what is missing";
}

}  // namespace animate::doctor
