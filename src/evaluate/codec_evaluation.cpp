#include "evaluate/codec_evaluation.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/counted.h"
#include "base/error.h"
#include "base/log.h"
#include "dataset/face_files.h"
#include "evaluate/frechet.h"
#include "heads/head_renderer.h"
#include "models/autoencoder/face_picture.h"
#include "models/autoencoder/linear_code.h"
#include "models/autoencoder/networks.h"

namespace animate::evaluate {
namespace {

namespace autoencoder = models::autoencoder;

constexpr int64_t kFacesAtOnce = 64;
// Training sees the seeds below.
constexpr int64_t kHeldOutSeed = 100'000;

void stop_if(const std::stop_token& stop) {
  check(!stop.stop_requested(), ErrorKind::Cancelled, "interrupted; nothing was written");
}

// Heads of these seeds, `frames` pictures of each.
torch::Tensor drawn_heads(int64_t first, int64_t count, int64_t frames, Progress& progress,
                          const std::stop_token& stop) {
  progress.start("drawing", count * frames);
  std::vector<torch::Tensor> rows;
  std::vector<heads::Head> heads;
  int64_t done = 0;
  const auto draw = [&] {
    stop_if(stop);
    const auto pictures = heads::render_heads(heads, {autoencoder::kSide, torch::kCPU, 0});
    rows.push_back((pictures * 255 + 0.5).clamp(0, 255).to(torch::kUInt8));
    progress.advance(done += std::ssize(heads));
    heads.clear();
  };
  for (int64_t i = 0; i < count; ++i) {
    for (int64_t frame = 0; frame < frames; ++frame) {
      heads.push_back(heads::sample_head(static_cast<uint64_t>(first + i), static_cast<uint64_t>(frame)));
      if (std::ssize(heads) == kFacesAtOnce) draw();
    }
  }
  if (!heads.empty()) draw();
  progress.finish(done);
  return torch::cat(rows);
}

torch::Tensor read_faces(const std::vector<std::filesystem::path>& files, int64_t most, const std::stop_token& stop) {
  std::vector<torch::Tensor> rows;
  int64_t broken = 0;
  for (const auto& file : files) {
    stop_if(stop);
    if (std::ssize(rows) == most) break;
    try {
      rows.push_back(autoencoder::face_bytes(dataset::read_face(file)));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::Input) throw;
      log::debug("{}", error.what());
      ++broken;
    }
  }
  if (broken > 0) log::warn("{} could not be read and is passed over", counted(broken, "picture"));
  return rows.empty() ? torch::Tensor() : torch::stack(rows);
}

torch::Tensor signed_faces(const torch::Tensor& bytes) {
  return autoencoder::to_signed(autoencoder::from_face_bytes(bytes));
}

// One number without an interval: it comes from a set as a whole.
EvaluatedFigure whole(const char* name, std::string title, double value, int64_t count, const char* unit,
                      int decimals) {
  EvaluatedFigure figure;
  figure.name = name;
  figure.title = std::move(title);
  figure.unit = unit;
  figure.decimals = decimals;
  figure.mean = value;
  figure.margin = std::numeric_limits<double>::quiet_NaN();
  figure.count = count;
  return figure;
}

// Encoded and decoded, [N, 3, 64, 64] in [0, 1] on the CPU.
torch::Tensor given_back(const models::FaceCodec& codec, const torch::Tensor& bytes) {
  std::vector<torch::Tensor> rows;
  for (const auto& some : bytes.split(kFacesAtOnce)) {
    rows.push_back(codec.decode(codec.encode(autoencoder::from_face_bytes(some))).to(torch::kCPU));
  }
  return torch::cat(rows);
}

EvaluatedPart codes_part(const models::FaceCodec& codec, const CodecFaces& faces, const autoencoder::LinearCode& linear,
                         ContactSheet& sheet) {
  const auto truth = signed_faces(faces.held_out);
  const auto result = given_back(codec, faces.held_out);
  const double error = (autoencoder::to_signed(result) - truth).square().mean(torch::kDouble).item<double>();
  const int64_t count = truth.size(0);
  const int64_t numbers = codec.info().numbers;
  EvaluatedPart part;
  part.name = "codes";
  part.what = faces.what;
  if (linear.numbers() < numbers) {
    part.what += fmt::format("; the linear code has {} numbers only, for it was fitted to {}", linear.numbers(),
                             counted(faces.known.size(0), "face"));
  }
  part.figures.push_back(whole("mse", "MSE", error, count, "[-1,1]^2", 4));
  part.figures.push_back(whole("linear_code", fmt::format("linear code of {}", linear.numbers()),
                               linear.error(truth, numbers), count, "[-1,1]^2", 4));
  part.figures.push_back(whole("mean_face", "mean face", linear.error(truth, 0), count, "[-1,1]^2", 4));
  // A range of 2 in [-1, 1] is one of 1 in [0, 1].
  part.figures.push_back(whole("psnr", "PSNR", 10 * std::log10(4 / error), count, "dB", 2));
  // face | what the linear code keeps | face | what the codec gives back
  const auto away = truth.flatten(1) - linear.mean;
  const auto kept = away.matmul(linear.directions.t()).matmul(linear.directions) + linear.mean;
  for (int64_t i = 0; i < std::min(kSheetRows, count); ++i) {
    const auto face = autoencoder::to_unit(truth.narrow(0, i, 1));
    const auto by_line = autoencoder::to_unit(kept[i].view_as(truth[i])).clamp(0, 1).unsqueeze(0);
    sheet.add(face, by_line, face, result.narrow(0, i, 1));
  }
  return part;
}

// Features of pictures in [0, 1], pooled.
models::PooledCovariance features_of(const DetectorFeatures& features, const torch::Tensor& pictures,
                                     const std::stop_token& stop) {
  models::PooledCovariance pooled;
  for (const auto& some : pictures.split(kFacesAtOnce)) {
    stop_if(stop);
    pooled.add(features.of(some));
  }
  return pooled;
}

EvaluatedPart faces_part(const models::FaceCodec& codec, const EvaluateJob& job, const CodecFaces& faces,
                         const autoencoder::LinearCode& linear, const DetectorFeatures& features, Progress& progress,
                         const std::stop_token& stop) {
  const int64_t count = std::min(job.options.faces, faces.held_out.size(0));
  const auto seed = static_cast<uint64_t>(job.options.seed);
  const auto real_bytes = faces.held_out.narrow(0, 0, count);
  const auto real = features_of(features, autoencoder::from_face_bytes(real_bytes), stop);
  EvaluatedPart part;
  part.name = "faces";
  part.what = fmt::format(
      "Fréchet distances of {} to as many held-out ones, by the features of the drawn heads' "
      "keypoint detector: not the published FID",
      counted(count, "picture"));
  progress.start("faces", 5);
  int64_t done = 0;
  const auto add = [&](const char* name, const char* title, const torch::Tensor& pictures) {
    const double distance = frechet_distance(features_of(features, pictures.clamp(0, 1), stop), real);
    part.figures.push_back(
        whole(name, fmt::format("Fréchet (detector), {}", title), distance, pictures.size(0), "", 3));
    progress.advance(++done);
  };
  const int64_t numbers = codec.info().numbers;
  if (const auto* distribution = codec.distribution()) {
    const auto codes = distribution->at(models::seeded_normals(count, distribution->draws(), seed));
    add("frechet_detector_drawn", "drawn", codec.decode(codes).to(torch::kCPU));
  }
  add("frechet_detector_unfitted", "unfitted",
      codec.decode(models::seeded_normals(count, numbers, seed)).to(torch::kCPU));
  add("frechet_detector_linear", "linear",
      autoencoder::to_unit(linear.sample(models::seeded_normals(count, linear.numbers(), seed), autoencoder::kSide)));
  if (codec.info().encodes) add("frechet_detector_given_back", "given back", given_back(codec, real_bytes));
  const auto known = faces.known.narrow(0, 0, std::min(count, faces.known.size(0)));
  add("frechet_detector_known", "other true", autoencoder::from_face_bytes(known));
  progress.finish(done);
  return part;
}

}  // namespace

