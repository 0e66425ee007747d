#include "doctor/gpu.h"

#include <cstdlib>
#include <fstream>

#include "doctor/cuda_facts.h"
#include "support/catch.h"
#include "support/temp_dir.h"

using namespace animate::doctor;
using namespace animate;

namespace {

namespace fs = std::filesystem;

// A folder as the driver has it in /proc.
fs::path made_up_proc(const fs::path& folder) {
  fs::create_directories(folder / "gpus" / "0000:3b:00.0");
  fs::create_directories(folder / "gpus" / "0000:af:00.0");
  std::ofstream(folder / "version") << "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5 2024\n"
                                       "GCC version:  gcc version 12.2.0 (Debian 12.2.0-14)\n";
  std::ofstream(folder / "gpus" / "0000:3b:00.0" / "information") << "Model: \t\t NVIDIA A100\nIRQ:   \t\t 24\n";
  std::ofstream(folder / "gpus" / "0000:af:00.0" / "information") << "Model: \t\t Tesla K80\n";
  return folder;
}

}  // namespace

TEST_CASE("a driver that answers tells its cards") {
  const test::TempDir folder;
  const Gpus gpus = look_at_gpus({made_up_proc(folder.path() / "nvidia"), FAKE_CUDA_LIBRARY});
  CHECK(gpus.loaded);
  CHECK(gpus.answers);
  CHECK(gpus.driver == "550.54.15");
  CHECK(gpus.driver_cuda == 12060);
  CHECK(gpus.trouble.empty());
  REQUIRE(gpus.cards.size() == 2);
  CHECK(gpus.cards[0].name == "NVIDIA A100");
  CHECK(gpus.cards[0].capability == 80);
  CHECK(gpus.cards[0].memory == 40'000'000'000);
  CHECK(gpus.cards[1].name == "Tesla K80");
  CHECK(gpus.cards[1].capability == 37);
}

TEST_CASE("the open driver's version is read") {
  const test::TempDir folder;
  std::ofstream(folder.path() / "version")
      << "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  565.57.01  Release\n";
  CHECK(look_at_gpus({folder.path(), "libno_such.so"}).driver == "565.57.01");
}

TEST_CASE("a driver whose library is absent or fails is told with its cards' names") {
  const test::TempDir folder;
  const fs::path proc = made_up_proc(folder.path() / "nvidia");
  Gpus gpus = look_at_gpus({proc, "libno_such_cuda.so.1"});
  CHECK(gpus.loaded);
  CHECK_FALSE(gpus.answers);
  CHECK(gpus.trouble == "libno_such_cuda.so.1 is not found");
  REQUIRE(gpus.cards.size() == 2);
  CHECK(gpus.cards[1].name == "Tesla K80");
  CHECK(gpus.cards[1].capability == 0);
  ::setenv("FAKE_CUDA_ERROR", "100", 1);
  CHECK(look_at_gpus({proc, FAKE_CUDA_LIBRARY}).trouble == "it shows no card");
  ::setenv("FAKE_CUDA_ERROR", "999", 1);
  CHECK(look_at_gpus({proc, FAKE_CUDA_LIBRARY}).trouble == "it says: unknown error");
  ::setenv("FAKE_CUDA_ERROR", "804", 1);
  gpus = look_at_gpus({proc, FAKE_CUDA_LIBRARY});
  ::unsetenv("FAKE_CUDA_ERROR");
  CHECK(gpus.trouble == "it says: error 804");
  CHECK_FALSE(gpus.answers);
}

TEST_CASE("without a driver there is nothing to tell") {
  const test::TempDir folder;
  const Gpus none = look_at_gpus({folder.path() / "none", "libno_such_cuda.so.1"});
  CHECK_FALSE(none.loaded);
  CHECK(none.trouble.empty());
  // The library may be there without a driver: Debian's libcuda1 is.
  ::setenv("FAKE_CUDA_ERROR", "100", 1);
  const Gpus library_alone = look_at_gpus({folder.path() / "none", FAKE_CUDA_LIBRARY});
  ::unsetenv("FAKE_CUDA_ERROR");
  CHECK_FALSE(library_alone.loaded);
  CHECK(library_alone.trouble.empty());
  // Under Windows only the library tells.
  const Gpus wsl = look_at_gpus({folder.path() / "none", FAKE_CUDA_LIBRARY});
  CHECK(wsl.loaded);
  CHECK(wsl.driver.empty());
  CHECK(wsl.cards.size() == 2);
}

TEST_CASE("LibTorch's CUDA, cuDNN and our files for it are told") {
  const test::TempDir folder;
  const fs::path engine = folder.path() / "libanimate.so.0";
  std::ofstream(engine) << std::string((size_t{1} << 20) - 5, 'x') << "13CudaGraphWork" << std::string(100, 'x');
  LinkedLibraries linked;
  linked.found["libtorch_cpu.so"] = folder.path() / "libtorch_cpu.so";
  CHECK_FALSE(look_at_cuda(linked, engine).built);
  std::ofstream(folder.path() / "libtorch_cuda.so") << "";  // beside it, as in PyTorch's zip
  CudaFacts facts = look_at_cuda(linked, engine);
  CHECK(facts.built);
  CHECK(facts.version == 0);
  CHECK(facts.cudnn.empty());
  CHECK(facts.graphs);  // its name lies across two pieces of the file
  CHECK_FALSE(facts.copy_stream);
  linked.found["libcublas.so.12"] = "/none/libcublas.so.12";
  CHECK(look_at_cuda(linked, engine).version == 12000);
  // PyTorch's zip has names of its own: libcudart-9335f6a2.so.12
  linked.found["libcudart-9335f6a2.so.12"] = FAKE_CUDA_LIBRARY;
  linked.found["libcudnn.so.9"] = FAKE_CUDA_LIBRARY;
  facts = look_at_cuda(linked, engine);
  CHECK(facts.version == 12040);
  CHECK(facts.cudnn == "9.1.0");
  CHECK(cuda_version_text(12040) == "12.4");
  CHECK(cuda_version_text(12000) == "12");
}

TEST_CASE("words are found in a file wherever they lie") {
  const test::TempDir folder;
  const fs::path file = folder.path() / "file";
  std::ofstream(file) << "needle";
  CHECK(file_contains(file, "needle"));
  CHECK_FALSE(file_contains(file, "needles"));
  CHECK_FALSE(file_contains(folder.path() / "none", "needle"));
  for (const size_t before : {(size_t{1} << 20) - 6, (size_t{1} << 20) - 3, size_t{1} << 20, (size_t{2} << 20) - 1}) {
    std::ofstream(file) << std::string(before, 'n') << "needle";
    CHECK(file_contains(file, "needle"));
    CHECK_FALSE(file_contains(file, "noodle"));
  }
}
