#pragma once

#include <opencv2/core.hpp>

#include <utility>

#include "animate/image.h"
#include "base/error.h"

// Views of our pictures for OpenCV. Only for the sources of this room: cv types never show in its headers.
namespace animate {

inline cv::Mat view(const Image& image) {
  // OpenCV has no read-only matrix; nobody writes through a view of a const picture.
  return {image.height(), image.width(), CV_8UC3, const_cast<uint8_t*>(image.data()), image.stride()};
}

// The wall of the room: OpenCV's exceptions leave as ours.
template <typename Action>
auto translate_cv(Action&& action) {
  try {
    return std::forward<Action>(action)();
  } catch (const cv::Exception& e) {
    fail(ErrorKind::Internal, "internal error in OpenCV: {}", e.err);
  }
}

}  // namespace animate