CodecFaces faces_for(const EvaluateJob& job, Progress& progress, const std::stop_token& stop) {
  const EvaluateOptions& options = job.options;
  CodecFaces faces;
  if (!job.data) {
    const int64_t frames = 2 * options.pairs;
    // Enough heads for whichever part wants more of them.
    const int64_t identities = std::max({options.heads, (options.faces + frames - 1) / frames, int64_t{2}});
    faces.held_out = drawn_heads(options.seed, identities, frames, progress, stop);
    faces.known =
        drawn_heads(std::max<int64_t>(0, kHeldOutSeed - options.linear_code), options.linear_code, 1, progress, stop);
    faces.what = fmt::format("{} of {} from seed {} on", counted(faces.held_out.size(0), "picture"),
                             counted(identities, "drawn head"), options.seed);
    return faces;
  }
  const auto files = dataset::list_faces(*job.data);
  check(files.held_out.size() >= 2, ErrorKind::Input,
        "{}: holds fewer than 20 pictures, of which every tenth is measured on; add more, or give heads",
        show(*job.data));
  faces.held_out = read_faces(files.held_out, std::numeric_limits<int64_t>::max(), stop);
  faces.known = read_faces(files.train, options.linear_code, stop);
  const bool enough =
      faces.held_out.defined() && faces.known.defined() && faces.held_out.size(0) >= 2 && faces.known.size(0) >= 2;
  check(enough, ErrorKind::Input, "{}: too few of its pictures can be read; give a folder of whole ones",
        show(*job.data));
  faces.what = fmt::format("{}, every tenth of {}", counted(faces.held_out.size(0), "picture"), show(*job.data));
  return faces;
}

std::vector<EvaluatedPart> evaluate_codec(const models::FaceCodec& codec, const EvaluateJob& job,
                                          const CodecFaces& faces, const DetectorFeatures* features,
                                          ContactSheet& sheet, Progress& progress, const std::stop_token& stop) {
  const torch::NoGradGuard no_grad;
  stop_if(stop);
  const auto linear = autoencoder::LinearCode::fit(signed_faces(faces.known), codec.info().numbers);
  stop_if(stop);
  std::vector<EvaluatedPart> parts;
  if (codec.info().encodes) parts.push_back(codes_part(codec, faces, linear, sheet));
  if (features != nullptr && job.options.faces >= 2) {
    parts.push_back(faces_part(codec, job, faces, linear, *features, progress, stop));
  }
  return parts;
}

}  // namespace animate::evaluate
