#include "doctor/libraries.h"

#include <dlfcn.h>

#include <fstream>

namespace animate::doctor {
namespace {

namespace fs = std::filesystem;

// "1.13.0" of libtorch_cpu.so.1.13.0, links followed; empty where the name holds none.
std::string version_in_name(const fs::path& file) {
  std::error_code ec;
  const std::string name = fs::canonical(file, ec).filename().string();
  const size_t at = name.find(".so.");
  return ec || at == std::string::npos ? std::string() : name.substr(at + 4);
}

// Upstream LibTorch has its version in a file beside its lib folder.
std::string torch_version(const fs::path& file) {
  if (std::string version = version_in_name(file); !version.empty()) return version;
  std::ifstream stream(file.parent_path().parent_path() / "build-version");
  std::string version;
  std::getline(stream, version);
  return version.empty() ? "of unknown version" : version.substr(0, 40);
}

void ask_ffmpeg(const LinkedLibraries& linked, Libraries& libraries) {
  const fs::path util = linked.starting("libavutil.so");
  const fs::path codec = linked.starting("libavcodec.so");
  if (util.empty() || codec.empty()) return;
  libraries.ffmpeg = version_in_name(util);
  // Never closed: FFmpeg's libraries do not expect to be.
  if (void* handle = ::dlopen(util.c_str(), RTLD_LAZY | RTLD_LOCAL); handle != nullptr) {
    auto* const version = reinterpret_cast<const char* (*)()>(::dlsym(handle, "av_version_info"));
    if (version != nullptr) libraries.ffmpeg = version();
  }
  void* handle = ::dlopen(codec.c_str(), RTLD_LAZY | RTLD_LOCAL);
  if (handle == nullptr) return;
  auto* const find = reinterpret_cast<const void* (*)(const char*)>(::dlsym(handle, "avcodec_find_encoder_by_name"));
  if (find == nullptr) return;
  for (const std::string& name : wanted_encoders()) {
    (find(name.c_str()) != nullptr ? libraries.encoders : libraries.missing_encoders).push_back(name);
  }
}

// Decoders of libheif are plugins of their own on some systems.
void ask_heif(const LinkedLibraries& linked, Libraries& libraries) {
  constexpr int hevc = 1, av1 = 4;  // heif_compression_format
  const fs::path file = linked.starting("libheif.so");
  if (file.empty()) return;
  void* handle = ::dlopen(file.c_str(), RTLD_LAZY | RTLD_LOCAL);
  if (handle == nullptr) return;
  auto* const version = reinterpret_cast<const char* (*)()>(::dlsym(handle, "heif_get_version"));
  auto* const can_decode = reinterpret_cast<int (*)(int)>(::dlsym(handle, "heif_have_decoder_for_format"));
  if (version == nullptr || can_decode == nullptr) return;
  libraries.heif = version();
  libraries.reads_heic = can_decode(hevc) != 0;
  libraries.reads_avif = can_decode(av1) != 0;
}

}  // namespace

const std::vector<std::string>& wanted_encoders() {
  static const std::vector<std::string> names{"libx264", "aac", "libvpx-vp9", "libopus", "gif", "png", "mjpeg"};
  return names;
}

Blas blas_of(const fs::path& file) {
  const std::string path = file.string();
  if (path.find("openblas-openmp") != std::string::npos) return Blas::OpenBlasOpenMp;
  if (path.find("openblas-pthread") != std::string::npos) return Blas::OpenBlasThreads;
  if (path.find("openblas-serial") != std::string::npos) return Blas::OpenBlasSerial;
  return path.find("/blas/libblas") != std::string::npos ? Blas::Reference : Blas::Other;
}

Libraries look_at_libraries(const fs::path& engine) {
  Libraries libraries;
  if (engine.empty()) return libraries;
  libraries.engine = engine;
  const LinkedLibraries linked = linked_libraries(engine);
  libraries.listed = linked.listed;
  libraries.missing = linked.missing;
  std::error_code ec;
  if (const fs::path torch = linked.starting("libtorch_cpu.so"); !torch.empty()) {
    libraries.torch = torch_version(torch);
    libraries.cuda = look_at_cuda(linked, engine);
  }
  if (const fs::path blas = linked.starting("libblas.so"); !blas.empty()) {
    libraries.blas_file = fs::canonical(blas, ec);
    libraries.blas = blas_of(libraries.blas_file);
  }
  if (const fs::path core = linked.starting("libopencv_core.so"); !core.empty()) {
    libraries.opencv = version_in_name(core);
  }
  ask_ffmpeg(linked, libraries);
  ask_heif(linked, libraries);
  return libraries;
}

}  // namespace animate::doctor
