#include "doctor/gpu.h"

#include <dlfcn.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>

namespace animate::doctor {
namespace {

namespace fs = std::filesystem;

// "550.54.15" of "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar ..."; the open module has other
// words before it.
std::string driver_version(const fs::path& proc) {
  std::ifstream file(proc / "version");
  std::string word;
  while (file >> word) {
    const bool number = word.find('.') != std::string::npos && std::all_of(word.begin(), word.end(), [](char c) {
                          return c == '.' || std::isdigit(static_cast<unsigned char>(c)) != 0;
                        });
    if (number) return word.substr(0, 40);
  }
  return {};
}

// Model names, in the order of the cards' places on the bus.
std::vector<Card> cards_in_proc(const fs::path& proc) {
  std::vector<fs::path> folders;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(proc / "gpus", ec)) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  std::vector<Card> cards;
  for (const fs::path& folder : folders) {
    std::ifstream file(folder / "information");
    const std::string key = "Model:";
    for (std::string line; std::getline(file, line);) {
      const size_t at = line.find_first_not_of(" \t", key.size());
      if (line.starts_with(key) && at != std::string::npos) cards.push_back({line.substr(at, 100), 0, 0});
    }
  }
  return cards;
}

// CUDA's driver interface, as far as it is asked; the names are those of its library.
class DriverLibrary {
 public:
  explicit DriverLibrary(const std::string& file) : handle_(::dlopen(file.c_str(), RTLD_LAZY | RTLD_LOCAL)) {}

  bool loaded() const { return handle_ != nullptr; }

  template <typename... Args>
  int call(const char* name, Args... args) const {
    auto* const function = reinterpret_cast<int (*)(Args...)>(::dlsym(handle_, name));
    return function == nullptr ? kNoSuchFunction : function(args...);
  }

  std::string words(int error) const {
    const char* text = nullptr;
    return call("cuGetErrorString", error, &text) == 0 && text != nullptr ? text : fmt::format("error {}", error);
  }

  static constexpr int kNoDevice = 100;  // CUDA_ERROR_NO_DEVICE

 private:
  static constexpr int kNoSuchFunction = -1;
  void* handle_;  // never closed: the library does not expect to be
};

Card card_of(const DriverLibrary& cuda, int number) {
  constexpr int major_attribute = 75, minor_attribute = 76;  // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_*
  Card card;
  int device = 0, major = 0, minor = 0;
  if (cuda.call("cuDeviceGet", &device, number) != 0) return card;
  std::array<char, 256> name{};
  if (cuda.call("cuDeviceGetName", name.data(), static_cast<int>(name.size() - 1), device) == 0)
    card.name = name.data();
  if (cuda.call("cuDeviceGetAttribute", &major, major_attribute, device) == 0 &&
      cuda.call("cuDeviceGetAttribute", &minor, minor_attribute, device) == 0) {
    card.capability = 10 * major + minor;
  }
  size_t bytes = 0;
  if (cuda.call("cuDeviceTotalMem_v2", &bytes, device) == 0) card.memory = static_cast<int64_t>(bytes);
  return card;
}

void ask_driver(const std::string& library, Gpus& gpus) {
  const DriverLibrary cuda(library);
  if (!cuda.loaded()) {
    gpus.trouble = library + " is not found";
    return;
  }
  int count = 0;
  int error = cuda.call("cuInit", 0U);
  if (error == 0) error = cuda.call("cuDeviceGetCount", &count);
  cuda.call("cuDriverGetVersion", &gpus.driver_cuda);
  if (error != 0) {
    gpus.trouble = error == DriverLibrary::kNoDevice ? "it shows no card" : "it says: " + cuda.words(error);
    return;
  }
  gpus.answers = true;
  gpus.cards.clear();
  for (int i = 0; i < count; ++i) gpus.cards.push_back(card_of(cuda, i));
}

}  // namespace

Gpus look_at_gpus(const GpuPlaces& places) {
  Gpus gpus;
  gpus.driver = driver_version(places.proc);
  gpus.cards = cards_in_proc(places.proc);
  ask_driver(places.library, gpus);
  // Under Windows (WSL) there is nothing in /proc; the library answers all the same. Without a driver it says no more
  // than that, which is no trouble.
  gpus.loaded = !gpus.driver.empty() || gpus.answers;
  if (!gpus.loaded) gpus.trouble.clear();
  return gpus;
}

}  // namespace animate::doctor
