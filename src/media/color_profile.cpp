#include "media/color_profile.h"

#include <lcms2.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <type_traits>
#include <vector>

#include "base/log.h"

namespace animate::media {
namespace {

template <auto Close>
struct LcmsCloser {
  template <typename Handle>
  void operator()(Handle* handle) const {
    Close(handle);
  }
};
// Handles of lcms2 are void pointers. Each context has its own error handler: none, what is wrong is told here.
using LcmsContext = std::unique_ptr<std::remove_pointer_t<cmsContext>, LcmsCloser<cmsDeleteContext>>;
using LcmsProfile = std::unique_ptr<void, LcmsCloser<cmsCloseProfile>>;
using LcmsTransform = std::unique_ptr<void, LcmsCloser<cmsDeleteTransform>>;

struct SrgbTransform {
  LcmsContext context;
  LcmsTransform transform;
  bool gray = false;

  void apply(const uint8_t* in, uint8_t* out, size_t pixels) const {
    cmsDoTransform(transform.get(), in, out, static_cast<cmsUInt32Number>(pixels));
  }
};

void stay_silent(cmsContext, cmsUInt32Number, const char*) {}

// Without a transform for a profile that cannot be used.
SrgbTransform make_transform(std::span<const std::byte> bytes) {
  SrgbTransform made{LcmsContext(cmsCreateContext(nullptr, nullptr)), nullptr};
  const cmsContext context = made.context.get();
  cmsSetLogErrorHandlerTHR(context, stay_silent);
  const LcmsProfile profile(
      cmsOpenProfileFromMemTHR(context, bytes.data(), static_cast<cmsUInt32Number>(bytes.size())));
  if (profile == nullptr) return made;
  const cmsColorSpaceSignature space = cmsGetColorSpace(profile.get());
  made.gray = space == cmsSigGrayData;
  if (space != cmsSigRgbData && !made.gray) return made;
  const LcmsProfile srgb(cmsCreate_sRGBProfileTHR(context));
  made.transform.reset(cmsCreateTransformTHR(context, profile.get(), made.gray ? TYPE_GRAY_8 : TYPE_RGB_8, srgb.get(),
                                             TYPE_RGB_8, INTENT_RELATIVE_COLORIMETRIC,
                                             cmsFLAGS_BLACKPOINTCOMPENSATION));
  return made;
}

// Most profiles say sRGB in other words; their pictures keep their numbers.
bool changes_colors(const SrgbTransform& made) {
  constexpr int steps = 9, tolerance = 2;
  std::vector<uint8_t> in, out, same;
  const auto step = [](int i) { return static_cast<uint8_t>(255 * i / (steps - 1)); };
  for (int r = 0; r < steps; ++r) {
    if (made.gray) {
      in.push_back(step(r));
      same.insert(same.end(), 3, step(r));
      continue;
    }
    for (int g = 0; g < steps; ++g) {
      for (int b = 0; b < steps; ++b) same.insert(same.end(), {step(r), step(g), step(b)});
    }
  }
  if (!made.gray) in = same;
  out.resize(same.size());
  made.apply(in.data(), out.data(), same.size() / 3);
  for (size_t i = 0; i < same.size(); ++i) {
    if (std::abs(same[i] - out[i]) > tolerance) return true;
  }
  return false;
}

}  // namespace

Image to_srgb(const Image& image, std::span<const std::byte> profile, const std::string& shown) {
  if (profile.empty() || image.empty()) return image;
  const SrgbTransform made = make_transform(profile);
  if (made.transform == nullptr) {
    log::info("{}: its colour profile is broken or of other colours than the picture; it is passed over", shown);
    return image;
  }
  if (!changes_colors(made)) return image;
  log::debug("{}: its colours are taken from its profile to sRGB", shown);
  const auto width = static_cast<size_t>(image.width());
  Image result(image.width(), image.height());
  std::vector<uint8_t> gray(width);
  for (int y = 0; y < image.height(); ++y) {
    const uint8_t* in = image.row(y);
    if (made.gray) {
      for (size_t x = 0; x < width; ++x) gray[x] = in[3 * x];
      in = gray.data();
    }
    made.apply(in, result.row(y), width);
  }
  return result;
}

}  // namespace animate::media
