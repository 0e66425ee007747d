#include "engine/portrait/portrait_preview.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/error.h"
#include "core/tensor_image.h"
#include "engine/portrait/portrait_composer.h"
#include "engine/preview_parts.h"
#include "motion/flat_points.h"
#include "pictures/preview_sheet.h"

namespace animate::engine {
namespace {

using Outlines = std::vector<std::vector<Point>>;

std::vector<Point> in_picture(const std::vector<Point>& points, const std::array<float, 9>& matrix) {
  Points2 single;
  for (const Point& point : points) single.push_back({static_cast<float>(point.x), static_cast<float>(point.y)});
  std::vector<Point> result;
  for (const Point2& point : pictures::transform_points(single, matrix)) result.push_back({point[0], point[1]});
  return result;
}

// Adds a crop's outline, and keypoints that lie in it, in pixels of the picture.
void mark(pictures::PreviewPanel& panel, const std::optional<pictures::CropTransform>& crop,
          const std::vector<Point>& keypoints) {
  if (!crop) {
    for (const Point& point : to_pixels(keypoints, panel.picture.width(), panel.picture.height())) {
      panel.points.push_back(point);
    }
    return;
  }
  const double side = crop->size;
  panel.outlines.push_back(in_picture({{0, 0}, {side, 0}, {side, side}, {0, side}}, crop->image_from_crop));
  for (const Point& point : in_picture(to_pixels(keypoints, side, side), crop->image_from_crop)) {
    panel.points.push_back(point);
  }
}

// Pictures of a clip by their numbers, in one pass that ends behind the last of them.
template <typename Next>
std::map<size_t, Image> pick_pictures(const std::set<size_t>& wanted, const Next& next) {
  std::map<size_t, Image> pictures;
  for (size_t i = 0; pictures.size() < wanted.size(); ++i) {
    std::optional<Image> picture = next();
    if (!picture) break;
    if (wanted.contains(i)) pictures.emplace(i, std::move(*picture));
  }
  return pictures;
}

class Sheet {
 public:
  explicit Sheet(const PreviewParts& parts)
      : parts_(parts),
        plan_(parts.moves.plan),
        shown_(spread_frames(plan_.frames.size())),
        composer_({parts.job.pastes(), /*concat=*/false, /*show_keypoints=*/false}) {
    parts.job.progress.start("painting the preview", std::ssize(shown_));
  }

  const std::vector<size_t>& shown() const { return shown_; }

  // `index`: of the result; `faces` and `appearances`: of the source picture that it is made from.
  void add(size_t index, PaintedFrame painted, const std::vector<torch::Tensor>& appearances) {
    check(!parts_.job.stop.stop_requested(), ErrorKind::Cancelled, "interrupted; nothing was written");
    for (size_t i = 0; i < appearances.size(); ++i) {
      const motion::KeypointTrack& moves = *parts_.moves.faces[i];
      const auto frame =
          parts_.job.model.paint(appearances[i], moves.driving_keypoints(index), moves.source_keypoints(index));
      painted.generated.push_back(core::to_image(frame, core::Rounding::Truncate));
    }
    results_.push_back({composer_.compose(std::move(painted)),
                        frame_label("result", index, plan_.frames[index].pts, plan_.timing.time_base),
                        {},
                        {}});
    parts_.job.progress.advance(std::ssize(results_));
  }

  Image finish(const pictures::PreviewPanel& source) {
    parts_.job.progress.finish(std::ssize(results_));
    return pictures::preview_sheet(source, driving_panels(), results_);
  }

