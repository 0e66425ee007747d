#include "media/hdr_colors.h"

#include <algorithm>
#include <cstring>
#include <fstream>

#include "media/color_converter.h"
#include "media/picture_filter.h"
#include "media_support.h"

using namespace animate::media;
using namespace animate::test;
using namespace animate;

namespace {

struct Look {
  double luma = 0;
  double chroma = 0;  // largest less smallest channel
};

Look look_of(const Image& image) {
  Look look;
  for (size_t i = 0; i < image.size_bytes(); i += 3) {
    const uint8_t* pixel = image.data() + i;
    look.luma += 0.2126 * pixel[0] + 0.7152 * pixel[1] + 0.0722 * pixel[2];
    look.chroma += std::max({pixel[0], pixel[1], pixel[2]}) - std::min({pixel[0], pixel[1], pixel[2]});
  }
  const double pixels = static_cast<double>(image.size_bytes()) / 3;
  return {look.luma / pixels, look.chroma / pixels};
}

// The first picture of a clip, as ffmpeg writes it: yuv420p10le, planes one after the other.
UniqueFrame ten_bits(const std::filesystem::path& raw, int width, int height) {
  UniqueFrame frame = make_picture(width, height, AV_PIX_FMT_YUV420P10);
  std::ifstream in(raw, std::ios::binary);
  for (int plane = 0; plane < 3; ++plane) {
    const int rows = plane == 0 ? height : height / 2;
    const int row_bytes = 2 * (plane == 0 ? width : width / 2);
    for (int y = 0; y < rows; ++y) {
      in.read(reinterpret_cast<char*>(frame->data[plane] + static_cast<ptrdiff_t>(y) * frame->linesize[plane]),
              row_bytes);
    }
  }
  REQUIRE(in.good());
  frame->colorspace = AVCOL_SPC_BT2020_NCL;
  frame->color_range = AVCOL_RANGE_MPEG;
  frame->color_primaries = AVCOL_PRI_BT2020;
  return frame;
}

}  // namespace

TEST_CASE("the transfer functions have the values of their standards") {
  CHECK(pq_light(0) == Approx(0).margin(1e-9));
  CHECK(pq_light(1) * 203 == Approx(10000));
  // ITU-R BT.2408 table 1: white of what is not HDR is 58 % of PQ and 75 % of HLG.
  CHECK(pq_light(0.58) == Approx(1).epsilon(0.01));
  CHECK(pq_light(0.508078421) * 203 == Approx(100).epsilon(0.001));
  CHECK(hlg_scene(0) == 0);
  CHECK(hlg_scene(0.5) == Approx(1.0 / 12));
  CHECK(hlg_scene(1) == Approx(1).epsilon(1e-5));
  CHECK(1000 * std::pow(hlg_scene(0.75), 1.2) == Approx(203).epsilon(0.01));
}

TEST_CASE("highlights are compressed without a step or a bend") {
  CHECK(compress_highlight(0.3) == 0.3);
  CHECK(compress_highlight(0.7) == 0.7);
  CHECK(compress_highlight(0.7001) - 0.7 == Approx(1e-4).epsilon(0.01));
  CHECK(compress_highlight(10) == Approx(1));
  CHECK(compress_highlight(40) == 1);
  for (double light = 0; light < 12; light += 0.1) CHECK(compress_highlight(light + 0.1) >= compress_highlight(light));
}

// Colours of a screen, and what BT.2100 makes of them, worked out by hand (in Python, from its tables).
struct KnownColor {
  std::array<uint8_t, 3> screen;
  std::array<double, 3> hlg;
  std::array<double, 3> pq;
};
const std::vector<KnownColor> kKnownColors = {
    {{191, 191, 191}, {0.6322, 0.6322, 0.6322}, {0.5095, 0.5095, 0.5095}},
    {{191, 0, 0}, {0.5869, 0.1997, 0.0973}, {0.4635, 0.2724, 0.1775}},
    {{0, 191, 0}, {0.3939, 0.6262, 0.2037}, {0.4027, 0.5011, 0.2908}},
    {{0, 0, 191}, {0.1729, 0.0887, 0.7001}, {0.2388, 0.1575, 0.4985}},
    {{64, 64, 64}, {0.2237, 0.2237, 0.2237}, {0.276, 0.276, 0.276}},
    {{191, 128, 64}, {0.5974, 0.46, 0.2402}, {0.4818, 0.4256, 0.312}},
};

