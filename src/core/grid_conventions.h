#pragma once

// In words alone, for configs that know no tensors.
namespace animate::core {

// What -1 and +1 of a coordinate grid are: the centres of the extreme pixels, as published, or the picture's edges,
// half a pixel further out, which is where sampling with AlignCorners::Off puts them.
enum class GridEnds { PixelCentres, PictureEdges };

// How normalised coordinates meet pixels in grid sampling (models/fomm/README.md#sampling). Off is what the original
// program does under torch >= 1.3; On is what the 2019 weights were trained with.
enum class AlignCorners { Off, On };

// What lies outside a picture: nothing, as published, or its border pixels going on.
enum class Padding { Zeros, Border };

}  // namespace animate::core
