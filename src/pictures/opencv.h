#pragma once

#include <opencv2/core.hpp>
#include <utility>

#include "animate/image.h"
#include "base/error.h"

// For the sources of this room only: the wall between OpenCV and the rest. No header that other rooms include
// may include this one.
namespace animate::pictures {

// A cv::Mat over the image's own pixels, R first. It must not outlive the image.
inline cv::Mat view(Image& image) { return {image.height(), image.width(), CV_8UC3, image.data(), image.stride()}; }

// The same to read from; OpenCV has no Mat of const pixels, so the cast is undone by the const Mat.
inline const cv::Mat view(const Image& image) {
  return {image.height(), image.width(), CV_8UC3, const_cast<uint8_t*>(image.data()), image.stride()};
}

// Runs `action`; what OpenCV throws becomes animate::Error: Input where memory ran out, else Internal, since
// the arguments are ours. `doing` completes "OpenCV failed while …".
template <typename Action>
auto guard_opencv(const char* doing, Action&& action) {
  try {
    return std::forward<Action>(action)();
  } catch (const cv::Exception& error) {
    check(error.code != cv::Error::StsNoMem, ErrorKind::Input,
          "not enough memory while {}; use smaller pictures or close other programs", doing);
    fail(ErrorKind::Internal, "OpenCV failed while {}: {}", doing, error.err);
  }
}

}  // namespace animate::pictures
