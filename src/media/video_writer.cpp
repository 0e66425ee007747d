#include "media/video_writer.h"

#include "base/error.h"
#include "media/clip_sink.h"
#include "media/output_format.h"
#include "media/picture_sink.h"

namespace animate::media {
namespace {

// Refuses frames that would break the file before they reach the encoder.
class CheckedSink final : public FrameSink {
 public:
  CheckedSink(std::unique_ptr<FrameSink> sink, std::string target, int width, int height)
      : sink_(std::move(sink)), target_(std::move(target)), width_(width), height_(height) {
    warnings_ = sink_->warnings();
  }

  void write(const Frame& frame) override {
    check(!finished_, ErrorKind::Internal, "{}: a frame was written after the end", target_);
    check(frame.image.width() == width_ && frame.image.height() == height_, ErrorKind::Internal,
          "{}: a frame of {}x{} pixels was written into a video of {}x{}", target_, frame.image.width(),
          frame.image.height(), width_, height_);
    check(!last_pts_ || frame.pts > *last_pts_, ErrorKind::Internal, "{}: frame times do not increase ({} after {})",
          target_, frame.pts, last_pts_.value_or(0));
    sink_->write(frame);
    last_pts_ = frame.pts;
    // Known before finish(), as a sound that had to be given up on the way.
    if (sink_->warnings().size() != warnings_.size()) warnings_ = sink_->warnings();
  }

  void finish() override {
    check(!finished_, ErrorKind::Internal, "{}: was finished twice", target_);
    check(last_pts_.has_value(), ErrorKind::Internal, "{}: not a single frame was written", target_);
    finished_ = true;
    sink_->finish();
    warnings_ = sink_->warnings();
  }

 private:
  std::unique_ptr<FrameSink> sink_;
  std::string target_;
  int width_;
  int height_;
  std::optional<int64_t> last_pts_;
  bool finished_ = false;
};

std::unique_ptr<FrameSink> open_sink(const std::filesystem::path& target, int width, int height,
                                     VideoWriterOptions options) {
  const OutputPlan plan = plan_output(target, options);
  if (plan.pictures) {
    return std::make_unique<PictureSink>(target, width, height, plan.pattern, options.audio.has_value(),
                                         options.metadata);
  }
  if (!options.frame_rate.positive()) options.frame_rate = {25, 1};
  if (!options.time_base.positive()) options.time_base = {options.frame_rate.den, options.frame_rate.num};
  return std::make_unique<ClipSink>(target, width, height, plan, options);
}

}  // namespace

VideoWriter::VideoWriter(const std::filesystem::path& target, int width, int height, const VideoWriterOptions& options)
    : sink_(std::make_unique<CheckedSink>(open_sink(target, width, height, options), show(target), width, height)) {}

VideoWriter::~VideoWriter() = default;
VideoWriter::VideoWriter(VideoWriter&&) noexcept = default;
VideoWriter& VideoWriter::operator=(VideoWriter&&) noexcept = default;

void VideoWriter::write(const Frame& frame) {
  sink_->write(frame);
  ++frames_written_;
}

void VideoWriter::finish() { sink_->finish(); }

const std::vector<std::string>& VideoWriter::warnings() const { return sink_->warnings(); }

}  // namespace animate::media