 private:
  std::vector<pictures::PreviewPanel> driving_panels() const {
    std::vector<size_t> places;
    std::set<size_t> wanted;
    for (const size_t index : shown_) {
      places.push_back(static_cast<size_t>(std::lround(plan_.frames[index].driving)));
      wanted.insert(parts_.driving.picture[places.back()]);
    }
    std::map<size_t, Image> pictures;
    if (!parts_.clip.is_template()) {
      parts_.clip.rewind();
      pictures = pick_pictures(wanted, [this]() -> std::optional<Image> {
        auto step = parts_.clip.next();
        return step ? std::optional(step->frame.image) : std::nullopt;
      });
    }
    std::vector<pictures::PreviewPanel> panels;
    for (const size_t place : places) {
      const size_t picture = parts_.driving.picture[place];
      const auto& crops = parts_.driving.crops;
      pictures::PreviewPanel panel;
      const auto found = pictures.find(picture);
      // A template has motion only: its keypoints stand on an empty picture.
      panel.picture = found == pictures.end() ? blank_picture() : found->second;
      panel.label =
          frame_label("driver", picture, parts_.driving.times.pts[place], parts_.driving.times.timing.time_base);
      const bool lost =
          std::any_of(parts_.driving.lost.begin(), parts_.driving.lost.end(),
                      [picture](const auto& span) { return span.first <= picture && picture <= span.last; });
      if (lost) panel.label += ", no face";
      const motion::FaceMotion& motion = parts_.driving.frames[place].motion;
      const bool drawable = !motion.canonical.empty();
      mark(panel, picture < crops.size() ? std::optional(crops[picture]) : std::nullopt,
           drawable ? motion::flat_points(motion.keypoints()) : std::vector<Point>());
      panels.push_back(std::move(panel));
    }
    return panels;
  }

  PreviewParts parts_;
  const FramePlan& plan_;
  std::vector<size_t> shown_;
  PortraitComposer composer_;
  std::vector<pictures::PreviewPanel> results_;
};

pictures::PreviewPanel source_panel(const Image& picture, const std::string& model) {
  return {picture, fmt::format("source {}x{}, model {}", picture.width(), picture.height(), model), {}, {}};
}

}  // namespace

Image preview_portrait(const PreviewParts& parts, const SourcePortrait& source) {
  Sheet sheet(parts);
  pictures::PreviewPanel panel = source_panel(source.picture, parts.job.model.info().name);
  std::vector<torch::Tensor> appearances;
  PaintedFrame frame;
  frame.picture = source.picture;
  for (const SourceFace& face : source.faces) {
    appearances.push_back(parts.job.model.appearance_of(core::to_tensor(face.view)));
    frame.crops.push_back(face.crop);
    mark(panel, face.crop, motion::flat_points(face.face.motion.keypoints()));
  }
  for (const size_t index : sheet.shown()) sheet.add(index, frame, appearances);
  return sheet.finish(panel);
}

Image preview_video(const PreviewParts& parts, const SourceTrack& source) {
  Sheet sheet(parts);
  std::set<size_t> wanted;
  for (const size_t index : sheet.shown()) wanted.insert(parts.moves.plan.frames[index].source);
  media::VideoReader reader = open_source_video(parts.job.job.source);
  const auto pictures = pick_pictures(wanted, [&]() -> std::optional<Image> {
    auto frame = reader.next();
    return frame ? std::optional(limited_picture(frame->image, parts.job.own)) : std::nullopt;
  });
  pictures::PreviewPanel panel;
  for (const size_t index : sheet.shown()) {
    const size_t number = parts.moves.plan.frames[index].source;
    const auto found = pictures.find(number);
    check(found != pictures.end(), ErrorKind::Input, "{}: ended at its second reading; copy it to a disk and run again",
          show(parts.job.job.source.path));
    if (panel.picture.empty()) {
      panel = source_panel(found->second, parts.job.model.info().name);
      mark(panel, source.crops[number], motion::flat_points(source.faces[number].motion.keypoints()));
    }
    PaintedFrame frame;
    frame.picture = found->second;
    std::vector<torch::Tensor> appearances;
    if (source.found[number]) {
      frame.crops.push_back(source.crops[number]);
      appearances.push_back(
          parts.job.model.appearance_of(core::to_tensor(source_view(found->second, source.crops[number]))));
    }
    sheet.add(index, std::move(frame), appearances);
  }
  return sheet.finish(panel);
}

}  // namespace animate::engine
