// The engine of a build without FFmpeg and OpenCV: networks can be measured and converted, clips cannot be opened.
#include "animate/dream.h"
#include "animate/faces.h"
#include "animate/model.h"
#include "animate/picture_reader.h"
#include "base/error.h"
#include "engine/bench_clip.h"
#include "engine/bench_roofline.h"
#include "engine/describe_media.h"
#include "engine/film_crops.h"
#include "engine/head_clip.h"

namespace animate {
namespace {

[[noreturn]] void refuse() {
  fail(ErrorKind::Usage, "this build has no FFmpeg and OpenCV; build again with -DANIMATE_MEDIA=ON");
}

}  // namespace

std::shared_ptr<const Model> open_model(const ModelSpec&, const RuntimeOptions&) { refuse(); }

void check_job(const AnimateJob&) { refuse(); }

void check_job(const TemplateJob&) { refuse(); }

std::unique_ptr<PictureReader> make_picture_reader() { refuse(); }

std::unique_ptr<FaceMaker> make_face_maker() { refuse(); }

std::unique_ptr<Dreamer> make_dreamer() { refuse(); }

namespace engine {

std::string describe_media(const std::filesystem::path&) { refuse(); }

std::string write_head_clip(const std::filesystem::path&, const HeadsOptions&) { refuse(); }

void check_bench_clip(const BenchOptions& options) {
  if (!options.clip.empty() || !options.picture.empty()) refuse();
}

BenchClip bench_clip(const ModelSpec&, const BenchOptions&) { refuse(); }

void check_bench_roofline(const BenchOptions& options) {
  if (!options.roofline.empty()) refuse();
}

void write_bench_roofline(const BenchReport&, const BenchOptions&) { refuse(); }

std::vector<std::string> film_crops(const std::filesystem::path&, const CropsOptions&, Progress&, std::stop_token) {
  refuse();
}

}  // namespace engine
}  // namespace animate
