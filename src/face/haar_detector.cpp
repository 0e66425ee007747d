#include "face/face_detector.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>
#include <tuple>

#include "pictures/opencv.h"

namespace animate::face {
namespace {

namespace fs = std::filesystem;

// The first is the more exact one; the second finds faces that the first misses, and more that are none.
constexpr std::array kCascades = {"haarcascade_frontalface_alt2.xml", "haarcascade_frontalface_default.xml"};

// Larger pictures cost time and false finds, not faces: the original detects at this size too.
constexpr int kLongestSide = 640;
constexpr int kSmallestFace = 24;  // the size the cascades were trained at, but for a few pixels

std::vector<fs::path> cascade_folders() {
  if (const char* chosen = std::getenv("ANIMATE_HAARCASCADES"); chosen != nullptr && *chosen != '\0') return {chosen};
  return {"/usr/share/opencv4/haarcascades", "/usr/local/share/opencv4/haarcascades", "/usr/share/opencv/haarcascades"};
}

cv::CascadeClassifier load_cascade(const fs::path& path) {
  cv::CascadeClassifier cascade;
  bool loaded = false;
  try {
    loaded = cascade.load(path.string());
  } catch (const cv::Exception&) {
    loaded = false;
  }
  check(loaded, ErrorKind::Input, "{}: is not a face cascade; install the package opencv-data again", show(path));
  return cascade;
}

class HaarFaceDetector final : public FaceDetector {
 public:
  explicit HaarFaceDetector(std::vector<cv::CascadeClassifier> cascades) : cascades_(std::move(cascades)) {}

  std::vector<Face> detect(const Image& image) override {
    if (image.empty()) return {};
    return pictures::guard_opencv("looking for faces", [&] {
      const double scale = std::min(1.0, static_cast<double>(kLongestSide) / std::max(image.width(), image.height()));
      const cv::Mat gray = prepare(image, scale);
      for (cv::CascadeClassifier& cascade : cascades_) {
        if (auto faces = run(cascade, gray, scale); !faces.empty()) return faces;
      }
      return std::vector<Face>();
    });
  }

  std::string_view kind() const override { return "Haar cascade"; }

 private:
  static cv::Mat prepare(const Image& image, double scale) {
    cv::Mat gray;
    cv::cvtColor(pictures::view(image), gray, cv::COLOR_RGB2GRAY);
    // A strip a few pixels high must not vanish.
    const cv::Size size(std::max(1, cvRound(gray.cols * scale)), std::max(1, cvRound(gray.rows * scale)));
    if (scale < 1) cv::resize(gray, gray, size, 0, 0, cv::INTER_AREA);
    cv::equalizeHist(gray, gray);
    return gray;
  }

  static std::vector<Face> run(cv::CascadeClassifier& cascade, const cv::Mat& gray, double scale) {
    std::vector<cv::Rect> found;
    const int smallest = std::max(kSmallestFace, std::max(gray.cols, gray.rows) / 16);
    cascade.detectMultiScale(gray, found, 1.1, 4, 0, {smallest, smallest});
    std::vector<Face> faces;
    faces.reserve(found.size());
    for (const cv::Rect& rect : found) {
      faces.push_back({{rect.x / scale, rect.y / scale, rect.width / scale, rect.height / scale}, 1, {}});
    }
    // The cascade runs in parallel and reports in no fixed order; ties are broken by place.
    std::sort(faces.begin(), faces.end(), [](const Face& one, const Face& other) {
      const pictures::Box& a = one.box;
      const pictures::Box& b = other.box;
      return std::tuple(-a.width * a.height, a.y, a.x) < std::tuple(-b.width * b.height, b.y, b.x);
    });
    return faces;
  }

  std::vector<cv::CascadeClassifier> cascades_;
};

}  // namespace

std::unique_ptr<FaceDetector> FaceDetector::create() {
  std::vector<cv::CascadeClassifier> cascades;
  for (const fs::path& folder : cascade_folders()) {
    for (const char* name : kCascades) {
      std::error_code ec;
      if (fs::is_regular_file(folder / name, ec)) cascades.push_back(load_cascade(folder / name));
    }
    if (!cascades.empty()) return std::make_unique<HaarFaceDetector>(std::move(cascades));
  }
  fail(ErrorKind::Input,
       "no face detector was found ({}); install the package opencv-data, set ANIMATE_HAARCASCADES to its folder, or "
       "say where the face is with --crop x,y,w,h",
       kCascades.front());
}

}  // namespace animate::face
