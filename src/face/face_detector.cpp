#include "face/face_detector.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>

#include "face/cv_image.h"

namespace animate {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCascade = "haarcascade_frontalface_alt2.xml";
// Cascades are slow on large pictures and need no more than this to find a face worth animating.
constexpr int kLongestSide = 1024;
constexpr double kScaleStep = 1.08;
constexpr int kNeighbours = 4;
// Faces below this share of the shorter side are noise more often than faces.
constexpr double kSmallestFace = 0.08;

fs::path find_cascade() {
  std::vector<fs::path> folders;
  if (const char* own = std::getenv("ANIMATE_HAARCASCADES"); own != nullptr && *own != '\0') {
    folders.emplace_back(own);
  } else {
    folders = {"/usr/share/opencv4/haarcascades", "/usr/local/share/opencv4/haarcascades",
               "/usr/share/opencv/haarcascades"};
  }
  std::error_code ec;
  for (const fs::path& folder : folders) {
    if (fs::exists(folder / kCascade, ec)) return folder / kCascade;
  }
  fail(ErrorKind::Input,
       "{}: the face detector's data is not found; install the package opencv-data, set ANIMATE_HAARCASCADES to its "
       "folder, or give --crop x,y,w,h",
       kCascade);
}

class HaarDetector : public FaceDetector {
 public:
  explicit HaarDetector(const fs::path& path) {
    const bool loaded = translate_cv([&] { return cascade_.load(path.string()); });
    check(loaded, ErrorKind::Input, "{}: is not a usable Haar cascade; install the package opencv-data again", show(path));
  }

  std::vector<Box> detect(const Image& image) override {
    return translate_cv([&] {
      cv::Mat gray;
      cv::cvtColor(view(image), gray, cv::COLOR_RGB2GRAY);
      const double scale = std::min(1.0, static_cast<double>(kLongestSide) / std::max(gray.cols, gray.rows));
      if (scale < 1) cv::resize(gray, gray, {}, scale, scale, cv::INTER_AREA);
      cv::equalizeHist(gray, gray);
      const int smallest = std::max(24, static_cast<int>(kSmallestFace * std::min(gray.cols, gray.rows)));
      std::vector<cv::Rect> found;
      cascade_.detectMultiScale(gray, found, kScaleStep, kNeighbours, 0, {smallest, smallest});
      std::sort(found.begin(), found.end(), [](const cv::Rect& a, const cv::Rect& b) { return a.area() > b.area(); });
      std::vector<Box> boxes;
      for (const cv::Rect& r : found) boxes.push_back({r.x / scale, r.y / scale, r.width / scale, r.height / scale});
      return boxes;
    });
  }

 private:
  cv::CascadeClassifier cascade_;
};

}  // namespace

std::unique_ptr<FaceDetector> FaceDetector::create() { return std::make_unique<HaarDetector>(find_cascade()); }

}  // namespace animate
