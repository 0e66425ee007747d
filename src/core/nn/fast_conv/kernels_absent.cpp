#include "core/nn/fast_conv/depthwise_convolution.h"
#include "core/nn/fast_conv/narrow_convolution.h"
#include "core/nn/fast_conv/winograd_kernels.h"

// Built in place of the files with kernels where Highway is not there: no instruction set has any.
namespace animate::core::nn {

int64_t winograd_lanes() { return 0; }
int64_t winograd_transformed_size(const WinogradBlock& /*block*/) { return 0; }
int64_t winograd_products_size(const WinogradBlock& /*block*/) { return 0; }
bool has_narrow_convolution() { return false; }
void convolve_narrow(const NarrowConvolution& /*convolution*/, int64_t /*threads*/) {}
bool has_depthwise_convolution() { return false; }
void convolve_depthwise(const DepthwiseConvolution& /*convolution*/, int64_t /*threads*/) {}
void winograd_compute(const WinogradBlock& /*block*/) {}

}  // namespace animate::core::nn
