#include "doctor/diagnosis.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "doctor/gpu_findings.h"

namespace animate::doctor {
namespace {

constexpr int64_t kLittleDisk = 500'000'000;      // bytes; a minute of video and some
constexpr int64_t kLittleMemory = 1'500'000'000;  // LivePortrait's weights and their work

std::string gigabytes(int64_t bytes) { return fmt::format("{:.1f} GB", static_cast<double>(bytes) / 1e9); }

Finding engine(const Libraries& libraries) {
  if (libraries.engine.empty()) {
    return {"engine", Health::Bad, "libanimate is not found", "install or build the program again"};
  }
  if (!libraries.missing.empty()) {
    return {"engine", Health::Bad,
            fmt::format("{} cannot be loaded, missing {}", show(libraries.engine), fmt::join(libraries.missing, ", ")),
            what_brings(libraries.missing.front())};
  }
  return {"engine", Health::Good, show(libraries.engine), ""};
}

Finding torch(const Libraries& libraries) {
  if (libraries.torch.empty()) return {"LibTorch", Health::Bad, "is not found", "apt-get install libtorch-dev"};
  return {"LibTorch", Health::Good,
          libraries.torch + (libraries.cuda.built ? ", built for CUDA" : ", built without CUDA"), ""};
}

Finding blas(const Libraries& libraries) {
  const std::string install = "apt-get install libopenblas0-openmp";
  switch (libraries.blas) {
    case Blas::OpenBlasOpenMp: return {"BLAS", Health::Good, "OpenBLAS with OpenMP", ""};
    case Blas::OpenBlasThreads:
      return {"BLAS", Health::Note, "OpenBLAS with threads of its own, which get in the way of LibTorch's", install};
    case Blas::OpenBlasSerial: return {"BLAS", Health::Note, "OpenBLAS for one thread only", install};
    case Blas::Reference:
      return {"BLAS", Health::Note, "the reference implementation, about forty times slower than OpenBLAS", install};
    default: break;
  }
  return {"BLAS", Health::Good, libraries.blas_file.empty() ? "LibTorch's own" : show(libraries.blas_file), ""};
}

Finding ffmpeg(const Libraries& libraries) {
  if (libraries.ffmpeg.empty())
    return {"FFmpeg", Health::Bad, "is not found", "apt-get install libavcodec-dev libavformat-dev"};
  std::string text = fmt::format("{}; encoders {}", libraries.ffmpeg, fmt::join(libraries.encoders, ", "));
  const auto& gone = libraries.missing_encoders;
  if (gone.empty()) return {"FFmpeg", Health::Good, text, ""};
  text += fmt::format("; missing {}", fmt::join(gone, ", "));
  const bool mp4 = std::find(gone.begin(), gone.end(), wanted_encoders().front()) == gone.end();
  // Results that need the missing ones are refused with a sentence; other kinds can be written.
  return {"FFmpeg", libraries.encoders.empty() ? Health::Bad : Health::Note, text,
          mp4 ? "install an FFmpeg that has them" : "install an FFmpeg with libx264, or write .webm, .gif or pictures"};
}

Finding opencv(const Machine& machine, const Libraries& libraries) {
  if (libraries.opencv.empty()) return {"OpenCV", Health::Bad, "is not found", "apt-get install libopencv-dev"};
  if (machine.cascades.empty()) {
    return {"OpenCV", Health::Note,
            libraries.opencv + ", without its face cascades: faces are found with --detector only",
            "apt-get install opencv-data"};
  }
  return {"OpenCV", Health::Good, libraries.opencv + ", face cascades in " + show(machine.cascades), ""};
}

Finding heif(const Libraries& libraries) {
  const bool both = libraries.reads_heic && libraries.reads_avif;
  if (both) return {"libheif", Health::Good, libraries.heif + ", reads HEIC and AVIF", ""};
  const char* missing = libraries.reads_avif ? "HEIC" : libraries.reads_heic ? "AVIF" : "HEIC and AVIF";
  return {"libheif", Health::Note, fmt::format("{}, without a decoder for {}", libraries.heif, missing),
          libraries.reads_avif   ? "apt-get install libheif-plugin-libde265"
          : libraries.reads_heic ? "apt-get install libheif-plugin-dav1d"
                                 : "apt-get install libheif-plugin-libde265 libheif-plugin-dav1d"};
}

Finding memory(const Machine& machine) {
  const std::string text =
      fmt::format("{}, {} available", gigabytes(machine.memory), gigabytes(machine.memory_available));
  const bool little = machine.memory > 0 && machine.memory_available < kLittleMemory;
  return {"memory", little ? Health::Note : Health::Good, text,
          little ? "LivePortrait wants 1.5 GB; end other programs" : ""};
}

Finding disk(const Machine& machine) {
  if (!machine.output_writable) {
    return {"disk", Health::Bad, show(machine.output) + " is no folder that can be written",
            "choose another with -o FOLDER"};
  }
  const bool little = machine.output_free < kLittleDisk;
  return {"disk", little ? Health::Note : Health::Good,
          fmt::format("{} free in {}", gigabytes(machine.output_free), show(machine.output)),
          little ? "free some, or write elsewhere" : ""};
}

Finding of_model(const catalog::SurveyedModel& model) {
  const std::string text = fmt::format("{}: {}{}, {}", show(model.name), model.state,
                                       model.is_default ? ", default" : "", show(model.location));
  const bool whole = model.usable && (model.state == "complete" || model.published.empty());
  if (whole) return {"model", Health::Good, text, ""};
  std::string advice;
  if (model.fetchable) advice = fmt::format("animate models fetch {}", model.published);
  if (model.usable && advice.empty()) advice = fmt::format("animate models check {}", show(model.location));
  return {"model", Health::Note, text, advice};
}

const catalog::SurveyedModel* first_of(const std::vector<catalog::SurveyedModel>& models, const std::string& family) {
  const auto found = std::find_if(models.begin(), models.end(), [&](const catalog::SurveyedModel& model) {
    return model.family == family && model.present && model.usable;
  });
  return found == models.end() ? nullptr : &*found;
}

std::vector<Ability> abilities(const Machine& machine, const std::vector<catalog::SurveyedModel>& models) {
  const std::string fetch = "animate models fetch liveportrait";
  const catalog::SurveyedModel* portrait = first_of(models, "liveportrait");
  // A single file holds the networks that a folder holds beside it, or none.
  const bool landmarks = portrait != nullptr && !portrait->landmarks.empty();
  const bool detector = portrait != nullptr && !portrait->detector.empty();
  std::vector<Ability> list;
  const auto shipped =
      std::find_if(models.begin(), models.end(), [](const auto& m) { return m.name == "default" && m.usable; });
  list.push_back({"drawn heads", shipped != models.end(),
                  shipped != models.end() ? "-m heads" : "the model that ships is missing", ""});
  list.push_back({"photos and videos of people", portrait != nullptr,
                  portrait != nullptr ? "-m " + show(portrait->name) : "LivePortrait's weights are missing",
                  portrait != nullptr ? "" : fetch});
  list.push_back({"animals, statues, drawings", portrait != nullptr,
                  portrait != nullptr ? "with the face placed by --points" : "LivePortrait's weights are missing",
                  portrait != nullptr ? "" : fetch});
  list.push_back({"exact crops, eyes and lips", landmarks, landmarks ? "landmark.onnx" : "landmark.onnx is missing",
                  landmarks ? "" : fetch});
  list.push_back({"faces, found well", detector,
                  detector ? show(portrait->detector.filename())
                           : std::string("YuNet is missing; ") +
                                 (machine.cascades.empty() ? "OpenCV's cascade, too" : "OpenCV's cascade is used"),
                  detector ? "" : fetch});
  const auto vox = std::find_if(models.begin(), models.end(), [](const auto& m) { return m.published == "vox"; });
  const bool has_vox = vox != models.end() && vox->present && vox->usable;
  list.push_back({"First Order Motion Model vox", has_vox,
                  has_vox ? "-m " + show(vox->name) : "vox-cpk.pth.tar is missing; it is fetched by hand",
                  has_vox ? "" : "animate models fetch vox", /*wanted=*/false});
  const catalog::SurveyedModel* video = first_of(models, "video_diffusion");
  list.push_back({"clips without a driver", video != nullptr,
                  video != nullptr ? "animate dream -m " + show(video->name)
                                   : "Stable Video Diffusion's weights are missing; they are fetched by hand",
                  video != nullptr ? "" : "animate models fetch svd", /*wanted=*/false});
  return list;
}

// First what stops everything, then what is in the way of photos, then what would be better.
std::string next_step(const Diagnosis& diagnosis) {
  for (const Finding& finding : diagnosis.findings) {
    if (finding.health == Health::Bad && !finding.advice.empty()) return finding.advice;
  }
  for (const Ability& ability : diagnosis.abilities) {
    if (!ability.ready && ability.wanted && !ability.step.empty()) return ability.step;
  }
  for (const Finding& finding : diagnosis.findings) {
    if (finding.health == Health::Note && !finding.advice.empty()) return finding.advice;
  }
  return "animate -s portrait.jpg -d talking.mp4";
}

}  // namespace

Diagnosis diagnose(const Machine& machine, const Libraries& libraries,
                   const std::vector<catalog::SurveyedModel>& models) {
  Diagnosis diagnosis;
  diagnosis.findings = {engine(libraries)};
  if (libraries.listed) {
    diagnosis.findings.insert(diagnosis.findings.end(),
                              {torch(libraries), blas(libraries), ffmpeg(libraries), opencv(machine, libraries)});
  }
  if (!libraries.heif.empty()) diagnosis.findings.push_back(heif(libraries));
  for (Finding& finding : gpu_findings(machine.cores, machine.gpus, libraries.cuda)) {
    diagnosis.findings.push_back(std::move(finding));
  }
  diagnosis.findings.insert(diagnosis.findings.end(), {memory(machine), disk(machine)});
  for (const catalog::SurveyedModel& model : models) {
    if (model.present) diagnosis.findings.push_back(of_model(model));
  }
  const bool any_model =
      std::any_of(models.begin(), models.end(), [](const auto& m) { return m.is_default && m.usable; });
  if (!any_model) {
    diagnosis.findings.push_back({"model", Health::Bad, "no model can be run",
                                  "install the program again, or animate models fetch liveportrait"});
  }
  diagnosis.abilities = abilities(machine, models);
  diagnosis.can_run = std::none_of(diagnosis.findings.begin(), diagnosis.findings.end(),
                                   [](const Finding& finding) { return finding.health == Health::Bad; });
  diagnosis.next_step = next_step(diagnosis);
  return diagnosis;
}

}  // namespace animate::doctor
