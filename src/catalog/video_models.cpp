#include "catalog/video_models.h"

#include <algorithm>

#include "base/error.h"
#include "catalog/model_family.h"
#include "catalog/video_layout.h"

namespace animate::catalog {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFamily = "video_diffusion";
constexpr const char* kOwnFamily = "video_ldm";
// Facts of the publisher's page.
constexpr const char* kWhatToFetch =
    "get Stable Video Diffusion (4.5 GB, Stability AI's community licence): `animate models fetch svd` shows the "
    "licence and tells where it is to be accepted and how the files are called, or give its folder with -m";

}  // namespace

fs::path find_video_model(const std::string& model) {
  std::error_code ec;
  if (!model.empty() && fs::exists(model, ec)) return model;
  check(model.find('/') == std::string::npos, ErrorKind::Input, "{}: no such file; check the path of the model",
        show(model));
  const auto all = list_models();
  const auto is = [&](const FoundModel& one, const char* family) {
    return model.empty() ? told_family(one) == family : one.name == model;
  };
  auto found = std::find_if(all.begin(), all.end(), [&](const FoundModel& one) { return is(one, kFamily); });
  if (found == all.end()) {
    found = std::find_if(all.begin(), all.end(), [&](const FoundModel& one) { return is(one, kOwnFamily); });
  }
  if (found != all.end()) return found->location();
  check(!model.empty(), ErrorKind::Input, "no image-to-video model is given, and none is found; {}", kWhatToFetch);
  fail(ErrorKind::Input, "{}: no image-to-video model of this name is found; {}", show(model), kWhatToFetch);
}

FoundModel video_model_at(const fs::path& location) {
  FoundModel found;
  found.name =
      fs::is_directory(location) ? fs::weakly_canonical(location).filename().string() : location.stem().string();
  if (!fs::is_directory(location)) {
    found.weights = location;
    found.family = told_family(found) == kOwnFamily ? kOwnFamily : kFamily;
    return found;
  }
  found.family = kFamily;
  for (const std::string_view network : kVideoNetworks) {
    if (const fs::path file = video_network_file(location / network); !file.empty()) {
      found.parts[std::string(network)] = file;
    }
  }
  return found;
}

}  // namespace animate::catalog
