#pragma once

#include <torch/version.h>

// The one place that tells LibTorch's versions apart; tried are 1.13 (Debian 12) and 2.6 (Debian 13). No result depends
// on the version beyond rounding: the golden tests hold on both.
//
// | since | what differs                                                           | used in |
// |-------|------------------------------------------------------------------------|------------------------------------|
// | 2.0   | scaled_dot_product_attention: attention in blocks, without the matrix  | nothing: no family has attention |
// | –     | oneDNN 3.7 in Debian 13 beside 2.6 in Debian 12; it convolves batches  | core/convolution_check.cpp, which
// | |       | wrongly                                                                | tries it, whatever the version |
// | 2.4   | autocast takes the kind of device as an argument; the old calls go     | core/autocast.cpp |
#define ANIMATE_TORCH_AT_LEAST(major, minor) \
  (TORCH_VERSION_MAJOR > (major) || (TORCH_VERSION_MAJOR == (major) && TORCH_VERSION_MINOR >= (minor)))
