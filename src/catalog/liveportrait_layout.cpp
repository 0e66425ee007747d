#include "catalog/liveportrait_layout.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <regex>
#include <set>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/error.h"
#include "base/file_kind.h"

namespace animate::catalog {
namespace {

namespace fs = std::filesystem;

constexpr auto kNetworks = std::to_array<std::string_view>(
    {"appearance_feature_extractor", "motion_extractor", "spade_generator", "warping_module"});
// Either kind of file; the published one first.
constexpr auto kSuffixes = std::to_array<std::string_view>({".pth", ".safetensors"});
// base_models, and base_models_v1.1 of the animals.
constexpr std::string_view kFolder = "base_models";
constexpr const char* kConfig = "models.yaml";
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

// The four networks in one folder, all of one kind of file where that is possible.
struct WeightsSet {
  fs::path home;    // the folder that has retargeting_models, landmark.onnx and models.yaml beside the weights
  fs::path folder;  // of the files: the home, or base_models or the like in it
  std::string suffix;
  std::map<std::string, fs::path> files;
  bool whole = false;  // all there, and none a web page or an LFS pointer

  bool complete() const { return files.size() == kNetworks.size(); }
  fs::path below_home() const { return folder == home ? fs::path() : folder.filename(); }
  // What a message calls the set: base_models, or base_models/*.safetensors beside files of the other kind.
  std::string shown() const { return show(folder) + "/*" + suffix; }
  // 1.1 of base_models_v1.1; what is published without a number is 1.0.
  std::pair<int, int> version() const {
    static const std::regex pattern("_v([0-9]{1,3})(?:[.]([0-9]{1,3}))?$");
    const std::string name = folder.filename().string();
    std::smatch found;
    if (!std::regex_search(name, found, pattern)) return {1, 0};
    return {std::stoi(found[1]), found[2].matched ? std::stoi(found[2]) : 0};
  }
};

bool is_no_leftover(const fs::path& path) {
  const FileKind kind = file_kind_of(path);
  return kind != FileKind::Empty && kind != FileKind::Html && kind != FileKind::LfsPointer;
}

// The files of `suffix` in a folder; with `mixed` those of the other kind fill the gaps.
WeightsSet set_in(const fs::path& home, const fs::path& folder, const std::string& suffix, bool mixed) {
  WeightsSet set{home, folder, suffix, {}};
  for (const std::string_view network : kNetworks) {
    for (const std::string_view kind : kSuffixes) {
      // FoundModel::location() goes up two levels, so that files in the home itself are written home/./file.
      const fs::path place = folder == home ? home / "." : folder;
      const fs::path file = place / (std::string(network) + std::string(kind));
      if ((kind == suffix || mixed) && is_file(file)) set.files.emplace(network, file);
    }
  }
  set.whole = set.complete() && std::all_of(set.files.begin(), set.files.end(),
                                            [](const auto& file) { return is_no_leftover(file.second); });
  return set;
}

// Every set of a home, the best first: whole before cut before incomplete, then newer before older, the published
// folder before a flat one, .pth before .safetensors. Times of files say nothing.
std::vector<WeightsSet> sets_of(const fs::path& home) {
  std::vector<fs::path> folders{home};
  std::error_code ec;
  for (fs::directory_iterator entry(home, ec), end; !ec && entry != end; entry.increment(ec)) {
    if (entry->path().filename().string().starts_with(kFolder) && is_folder(entry->path())) {
      folders.push_back(entry->path());
    }
  }
  std::vector<WeightsSet> sets;
  for (const fs::path& folder : folders) {
    std::vector<WeightsSet> here;
    for (const std::string_view suffix : kSuffixes) {
      WeightsSet set = set_in(home, folder, std::string(suffix), false);
      if (set.complete()) here.push_back(std::move(set));
    }
    if (here.empty()) here.push_back(set_in(home, folder, std::string(kSuffixes.front()), true));
    // An empty base_models is an incomplete set; any other folder without a network is none.
    if (here.front().files.empty() && folder == home) continue;
    sets.insert(sets.end(), here.begin(), here.end());
  }
  const auto rank = [](const WeightsSet& set) {
    return std::tuple(!set.whole, !set.complete(), -set.version().first, -set.version().second, set.folder == set.home,
                      set.suffix != kSuffixes.front(), set.folder.string());
  };
  std::sort(sets.begin(), sets.end(), [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  return sets;
}

// The homes in `folder` with their sets, humans' before animals' before others; the folder itself alone if it is one.
std::vector<std::vector<WeightsSet>> homes_in(const fs::path& folder) {
  if (auto own = sets_of(folder); !own.empty()) return {std::move(own)};
  std::vector<fs::path> places;
  for (const char* inner : {".", "pretrained_weights"}) {
    const fs::path outer = (folder / inner).lexically_normal();
    for (const char* name : {"liveportrait", "liveportrait_animals"}) places.push_back(outer / name);
    std::set<fs::path> others;
    std::error_code ec;
    for (fs::directory_iterator entry(outer, ec), end; !ec && entry != end; entry.increment(ec)) {
      if (is_folder(entry->path())) others.insert(entry->path().lexically_normal());
    }
    for (const fs::path& other : others) {
      if (std::find(places.begin(), places.end(), other) == places.end()) places.push_back(other);
    }
  }
  std::vector<std::vector<WeightsSet>> homes;
  for (const fs::path& place : places) {
    if (auto sets = sets_of(place); !sets.empty()) homes.push_back(std::move(sets));
  }
  return homes;
}

// In the home, beside the networks, beside the folder that was named itself, or with the humans' weights.
fs::path find_retargeting(const WeightsSet& set) {
  const fs::path home = fs::absolute(set.home).lexically_normal();
  std::vector<fs::path> candidates;
  const std::string other(kSuffixes.front() == set.suffix ? kSuffixes.back() : kSuffixes.front());
  for (const fs::path& place :
       {home / "retargeting_models", set.folder, home, home.parent_path() / "retargeting_models",
        home.parent_path() / "liveportrait" / "retargeting_models", home.parent_path() / "liveportrait"}) {
    for (const std::string& suffix : {set.suffix, other}) {
      candidates.push_back(place / (std::string(kRetargeting) + suffix));
    }
  }
  return first_file(candidates);
}

// Which set was taken, where there is a choice.
std::string note_of(const std::vector<std::vector<WeightsSet>>& homes) {
  const WeightsSet& taken = homes.front().front();
  std::vector<std::string> others;
  for (const auto& sets : homes) {
    for (const WeightsSet& set : sets) {
      const bool same = set.folder == taken.folder && set.suffix == taken.suffix;
      if (set.complete() && !same) others.push_back(set.shown());
    }
  }
  if (others.empty()) return {};
  return fmt::format("{}: these weights are taken; {} would serve too: give the folder with -m for {}", taken.shown(),
                     fmt::join(others, ", "), others.size() == 1 ? "it" : "one of them");
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
  const auto homes = homes_in(folder);
  if (homes.empty()) return std::nullopt;
  const fs::path& home = homes.front().front().home;
  const WeightsSet& set = homes.front().front();
  std::vector<std::string> missing;
  for (const std::string_view network : kNetworks) {
    if (!set.files.contains(std::string(network))) {
      missing.push_back((set.below_home() / (std::string(network) + set.suffix)).string());
    }
  }
  check(missing.empty(), ErrorKind::Input,
        "{}: the LivePortrait weights are incomplete, missing {}; download them from {} into the same places",
        show(home), fmt::join(missing, ", "), kPublished);
  FoundModel found;
  found.name = fs::weakly_canonical(folder).filename().string();
  found.family = "liveportrait";
  found.parts = set.files;
  if (const fs::path file = find_retargeting(set); !file.empty()) found.parts[std::string(kRetargeting)] = file;
  found.config = first_file({set.folder / kConfig, home / kConfig, folder / kConfig});
  if (found.config.empty() && home.filename().string().starts_with(kFolder)) {
    found.config = first_file({home.parent_path() / kConfig});
  }
  found.faces = find_face_models(home);
  return found;
}

std::string liveportrait_choice(const fs::path& folder) {
  const auto homes = homes_in(folder);
  return homes.empty() ? std::string() : note_of(homes);
}

bool looks_like_animals(const FoundModel& model) {
  if (model.parts.empty()) return false;
  std::string name = fs::weakly_canonical(model.location()).filename().string();
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return name.find("animal") != std::string::npos;
}

}  // namespace animate::catalog
