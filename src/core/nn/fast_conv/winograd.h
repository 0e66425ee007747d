#pragma once

#include <cstdint>
#include <vector>

#include "core/nn/fast_conv/aligned_buffer.h"

// Winograd's minimal filtering for 3 x 3 and 7 x 7 convolutions of stride 1 whose maps keep their size, with the vector
// instructions of the processor it runs on (Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2015,
// arXiv:1509.09308). It knows no tensors: maps are float arrays with the channels last.
//
// The idea, in one dimension: F(4, 3) computes 4 outputs of a filter of 3 taps with 6 multiplications instead of 12.
//
//   inputs    x0 x1 x2 x3 x4 x5   --B^T-->  6 numbers --+
//                                                        +-- product by product --A^T-->  o0 o1 o2 o3
//   filter       w0 w1 w2         --G---->  6 numbers --+
//
// B^T, G and A^T are small constant matrices. In the plane each is applied along both axes, so a tile
// of 4 x 4 outputs takes 6 x 6 = 36 products (section 4 of the paper) where the plain sum takes 16 * 9 = 144:
//
//   output = A^T [ (G g G^T) * (B^T d B) ] A        * : element by element;  g: filter, d: 6 x 6 inputs of the tile
//
// The filters are transformed once (WinogradWeights). Summed over the input channels, the element-wise product becomes
// 36 independent matrix products [tiles, in] x [in, out], which is where nearly all of the time goes.
//
//   kernel            transform             products a tile    plain sum
//   3                 F(4x4, 3x3)            36                144
//   3, upsampled      F(4x4, 2x2), a phase   25                144 (64 once the doubled taps are joined)
//   7                 F(4x4, 4x4), 4 pieces  4 * 49 = 196      784
//
// Larger tiles would save more products, but their matrices hold larger numbers and lose precision in float.
namespace animate::core::nn {

// A convolution's weights, transformed once. Volumes are convolved by Winograd in the plane, directly over depth. Where
// `upsampled`, the convolution is that of the input doubled by nearest neighbours in the plane, computed without
// doubling it: each of the four output phases is a convolution 2 x 2 of the small map.
class WinogradWeights {
 public:
  struct Shape {
    int64_t in = 0;          // channels
    int64_t out = 0;         // channels
    int64_t depth_taps = 1;  // 1 for maps, an odd number for volumes
    bool upsampled = false;  // with a kernel of 3 only
    bool modulates = false;  // see WinogradModulation; `out` is twice the channels of the output then
    int64_t kernel = 3;      // or 7
  };

  // `weight` is [out, in, depth_taps, kernel, kernel]; `bias` [out] or null.
  WinogradWeights(const Shape& shape, const float* weight, const float* bias);

  const Shape& shape() const { return shape_; }

 private:
  friend class WinogradRun;
  class Packing;
  Shape shape_;
  int64_t padded_in_ = 0;  // channels rounded up to whole vectors
  int64_t lanes_ = 0;      // of the vectors that the layout is made for
  AlignedBuffer packed_;   // [phases][panels][points][pieces squared][depth_taps * padded_in][panel width]
  AlignedBuffer bias_;     // [panels * panel width], 0 where there is none
};

// Spatially adaptive normalisation (Park et al., Semantic Image Synthesis with Spatially-Adaptive Normalization, 2019):
// the convolution's first half of channels, gamma, and its second half, beta, are not stored but give
// (content - mean) * deviation * gamma + beta. What gamma is to be increased by is in the bias.
struct WinogradModulation {
  const float* content = nullptr;    // as large as the output
  const float* mean = nullptr;       // [batch, out / 2]
  const float* deviation = nullptr;  // [batch, out / 2], the inverse of the standard deviation
};

// Work that is done to the values while they are read and written anyway: as a step of its own each would cost another
// pass over memory.
struct WinogradFusion {
  const float* scale = nullptr;  // [in]: the input becomes ReLU(x * scale + shift) first, outside it stays 0
  const float* shift = nullptr;
  bool activate = false;            // of the output: ReLU, leaky by
  float negative_slope = 0;         // this factor
  const float* residual = nullptr;  // as large as the output, added last
  WinogradModulation modulation;    // before the activation; only with weights that modulate
};

// One convolution of a batch of maps, by blocks that `threads` threads share.
class WinogradRun {
 public:
  struct Maps {
    const float* input = nullptr;  // [batch, depth, height, width, in]
    float* output = nullptr;       // [batch, depth, height', width', out]
    int64_t batch = 1, depth = 1, height = 0, width = 0;
  };

  WinogradRun(const WinogradWeights& weights, const Maps& maps, const WinogradFusion& fusion, int64_t threads);

  void compute() const;

 private:
  int64_t wanted_columns() const;
  void compute_block(int64_t index) const;

  const WinogradWeights& weights_;
  Maps maps_;
  WinogradFusion fusion_;
  int64_t tiles_y_, tiles_x_;
  // A run is what blocks are cut from, so no block reaches over the end of a run. A column is one tile through the
  // whole depth; blocks are columns that follow each other.
  //
  //   run      |-- block --|-- block --|-- bl.|     runs_ of them, each of run_ columns in blocks_per_run_ blocks
  int64_t run_;  // tiles, each through the whole depth, that blocks may be cut from: of the whole batch, or of a row
  int64_t runs_;
  int64_t blocks_per_run_, columns_per_block_;
  int64_t threads_;
};

// Floats in a vector of the instruction set in use; 0 where there are no kernels for this processor.
int64_t winograd_lanes();

}  // namespace animate::core::nn
