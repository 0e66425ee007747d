#pragma once

#include "media/av_ptr.h"

namespace animate::media {

// What every conversion by swscale has to say, in one place.

// The "J" formats are the old way to say full range; the same format without it.
AVPixelFormat without_j(AVPixelFormat format);

// swscale's number for a matrix; `fallback` (SWS_CS_…) where the tag says nothing that it knows.
int swscale_matrix(AVColorSpace matrix, int fallback);

// Full range by its tag, by its format, or because an untagged gray picture always is.
bool is_full_range(const AVFrame& frame, const AVPixFmtDescriptor& descriptor);

// Bicubic, rounded accurately, the same on every machine. Throws Error(Internal) for formats that swscale cannot
// convert.
UniqueSws make_sws(int width, int height, AVPixelFormat from, int out_width, int out_height, AVPixelFormat to);

// Matrices are numbers of swscale_matrix().
void set_colors(SwsContext* sws, int from_matrix, bool from_full, int to_matrix, bool to_full);

}  // namespace animate::media
