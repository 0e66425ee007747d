#include "onnx/network.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/dnn.hpp>

#include "onnx/checks.h"
#include "pictures/opencv.h"

namespace animate::onnx {
namespace {

// OpenCV writes its troubles to the terminal before it throws them; they are told once, in our own sentence.
class QuietOpenCv {
 public:
  QuietOpenCv() : level_(cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_FATAL)) {}
  ~QuietOpenCv() { cv::utils::logging::setLogLevel(level_); }
  QuietOpenCv(const QuietOpenCv&) = delete;
  QuietOpenCv& operator=(const QuietOpenCv&) = delete;

 private:
  cv::utils::logging::LogLevel level_;
};

// The first line of OpenCV's complaint, without the place in its sources.
std::string reason(const cv::Exception& error) {
  const std::string text = error.err.substr(0, error.err.find('\n'));
  return show(text.substr(0, 160));
}

}  // namespace

struct Network::State {
  std::string name;
  std::vector<int64_t> input_shape;
  std::vector<Model::Value> outputs;
  cv::dnn::Net net;
};

Network Network::load(const std::filesystem::path& path, const std::vector<int64_t>& input_shape) {
  return {Model::read(path), input_shape};
}

Network::Network(Model model, const std::vector<int64_t>& input_shape) : state_(std::make_unique<State>()) {
  model.fix_input(input_shape);
  state_->name = model.name();
  state_->input_shape = input_shape;
  state_->outputs = model.outputs();
  try {
    const QuietOpenCv quiet;
    const std::string bytes = model.bytes();
    state_->net = cv::dnn::readNetFromONNX(bytes.data(), bytes.size());
    state_->net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
  } catch (const cv::Exception& error) {
    fail(ErrorKind::Model, "{}: the installed OpenCV cannot run it ({}); give another export of the model",
         state_->name, reason(error));
  }
  check(!state_->net.empty(), ErrorKind::Model, "{}: is an empty network; give a face model", state_->name);
}

Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;
Network::~Network() = default;

const std::string& Network::name() const { return state_->name; }
const std::vector<Model::Value>& Network::outputs() const { return state_->outputs; }

std::vector<FloatArray> Network::forward(const FloatArray& input) {
  check(input.shape == state_->input_shape, ErrorKind::Internal, "{}: was given {} numbers instead of {}", name(),
        shown_shape(input.shape), shown_shape(state_->input_shape));
  std::vector<cv::Mat> results;
  try {
    const QuietOpenCv quiet;
    const std::vector<int> sizes(input.shape.begin(), input.shape.end());
    // OpenCV has no Mat of const numbers; the network only reads its input.
    const cv::Mat blob(sizes, CV_32F, const_cast<float*>(input.values.data()));
    std::vector<cv::String> names;
    for (const auto& output : outputs()) names.push_back(output.name);
    state_->net.setInput(blob);
    state_->net.forward(results, names);
  } catch (const cv::Exception& error) {
    check(error.code != cv::Error::StsNoMem, ErrorKind::Input,
          "{}: not enough memory to run it; use smaller pictures or close other programs", name());
    fail(ErrorKind::Model, "{}: the installed OpenCV cannot run it ({}); give another export of the model", name(),
         reason(error));
  }
  std::vector<FloatArray> arrays;
  for (size_t i = 0; i < results.size(); ++i) {
    const cv::Mat& result = results[i];
    const auto& promised = outputs()[i].shape;
    const bool fits = result.type() == CV_32F && result.isContinuous() &&
                      (promised.empty() || std::count(promised.begin(), promised.end(), -1) > 0 ||
                       element_count(promised, name()) == static_cast<int64_t>(result.total()));
    check(fits, ErrorKind::Model, "{}: its output {} has another shape than the file says; give another export", name(),
          show(outputs()[i].name));
    FloatArray array{{result.size.p, result.size.p + result.dims}, {}};
    array.values.assign(result.ptr<float>(), result.ptr<float>() + result.total());
    const bool finite = std::all_of(array.values.begin(), array.values.end(), [](float v) { return std::isfinite(v); });
    check(finite, ErrorKind::Model, "{}: its output {} is not finite; give other weights", name(),
          show(outputs()[i].name));
    if (!promised.empty() && std::count(promised.begin(), promised.end(), -1) == 0) array.shape = promised;
    arrays.push_back(std::move(array));
  }
  return arrays;
}

}  // namespace animate::onnx