UniqueFrame frame_of(const std::array<double, 3>& codes, AVColorTransferCharacteristic transfer) {
  UniqueFrame frame = make_picture(16, 16, AV_PIX_FMT_GBRP16);
  for (int y = 0; y < 16; ++y) {
    for (size_t plane = 0; plane < 3; ++plane) {
      // Planes are green, blue, red.
      const auto value = static_cast<uint16_t>(std::lround(codes[(plane + 1) % 3] * 65535));
      auto* row = reinterpret_cast<uint16_t*>(frame->data[plane] + static_cast<ptrdiff_t>(y) * frame->linesize[plane]);
      std::fill(row, row + 16, value);
    }
  }
  frame->colorspace = AVCOL_SPC_RGB;
  frame->color_range = AVCOL_RANGE_JPEG;
  frame->color_primaries = AVCOL_PRI_BT2020;
  frame->color_trc = transfer;
  return frame;
}

TEST_CASE("colours of PQ and HLG come out as the screen's") {
  for (const KnownColor& color : kKnownColors) {
    for (const bool hlg : {false, true}) {
      HdrColors colors;
      const UniqueFrame out =
          colors.to_bt709(*frame_of(hlg ? color.hlg : color.pq, hlg ? AVCOL_TRC_ARIB_STD_B67 : AVCOL_TRC_SMPTE2084));
      for (size_t c = 0; c < 3; ++c) {
        INFO((hlg ? "HLG " : "PQ ") << int{color.screen[0]} << " " << int{color.screen[1]} << " "
                                    << int{color.screen[2]} << ", channel " << c);
        // In the dark a code of ten bits' worth of rounding is several steps of the screen.
        CHECK(std::abs(out->data[0][c] - color.screen[c]) <= (color.screen[c] < 16 ? 12 : 2));
      }
    }
  }
}

TEST_CASE("without FFmpeg's filters HDR gets the colours of its SDR original all the same") {
  const TempDir dir;
  const auto sdr = ffmpeg(
      "-f lavfi -i smptebars=size=96x64:rate=25 -frames:v 1 -vf scale=out_color_matrix=bt709,setparams=color_primaries="
      "bt709:color_trc=bt709:colorspace=bt709 -c:v libx264 -crf 8 -pix_fmt yuv444p",
      dir / "sdr.mp4");
  const Look original = look_of(read_all(sdr).front().image);
  const UniqueInput container(avformat_alloc_context());
  AVStream* stream = avformat_new_stream(container.get(), nullptr);
  stream->time_base = {1, 25};
  struct Row {
    const char* name;
    const char* shown;
    AVColorTransferCharacteristic transfer;
  };
  for (const Row& row :
       {Row{"smpte2084", "x: is HDR (PQ), so its colours are tone-mapped to BT.709", AVCOL_TRC_SMPTE2084},
        Row{"bt709", "x: has the colours of BT.2020, so they are converted to BT.709", AVCOL_TRC_BT709}}) {
    INFO(row.name);
    const auto raw = ffmpeg("-i " + shell_quoted(sdr) +
                                " -vf zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=bt2020:t=" + row.name +
                                ":m=bt2020nc:r=tv:npl=203,format=yuv420p10le -f rawvideo",
                            dir / (std::string(row.name) + ".yuv"));
    UniqueFrame frame = ten_bits(raw, 96, 64);
    frame->color_trc = row.transfer;
    frame->best_effort_timestamp = 7;
    PictureFilter filter(*stream, "x", Switch::Auto, PictureFilter::Colors::Own);
    filter.send(*frame);
    UniqueFrame out = make_frame();
    REQUIRE(filter.receive(*out));
    CHECK(out->best_effort_timestamp == 7);
    CHECK(out->color_trc == AVCOL_TRC_BT709);
    CHECK(filter.notes() == std::vector<std::string>{row.shown});
    const Look look = look_of(ColorConverter(ColorConverter::Source::Video).to_image(*out, 96, 64));
    CHECK(look.luma == Approx(original.luma).epsilon(0.1));
    CHECK(look.chroma == Approx(original.chroma).epsilon(0.15));
  }
}
