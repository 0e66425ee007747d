#pragma once

#include <filesystem>
#include <string>

#include "doctor/linked_libraries.h"

namespace animate::doctor {

// What LibTorch's CUDA is, and what of ours was built for it.
struct CudaFacts {
  bool built = false;        // LibTorch is built for CUDA
  int version = 0;           // of the CUDA runtime it is linked with, as 12040 for 12.4; 0: not told
  std::string cudnn;         // "9.0.0"; empty: not found
  bool graphs = false;       // libanimate records CUDA graphs
  bool copy_stream = false;  // and copies frames beside the kernels
};

// Asks CUDA's runtime and cuDNN for their versions, which needs no driver, and looks for our CUDA files in libanimate.
CudaFacts look_at_cuda(const LinkedLibraries& linked, const std::filesystem::path& engine);

// Whether a file holds these very bytes, which are at most 4 KB; read in pieces.
bool file_contains(const std::filesystem::path& file, const std::string& bytes);

// "12.4" of 12040.
std::string cuda_version_text(int version);

}  // namespace animate::doctor
