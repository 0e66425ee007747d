#include "engine/morph/morph_checks.h"

#include "base/error.h"
#include "base/file_suffix.h"
#include "base/overwrite.h"
#include "base/temp_file.h"

namespace animate::engine {
namespace {

namespace fs = std::filesystem;

void check_pictures(const CheckedJob& job) {
  const Input* before = nullptr;
  for (const Input* picture = &job.source; picture != nullptr;) {
    check(!picture->is_clip(), ErrorKind::Usage,
          "{}: is a clip, and a morph goes from picture to picture; give pictures", show(picture->path));
    std::error_code ec;
    check(before == nullptr || !fs::equivalent(before->path, picture->path, ec) || ec, ErrorKind::Usage,
          "{}: would become itself, and nothing would change; give another picture with -t", show(picture->path));
    before = picture;
    const size_t next = picture == &job.source ? 0 : static_cast<size_t>(picture - job.targets.data()) + 1;
    picture = next < job.targets.size() ? &job.targets[next] : nullptr;
  }
}

void check_grid(const CheckedJob& job) {
  const fs::path& grid = job.options.morph.grid;
  if (grid.empty()) return;
  check(has_written_picture_suffix(grid), ErrorKind::Usage,
        "{}: a sheet is a picture; give --grid a name that ends in .png or .jpg", show(grid));
  std::error_code ec;
  const auto same = [&](const fs::path& other) {
    return fs::weakly_canonical(grid, ec) == fs::weakly_canonical(other, ec);
  };
  bool taken = same(job.output) || same(job.source.path);
  for (const Input& target : job.targets) taken = taken || same(target.path);
  check(!taken, ErrorKind::Usage, "{}: is another file of the job; give --grid another name", show(grid));
  check_overwrite(grid, job.options.output.overwrite);
  const TempFile probe(grid);
}

}  // namespace

void check_morph(const CheckedJob& job) {
  const AnimateOptions& options = job.options;
  const MorphOptions& morph = options.morph;
  if (!job.is_morph()) {
    check(morph == MorphOptions(), ErrorKind::Usage,
          "--method, --frames, --ease and the like are a morph's; give the pictures that the source becomes, or leave "
          "them out");
    return;
  }
  check(!job.driving.given(), ErrorKind::Usage, "{}: a morph has no driver; leave it out", show(job.driving.path));
  check(!job.preview, ErrorKind::Usage, "--preview: shows a driver, and a morph has none; --grid draws a sheet of it");
  check_pictures(job);
  check(!names_one_written_picture(job.output), ErrorKind::Usage,
        "{}: a morph does not fit into one picture; give a name as in out.mp4 or out-%05d.png", show(job.output));
  const RateChoice& fps = options.output.fps;
  check(fps.kind == RateChoice::Kind::Own || fps.kind == RateChoice::Kind::Fixed, ErrorKind::Usage,
        "--fps {}: names a clip, and there is none; give a number, as in 25 or 30000/1001", fps.text());
  check(morph.duration == 0 || morph.frames == MorphOptions::kFrames, ErrorKind::Usage,
        "--frames and --duration both say how long it takes; give one of them");
  check(!options.output.concat && !options.output.show_keypoints, ErrorKind::Usage,
        "--concat and --show-keypoints: are for jobs with a driver; leave them out");
  check(options.liveportrait.set.empty(), ErrorKind::Usage,
        "--set: edits one face, and a morph has several; edit the pictures first with `animate edit`");
  check(options.liveportrait.face.kind != FaceChoice::Kind::All, ErrorKind::Usage,
        "--face all: a morph has one face in each picture; choose it");
  check_grid(job);
}

void check_motion_morph(const CheckedJob& job, const std::string& model, const std::string& family) {
  const MorphOptions& morph = job.options.morph;
  check(morph.method != MorphMethod::Latent, ErrorKind::Usage,
        "--method latent: goes between the codes of a face autoencoder, and {} is a model of the family {}; give one "
        "with -m, or leave it out",
        model, family);
  check(morph.size == 0, ErrorKind::Usage,
        "--size {}: is for --method latent; the result has the size of what {} paints, leave it out", morph.size,
        model);
}

}  // namespace animate::engine
