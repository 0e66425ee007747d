#pragma once

#include <torch/version.h>

// The one place that tells LibTorch's versions apart; tried are 1.13 (Debian 12) and 2.6 (Debian 13). No result depends
// on the version beyond rounding: the golden tests hold on both. What differs:
//
// - Since 2.0 there is scaled_dot_product_attention, attention in blocks without the whole matrix:
// core/nn/attention.cpp,
//   which has blocks of its own before that.
// - Since 2.4 autocast takes the kind of device as an argument, and the old calls are due to go: core/autocast.cpp.
// - Debian 13 convolves with oneDNN 3.7 (Debian 12: 2.6), wrongly where channels are no whole vectors:
//   core/right_convolutions.cpp, which tries it, whatever the version.
#define ANIMATE_TORCH_AT_LEAST(major, minor) \
  (TORCH_VERSION_MAJOR > (major) || (TORCH_VERSION_MAJOR == (major) && TORCH_VERSION_MINOR >= (minor)))
