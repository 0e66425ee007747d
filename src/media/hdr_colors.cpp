#include "media/hdr_colors.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "media/swscale.h"

namespace animate::media {
namespace {

constexpr double kWhite = 203;  // cd/m2
constexpr int kCodes = 1 << 16;

using Curve = std::vector<float>;  // 65,536 codes -> light

Curve curve_of(double (*light)(double)) {
  Curve curve(kCodes);
  for (int code = 0; code < kCodes; ++code) {
    curve[static_cast<size_t>(code)] = static_cast<float>(light(code / (kCodes - 1.0)));
  }
  return curve;
}

// A screen of today (ITU-R BT.1886 with a black of none).
double screen_light(double code) { return std::pow(code, 2.4); }

const Curve& curve_for(AVColorTransferCharacteristic transfer) {
  static const Curve pq = curve_of(pq_light);
  static const Curve hlg = curve_of(hlg_scene);
  static const Curve screen = curve_of(screen_light);
  return transfer == AVCOL_TRC_SMPTE2084 ? pq : transfer == AVCOL_TRC_ARIB_STD_B67 ? hlg : screen;
}

struct Light {
  float r, g, b;
};

// ITU-R BT.2087, 2020 -> 709 in linear light.
Light to_709_primaries(Light in) {
  return {1.6605F * in.r - 0.5876F * in.g - 0.0728F * in.b, -0.1246F * in.r + 1.1329F * in.g - 0.0083F * in.b,
          -0.0182F * in.r - 0.1006F * in.g + 1.1187F * in.b};
}

// BT.2100's OOTF for a screen of 1,000 cd/m2: the scene's luminance to the power of 0.2 scales all three.
Light hlg_screen(Light scene) {
  const float luminance = 0.2627F * scene.r + 0.6780F * scene.g + 0.0593F * scene.b;
  const auto scale = static_cast<float>(1000 / kWhite) * std::pow(std::max(luminance, 1e-6F), 0.2F);
  return {scene.r * scale, scene.g * scale, scene.b * scale};
}

// By the largest of the three, so that hues stay.
Light compressed(Light in) {
  const float largest = std::max({in.r, in.g, in.b, 1e-6F});
  const auto scale = static_cast<float>(compress_highlight(largest)) / largest;
  return {in.r * scale, in.g * scale, in.b * scale};
}

uint8_t screen_code(float light) {
  // 4,096 steps of the square root: finer than eight bits everywhere, and dark steps are as fine as bright ones.
  static const std::vector<uint8_t> table = [] {
    std::vector<uint8_t> codes(4097);
    for (size_t i = 0; i < codes.size(); ++i) {
      codes[i] = static_cast<uint8_t>(std::lround(255 * std::pow(static_cast<double>(i) / 4096, 2 / 2.4)));
    }
    return codes;
  }();
  return table[static_cast<size_t>(std::lround(std::sqrt(std::clamp(light, 0.0F, 1.0F)) * 4096))];
}

}  // namespace

double pq_light(double code) {
  constexpr double m1 = 2610.0 / 16384, m2 = 2523.0 / 4096 * 128;
  constexpr double c1 = 3424.0 / 4096, c2 = 2413.0 / 4096 * 32, c3 = 2392.0 / 4096 * 32;
  const double power = std::pow(code, 1 / m2);
  return 10000 / kWhite * std::pow(std::max(power - c1, 0.0) / (c2 - c3 * power), 1 / m1);
}

double hlg_scene(double code) {
  constexpr double a = 0.17883277, b = 0.28466892, c = 0.55991073;
  return code <= 0.5 ? code * code / 3 : (std::exp((code - c) / a) + b) / 12;
}

double compress_highlight(double light) {
  constexpr double j = 0.7, peak = 10;
  if (light <= j) return light;
  constexpr double a = -j * j * (peak - 1) / (j * j - 2 * j + peak);
  constexpr double b = (j * j - 2 * j * peak + peak) / (peak - 1);
  return std::min(1.0, (b * b + 2 * b * j + j * j) / (b - a) * (light + a) / (light + b));
}

UniqueFrame HdrColors::to_bt709(const AVFrame& frame) {
  const auto stored = static_cast<AVPixelFormat>(frame.format);
  const bool full = is_full_range(frame, *non_null(av_pix_fmt_desc_get(stored)));
  const int matrix = swscale_matrix(frame.colorspace, SWS_CS_BT2020);
  const std::array<int, 5> key = {frame.width, frame.height, frame.format, matrix, full ? 1 : 0};
  if (!sws_ || key != key_) {
    sws_ = make_sws(frame.width, frame.height, without_j(stored), frame.width, frame.height, AV_PIX_FMT_RGB48);
    set_colors(sws_.get(), matrix, full, matrix, true);
    rgb_ = make_picture(frame.width, frame.height, AV_PIX_FMT_RGB48);
    key_ = key;
  }
  av_check(sws_scale(sws_.get(), frame.data, frame.linesize, 0, frame.height, rgb_->data, rgb_->linesize), "sws_scale");

  UniqueFrame out = make_picture(frame.width, frame.height, AV_PIX_FMT_RGB24);
  out->colorspace = AVCOL_SPC_RGB;
  out->color_range = AVCOL_RANGE_JPEG;
  out->color_primaries = AVCOL_PRI_BT709;
  out->color_trc = AVCOL_TRC_BT709;
  out->sample_aspect_ratio = frame.sample_aspect_ratio;
  const Curve& curve = curve_for(frame.color_trc);
  const bool hlg = frame.color_trc == AVCOL_TRC_ARIB_STD_B67;
  const bool hdr = hlg || frame.color_trc == AVCOL_TRC_SMPTE2084;
  for (int y = 0; y < frame.height; ++y) {
    const auto* in = reinterpret_cast<const uint16_t*>(rgb_->data[0] + static_cast<ptrdiff_t>(y) * rgb_->linesize[0]);
    uint8_t* to = out->data[0] + static_cast<ptrdiff_t>(y) * out->linesize[0];
    for (int x = 0; x < frame.width; ++x, in += 3, to += 3) {
      Light light{curve[in[0]], curve[in[1]], curve[in[2]]};
      if (hlg) light = hlg_screen(light);
      if (frame.color_primaries != AVCOL_PRI_BT709) light = to_709_primaries(light);
      if (hdr) light = compressed(light);
      to[0] = screen_code(light.r);
      to[1] = screen_code(light.g);
      to[2] = screen_code(light.b);
    }
  }
  return out;
}

}  // namespace animate::media
