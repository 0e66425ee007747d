#pragma once

#include "media/av_ptr.h"

namespace animate::media {

// Pictures of HDR (PQ, HLG) and of BT.2020 in the colours of BT.709, by the published transfer functions: for builds of
// FFmpeg without zscale, which otherwise does it. Not thread-safe (it keeps swscale's state).
//
//   code values -> light (1 = the white of what is not HDR, 203 cd/m2: ITU-R BT.2408) -> primaries of BT.709
//               -> highlights compressed (PQ and HLG) -> code values of a BT.1886 screen
class HdrColors {
 public:
  // A picture of the frame's size in RGB24, tagged BT.709, with no times. The frame's own tags say what it is: its
  // transfer (PQ, HLG, else BT.1886) and its primaries (BT.709 stay; everything else counts as BT.2020).
  UniqueFrame to_bt709(const AVFrame& frame);

 private:
  UniqueSws sws_;
  std::array<int, 5> key_{};  // what sws_ was made for
  UniqueFrame rgb_;           // sixteen bits a value
};

// Light of one value, 1 = 203 cd/m2. `code` in [0, 1].
double pq_light(double code);   // SMPTE ST 2084, equations 4.1 and 4.2: absolute, up to 10,000 cd/m2
double hlg_scene(double code);  // ITU-R BT.2100 table 5, inverse OETF: light of the scene in [0, 1]

// Light above 1 brought below it: untouched up to 0.7, then a hyperbola that is smooth there and reaches 1 at ten times
// the white (the "mobius" curve of FFmpeg's tonemap).
double compress_highlight(double light);

}  // namespace animate::media
