#include "models/video_ldm/clip_chain.h"

#include <algorithm>

#include "base/error.h"

namespace animate::models::video_ldm {
namespace {

// Frames that a run is shown of the one before, so that it goes on with its movement.
constexpr int64_t kShown = 2;

int64_t denser(int64_t interpolate) { return int64_t{1} << (2 * interpolate); }

}  // namespace

int64_t dense_length(int64_t keys, int64_t interpolate) { return denser(interpolate) * (keys - 1) + 1; }

int64_t keys_of(int64_t length, int64_t interpolate) {
  const int64_t step = denser(interpolate);
  return (length - 1 + step - 1) / step + 1;
}

int64_t runs_of_chain(int64_t keys, int64_t frames) {
  if (keys <= 1) return 0;
  if (keys <= frames) return 1;
  const int64_t fresh = frames - kShown;
  check(fresh > 0, ErrorKind::Usage, "--frames {}: a chain goes on from {} frames, so give {} or more", frames, kShown,
        kShown + 1);
  return 1 + (keys - frames + fresh - 1) / fresh;
}

void make_chain(const LdmNetworks& networks, const ChainRequest& request,
                const std::function<void(const torch::Tensor& latents)>& take) {
  const torch::NoGradGuard no_grad;
  int64_t written = 0;
  const auto give = [&](const torch::Tensor& latents) {
    const int64_t count = std::min(latents.size(0), request.length - written);
    if (count > 0) take(latents.narrow(0, 0, count));
    written += count;
  };
  auto shown = request.first.unsqueeze(0);
  give(shown);
  const int64_t runs = runs_of_chain(keys_of(request.length, request.interpolate), request.frames);
  for (int64_t run = 0; run < runs; ++run) {
    const auto next =
        predicted(*networks.prediction, shown.unsqueeze(0), request.frames, request.token, request.sampling);
    if (!request.sampling.goes_on()) return;
    const auto before = shown.narrow(0, shown.size(0) - 1, 1);
    auto dense = torch::cat({before, next[0]});
    for (int64_t level = 0; level < request.interpolate; ++level) {
      dense = interpolated(*networks.interpolation, dense, request.token,
                           static_cast<double>(std::min<int64_t>(level, 1)), request.sampling);
      if (!request.sampling.goes_on()) return;
    }
    give(dense.narrow(0, 1, dense.size(0) - 1));
    const auto all = torch::cat({before, next[0]});
    const int64_t last = std::min(kShown, all.size(0));
    shown = all.narrow(0, all.size(0) - last, last);
  }
}

}  // namespace animate::models::video_ldm
