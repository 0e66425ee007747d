#include "catalog/liveportrait_layout.h"

#include <array>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace animate::catalog {
namespace {

namespace fs = std::filesystem;

constexpr auto kNetworks = std::to_array<std::string_view>(
    {"appearance_feature_extractor", "motion_extractor", "spade_generator", "warping_module"});
constexpr std::string_view kRetargeting = "stitching_retargeting_module";
constexpr std::string_view kPublished = "https://huggingface.co/KwaiVGI/LivePortrait";

bool is_file(const fs::path& path) {
  std::error_code ec;
  return fs::is_regular_file(path, ec);
}

bool is_folder(const fs::path& path) {
  std::error_code ec;
  return fs::is_directory(path, ec);
}

// The first of these that exists, or an empty path.
fs::path first_file(const std::vector<fs::path>& candidates) {
  for (const fs::path& candidate : candidates) {
    if (is_file(candidate)) return candidate;
  }
  return {};
}

}  // namespace

FaceModelFiles find_face_models(const fs::path& folder) {
  FaceModelFiles files;
  const fs::path absolute = fs::absolute(folder.empty() ? "." : folder).lexically_normal();
  const fs::path clean = absolute.has_filename() ? absolute : absolute.parent_path();
  const auto places = [&](const fs::path& published, const char* name) {
    return std::vector<fs::path>{clean / name, clean / published / name, clean.parent_path() / published / name};
  };
  const fs::path insightface = "insightface/models/buffalo_l";
  files.detector = first_file(places(insightface, "det_10g.onnx"));
  // YuNet has a file a year; the newest that is there.
  for (const char* yunet : {"face_detection_yunet_2026may.onnx", "face_detection_yunet_2023mar.onnx"}) {
    if (files.detector.empty()) files.detector = first_file(places("opencv", yunet));
  }
  files.landmarks106 = first_file(places(insightface, "2d106det.onnx"));
  files.landmarks203 = first_file(places("liveportrait", "landmark.onnx"));
  return files;
}

std::optional<FoundModel> find_liveportrait(const fs::path& folder) {
  fs::path home;
  for (const fs::path& candidate : {folder, folder / "liveportrait", folder / "pretrained_weights" / "liveportrait"}) {
    if (home.empty() && is_folder(candidate / "base_models")) home = candidate;
  }
  if (home.empty()) return std::nullopt;
  FoundModel found;
  found.name = fs::weakly_canonical(folder).filename().string();
  std::vector<std::string> missing;
  for (const std::string_view network : kNetworks) {
    const fs::path file = fs::path("base_models") / (std::string(network) + ".pth");
    if (is_file(home / file)) {
      found.parts[std::string(network)] = home / file;
    } else {
      missing.push_back(file.string());
    }
  }
  check(missing.empty(), ErrorKind::Input,
        "{}: the LivePortrait weights are incomplete, missing {}; download them from {} into the same places",
        show(home), fmt::join(missing, ", "), kPublished);
  const fs::path retargeting = home / "retargeting_models" / (std::string(kRetargeting) + ".pth");
  if (is_file(retargeting)) found.parts[std::string(kRetargeting)] = retargeting;
  found.config = first_file({home / "models.yaml", folder / "models.yaml"});
  found.faces = find_face_models(home);
  return found;
}

}  // namespace animate::catalog
