#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "doctor/cuda_facts.h"
#include "doctor/linked_libraries.h"

namespace animate::doctor {

enum class Blas {
  OpenBlasOpenMp,   // what LibTorch's own threads go well with
  OpenBlasThreads,  // threads of its own beside LibTorch's
  OpenBlasSerial,   // one thread
  Reference,        // correct and about forty times slower
  Other,            // MKL, or built into LibTorch
};

// What stands behind libanimate on this machine, told without loading LibTorch.
struct Libraries {
  std::filesystem::path engine;      // libanimate; empty: not found
  std::vector<std::string> missing;  // sonames that the loader does not find
  bool listed = false;
  std::string torch;  // version; empty: not found
  CudaFacts cuda;
  Blas blas = Blas::Other;
  std::filesystem::path blas_file;
  std::string ffmpeg;                         // version; empty: not found
  std::vector<std::string> encoders;          // those of wanted_encoders() that this FFmpeg has
  std::vector<std::string> missing_encoders;  // those that it has not
  std::string opencv;                         // version; empty: not found
  std::string heif;                           // libheif's version; empty: not found or not asked
  bool reads_heic = false;                    // this libheif has a decoder for phones' photos (HEVC)
  bool reads_avif = false;                    // and one for AV1
};

// Encoders that results of the usual kinds need, the one for .mp4 first.
const std::vector<std::string>& wanted_encoders();

// `engine`: where libanimate lies; an empty path when it was not found. FFmpeg's codec library and libheif are loaded
// to ask them for encoders and decoders; that takes a few hundredths of a second.
Libraries look_at_libraries(const std::filesystem::path& engine);

// Which BLAS a file is, by its place; Debian keeps the variants in folders of their names.
Blas blas_of(const std::filesystem::path& file);

}  // namespace animate::doctor
