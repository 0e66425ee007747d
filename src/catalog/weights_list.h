#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace animate::catalog {

// One published weights file, as configs/weights.json has it.
struct PublishedFile {
  std::string path;       // inside the model's folder: "liveportrait/landmark.onnx"
  std::string url;        // empty: published without a stable address
  int64_t bytes = 0;      // size, positive
  std::string sha256;     // 64 lower-case hex digits
  std::string licence;    // its owner's
  bool needed = true;     // false: the model runs without it, with less
  std::string purpose;    // what it is for, in a few words
  std::string only_with;  // the flag that asks for it, as in "insightface"; empty: it comes with the model
  bool exact = true;      // false: the size is computed from the arrays, and may be off by a header's length

  // Whether a file of so many bytes may be this one; only the hash tells for sure.
  bool fits(int64_t size) const;
};

// The files that make one model.
struct PublishedModel {
  std::string name;    // as `animate models fetch` takes it
  std::string family;  // liveportrait, fomm, video_diffusion, or faces
  std::string about;
  std::string page;  // where people read about it
  std::vector<PublishedFile> files;
  std::string licence_page = {};  // a licence that is to be read there and taken before anything comes; empty: none
  bool gated = false;             // its page wants people to log in and to accept the licence there

  // The model without what has to be asked for, or with what this flag asks for.
  PublishedModel without_extras() const;
  PublishedModel with_extras(std::string_view flag) const;
  int64_t bytes() const;         // of all files
  bool fetchable() const;        // whether any file has an address
  std::string licences() const;  // each once: "MIT; non-commercial use (InsightFace)"
};

struct WeightsList {
  std::vector<PublishedModel> models;

  // The model of this name, or nullptr.
  const PublishedModel* of(std::string_view name) const;
};

// Reads the list's JSON text. Strict: unknown and missing keys, paths that leave the model's folder, addresses that are
// not http(s), and hashes that are none are refused. Throws Error(Input) that begins with `shown`.
WeightsList parse_weights_list(std::string_view text, const std::string& shown);

// The list that is installed with the program, or the file that $ANIMATE_WEIGHTS_LIST names (for tests and for houses
// with models of their own). Throws Error(Input) when there is none or it is damaged.
WeightsList published_weights();

}  // namespace animate::catalog
