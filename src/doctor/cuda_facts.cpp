#include "doctor/cuda_facts.h"

#include <dlfcn.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <vector>

namespace animate::doctor {
namespace {

namespace fs = std::filesystem;

void* function_of(const fs::path& file, const char* name) {
  if (file.empty()) return nullptr;
  void* handle = ::dlopen(file.c_str(), RTLD_LAZY | RTLD_LOCAL);  // never closed: it does not expect to be
  return handle == nullptr ? nullptr : ::dlsym(handle, name);
}

// 12040 of the runtime itself; 12000 of a name such as libcublas.so.12 where there is none to ask.
int runtime_version(const LinkedLibraries& linked) {
  int version = 0;
  auto* const ask = reinterpret_cast<int (*)(int*)>(function_of(linked.starting("libcudart"), "cudaRuntimeGetVersion"));
  if (ask != nullptr && ask(&version) == 0) return version;
  for (const auto& [name, file] : linked.found) {
    const std::string prefix = "libcublas.so.";
    if (name.starts_with(prefix)) return 1000 * std::atoi(name.c_str() + prefix.size());
  }
  return 0;
}

// Since cuDNN 9 a version is major * 10000 + minor * 100 + patch, before that major * 1000.
std::string cudnn_version(const LinkedLibraries& linked) {
  auto* const ask = reinterpret_cast<size_t (*)()>(function_of(linked.starting("libcudnn.so"), "cudnnGetVersion"));
  if (ask == nullptr) return {};
  const size_t number = ask();
  const size_t unit = number >= 90000 ? 10000 : 1000;
  return fmt::format("{}.{}.{}", number / unit, number % unit / 100, number % 100);
}

}  // namespace

bool file_contains(const fs::path& file, const std::string& bytes) {
  std::ifstream stream(file, std::ios::binary);
  constexpr size_t piece = size_t{1} << 20;
  std::vector<char> window;
  const std::boyer_moore_horspool_searcher search(bytes.begin(), bytes.end());
  while (stream) {
    // What the last piece ended with stays, since the bytes may lie across two pieces.
    const size_t kept = std::min(window.size(), bytes.size() - 1);
    std::copy(window.end() - static_cast<std::ptrdiff_t>(kept), window.end(), window.begin());
    window.resize(kept + piece);
    stream.read(window.data() + kept, piece);
    window.resize(kept + static_cast<size_t>(stream.gcount()));
    if (std::search(window.begin(), window.end(), search) != window.end()) return true;
  }
  return false;
}

std::string cuda_version_text(int version) {
  const int minor = version % 1000 / 10;
  return minor == 0 && version % 10 == 0 ? fmt::format("{}", version / 1000)
                                         : fmt::format("{}.{}", version / 1000, minor);
}

CudaFacts look_at_cuda(const LinkedLibraries& linked, const fs::path& engine) {
  CudaFacts facts;
  std::error_code ec;
  const fs::path torch = linked.starting("libtorch_cpu.so");
  facts.built = !linked.starting("libtorch_cuda").empty() || !linked.starting("libc10_cuda").empty() ||
                (!torch.empty() && fs::exists(torch.parent_path() / "libtorch_cuda.so", ec));
  if (!facts.built) return facts;
  facts.version = runtime_version(linked);
  facts.cudnn = cudnn_version(linked);
  // The names of the classes, which their type information holds: core/cuda/graph.cpp, copy_stream.cpp.
  facts.graphs = file_contains(engine, "13CudaGraphWork");
  facts.copy_stream = file_contains(engine, "14CudaCopyStream");
  return facts;
}

}  // namespace animate::doctor
