#include "engine/head_clip.h"

#include <array>
#include <fstream>

#include "base/counted.h"
#include "base/error.h"
#include "base/temp_file.h"
#include "base/write_errors.h"
#include "core/tensor_image.h"
#include "heads/head_geometry.h"
#include "heads/head_motion.h"
#include "heads/head_renderer.h"
#include "media/image_io.h"
#include "media/video_writer.h"

namespace animate::engine {
namespace {

constexpr int kRate = 25;

Image drawn(const heads::Head& head, int64_t size) {
  heads::RenderOptions options;
  options.size = size;
  return core::to_image(heads::render_heads(std::array{head}, options));
}

// CSV of the keypoints; appears in commit().
class KeypointFile {
 public:
  explicit KeypointFile(const std::filesystem::path& path) : file_(path), out_(file_.path()) {
    out_ << "frame,keypoint,x,y,j00,j01,j10,j11\n";
  }

  void add(int64_t frame, const heads::HeadTruth& truth) {
    for (size_t k = 0; k < truth.points.size(); ++k) {
      const auto& j = truth.frames[k];
      out_ << fmt::format("{},{},{:.6f},{:.6f},{:.6f},{:.6f},{:.6f},{:.6f}\n", frame, k, truth.points[k][0],
                          truth.points[k][1], j[0], j[1], j[2], j[3]);
    }
  }

  void commit() {
    out_.close();
    check_written(out_, file_.target());
    file_.commit();
  }

 private:
  TempFile file_;
  std::ofstream out_;
};

void write_files(const std::filesystem::path& folder, const HeadsOptions& options) {
  const auto seed = static_cast<uint64_t>(options.seed);
  const auto source_seed = static_cast<uint64_t>(options.identity < 0 ? options.seed + 1 : options.identity);
  const auto motions = heads::smooth_motion(seed, options.frames, kRate);
  heads::Head source = heads::sample_head(source_seed, 0);
  source.pose = motions.front().pose;
  source.expression = motions.front().expression;

  media::VideoWriterOptions writing;
  writing.frame_rate = {kRate, 1};
  const int side = static_cast<int>(options.size);
  media::VideoWriter clip(folder / "driving.mp4", side, side, writing);
  KeypointFile keypoints(folder / "keypoints.csv");
  for (int64_t i = 0; i < options.frames; ++i) {
    heads::Head driver = heads::sample_head(seed, static_cast<uint64_t>(i));
    driver.pose = motions[static_cast<size_t>(i)].pose;
    driver.expression = motions[static_cast<size_t>(i)].expression;
    clip.write({drawn(driver, options.size), i, 1});
    keypoints.add(i, heads::truth_of(driver));
  }
  media::save_image(folder / "source.png", drawn(source, options.size));
  keypoints.commit();
  clip.finish();
}

}  // namespace

std::string write_head_clip(const std::filesystem::path& folder, const HeadsOptions& options) {
  check(options.size % 2 == 0, ErrorKind::Usage, "--size {}: is odd, which videos cannot be; use an even number",
        options.size);
  check(options.identity != options.seed, ErrorKind::Usage,
        "--identity {}: is the driver's own head; choose another number than --seed", options.identity);
  std::error_code ec;
  if (std::filesystem::exists(folder, ec)) {
    check(std::filesystem::is_directory(folder, ec), ErrorKind::Input, "{}: is not a folder; choose another output",
          show(folder));
    write_files(folder, options);
  } else {
    // Without a slash at its end a path's last part is its name.
    const auto target = folder.has_filename() ? folder : folder.parent_path();
    TempFile whole(target, TempFile::Kind::Folder);
    write_files(whole.path(), options);
    whole.commit();
  }
  return fmt::format("{} of {}x{}, heads {} and {}", counted(options.frames, "frame"), options.size, options.size,
                     options.seed, options.identity < 0 ? options.seed + 1 : options.identity);
}

}  // namespace animate::engine
