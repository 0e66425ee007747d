#pragma once

namespace animate::media {

// Threads that each decoder and each encoder may use; holds for the whole process, as LibTorch's number does, and for
// those that are opened afterwards. 0, the default: as many as the codec thinks best, a decoder at most eight.
// Decoded pictures do not depend on it; what some encoders write does, in a few bits.
void set_codec_threads(int threads);

// For AVCodecContext::thread_count.
int decoder_threads();
int encoder_threads();

}  // namespace animate::media
