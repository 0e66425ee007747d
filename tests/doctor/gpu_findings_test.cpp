#include "doctor/gpu_findings.h"

#include "support/catch.h"

using namespace animate::doctor;
using namespace animate;

namespace {

CudaFacts cuda124() { return {true, 12040, "9.0.0", true, true}; }

Gpus sound_gpus() {
  Gpus gpus;
  gpus.loaded = gpus.answers = true;
  gpus.driver = "550.54.15";
  gpus.driver_cuda = 12040;
  gpus.cards = {{"NVIDIA H200", 90, 150'000'000'000}};
  return gpus;
}

std::string texts_of(const std::string& area, const std::vector<Finding>& findings, Health health) {
  std::string all;
  for (const Finding& finding : findings) {
    if (finding.area != area) continue;
    CHECK(finding.health == health);
    all += (all.empty() ? "" : " | ") + finding.text;
  }
  return all;
}

}  // namespace

TEST_CASE("a card that fits is told with its driver and LibTorch's CUDA") {
  const auto findings = gpu_findings(4, sound_gpus(), cuda124());
  CHECK(texts_of("CUDA", findings, Health::Good) ==
        "12.4, cuDNN 9.0.0; CUDA graphs and copies beside the kernels are built in");
  CHECK(texts_of("device", findings, Health::Good) == "cuda, and cpu, 4 cores; driver 550.54.15, good for CUDA 12.4");
  CHECK(texts_of("GPU", findings, Health::Good) == "0: NVIDIA H200, compute capability 9.0, 150.0 GB");
}

TEST_CASE("without a driver the CPU is taken, and a CUDA build says why") {
  CHECK(texts_of("device", gpu_findings(1, {}, {}), Health::Good) == "cpu, 1 core");
  const auto findings = gpu_findings(2, {}, cuda124());
  CHECK(texts_of("device", findings, Health::Note) ==
        "cpu, 2 cores; LibTorch is built for CUDA, but no NVIDIA driver is loaded");
  CHECK(findings.size() == 2);
}

TEST_CASE("a driver that is too old for LibTorch's CUDA is named with the one it needs") {
  Gpus gpus = sound_gpus();
  gpus.driver = "470.82.01";
  gpus.driver_cuda = 11040;
  CHECK(texts_of("device", gpu_findings(2, gpus, cuda124()), Health::Note) ==
        "cpu, 2 cores; driver 470.82.01 is too old for CUDA 12.4: it needs 525");
  // CUDA 12.1 on a driver of 12.0 is what NVIDIA calls minor version compatibility.
  gpus.driver = "525.60.13";
  gpus.driver_cuda = 12000;
  CHECK(texts_of("device", gpu_findings(2, gpus, cuda124()), Health::Good) ==
        "cuda, and cpu, 2 cores; driver 525.60.13, good for CUDA 12");
  CudaFacts cuda13 = cuda124();
  cuda13.version = 13000;
  CHECK(texts_of("device", gpu_findings(2, gpus, cuda13), Health::Note) ==
        "cpu, 2 cores; driver 525.60.13 is too old for CUDA 13: it needs 580");
  // Under Windows the driver's number is not told; what CUDA it can is.
  gpus.driver.clear();
  gpus.driver_cuda = 11080;
  CHECK(texts_of("device", gpu_findings(2, gpus, cuda124()), Health::Note) ==
        "cpu, 2 cores; driver here is too old for CUDA 12.4: it needs 525");
}

TEST_CASE("a card that is too old for the build is named") {
  Gpus gpus = sound_gpus();
  gpus.cards.push_back({"Tesla K80", 37, 12'000'000'000});
  auto findings = gpu_findings(2, gpus, cuda124());
  CHECK(texts_of("device", findings, Health::Good) == "cuda, and cpu, 2 cores; driver 550.54.15, good for CUDA 12.4");
  CHECK(findings.back().text ==
        "1: Tesla K80, compute capability 3.7, 12.0 GB, is too old for CUDA 12.4: it needs compute capability 5.0");
  CHECK(findings.back().health == Health::Note);
  CHECK_FALSE(findings.back().advice.empty());
  gpus.cards.erase(gpus.cards.begin());
  findings = gpu_findings(2, gpus, cuda124());
  CHECK(texts_of("device", findings, Health::Note) == "cpu, 2 cores; no card fits this build");
}

TEST_CASE("a driver that does not answer says why") {
  Gpus gpus = sound_gpus();
  gpus.answers = false;
  gpus.driver_cuda = 0;
  gpus.trouble = "libcuda.so.1 is not found";
  const auto findings = gpu_findings(2, gpus, cuda124());
  CHECK(texts_of("device", findings, Health::Note) ==
        "cpu, 2 cores; driver 550.54.15 is loaded, but does not answer: libcuda.so.1 is not found");
}

TEST_CASE("a card without a CUDA LibTorch is told, with how to get one") {
  const auto findings = gpu_findings(2, sound_gpus(), {});
  CHECK(texts_of("CUDA", findings, Health::Good).empty());
  CHECK(texts_of("device", findings, Health::Note) ==
        "cpu, 2 cores; there is an NVIDIA card, but this LibTorch is built without CUDA");
  CHECK(texts_of("GPU", findings, Health::Good) == "0: NVIDIA H200, compute capability 9.0, 150.0 GB");
}

TEST_CASE("a CUDA LibTorch without our CUDA files or cuDNN says so") {
  CudaFacts cuda = cuda124();
  cuda.graphs = cuda.copy_stream = false;
  cuda.cudnn.clear();
  const auto findings = gpu_findings(2, sound_gpus(), cuda);
  CHECK(texts_of("CUDA", findings, Health::Note) ==
        "12.4, without cuDNN; built without CUDA graphs and copies beside the kernels");
}

TEST_CASE("a missing library is told with what brings it") {
  CHECK(what_brings("libcuda.so.1") ==
        "it comes with NVIDIA's driver; where there is none, apt-get install libcuda1 brings the file alone");
  CHECK(what_brings("libcudnn.so.9") == "cuDNN is missing; see scripts/setup.sh --cuda --cudnn FOLDER");
  CHECK(what_brings("libavcodec.so.61") == "scripts/setup.sh installs what is missing");
}
