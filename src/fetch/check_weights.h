#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

#include "catalog/weights_list.h"

namespace animate::fetch {

enum class Verdict {
  Right,    // size and SHA-256 are the published ones
  Wrong,    // damaged, an LFS pointer, or missing though needed
  Absent,   // missing, but the model runs without it
  Unknown,  // not of the list: nothing can be said
};

struct CheckedFile {
  std::filesystem::path path;
  Verdict verdict = Verdict::Unknown;
  std::string sentence;  // "is the published one", "has 12 bytes, published are 345; …"
};

struct CheckReport {
  int64_t right = 0, wrong = 0, absent = 0, unknown = 0;
  std::string model;  // name of the published model that a wrong file is of; empty: none
};

// Compares the weights files in `place`, a folder (with those below it) or one file, with the list: a file is known by
// its path or, under another name, by size and hash. `tell` hears of each as soon as it is judged. Throws Error(Input)
// when there is nothing to check, Error(Cancelled) when stopped.
CheckReport check_weights(const std::filesystem::path& place, const catalog::WeightsList& list,
                          const std::function<void(const CheckedFile&)>& tell, const std::stop_token& stop);

}  // namespace animate::fetch
