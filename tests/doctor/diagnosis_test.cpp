#include "doctor/diagnosis.h"

#include <algorithm>

#include "support/catch.h"

using namespace animate::catalog;
using namespace animate::doctor;
using namespace animate;

namespace {

Machine sound_machine() {
  Machine machine;
  machine.cores = 4;
  machine.memory = 16'000'000'000;
  machine.memory_available = 12'000'000'000;
  machine.output = "/data";
  machine.output_writable = true;
  machine.output_free = 50'000'000'000;
  machine.cascades = "/usr/share/opencv4/haarcascades";
  return machine;
}

Libraries sound_libraries() {
  Libraries libraries;
  libraries.engine = "/usr/lib/libanimate.so.0";
  libraries.listed = true;
  libraries.torch = "1.13.0";
  libraries.blas = Blas::OpenBlasOpenMp;
  libraries.ffmpeg = "5.1";
  libraries.opencv = "4.6.0";
  libraries.encoders = wanted_encoders();
  return libraries;
}

SurveyedModel model(const std::string& name, const std::string& family) {
  SurveyedModel row;
  row.name = name;
  row.family = family;
  row.state = "complete";
  row.present = row.usable = true;
  row.location = "/models/" + name;
  return row;
}

std::vector<SurveyedModel> heads_only() {
  SurveyedModel heads = model("default", "fomm");
  heads.is_default = true;
  return {heads};
}

const Finding& find(const Diagnosis& diagnosis, const std::string& area) {
  const auto found = std::find_if(diagnosis.findings.begin(), diagnosis.findings.end(),
                                  [&](const Finding& finding) { return finding.area == area; });
  REQUIRE(found != diagnosis.findings.end());
  return *found;
}

bool ready(const Diagnosis& diagnosis, const std::string& what) {
  const auto found = std::find_if(diagnosis.abilities.begin(), diagnosis.abilities.end(),
                                  [&](const Ability& ability) { return ability.what == what; });
  REQUIRE(found != diagnosis.abilities.end());
  return found->ready;
}

}  // namespace

TEST_CASE("with drawn heads alone the next step is to fetch LivePortrait") {
  const Diagnosis diagnosis = diagnose(sound_machine(), sound_libraries(), heads_only());
  CHECK(diagnosis.can_run);
  CHECK(ready(diagnosis, "drawn heads"));
  CHECK_FALSE(ready(diagnosis, "photos and videos of people"));
  CHECK(diagnosis.next_step == "animate models fetch liveportrait");
}

TEST_CASE("clips without a driver need a model of theirs, which is nobody's next step") {
  auto models = heads_only();
  const Diagnosis without = diagnose(sound_machine(), sound_libraries(), models);
  CHECK_FALSE(ready(without, "clips without a driver"));
  CHECK(without.abilities.back().step == "animate models fetch svd");
  CHECK_FALSE(without.abilities.back().wanted);
  models.push_back(model("svd", "video_diffusion"));
  const Diagnosis with = diagnose(sound_machine(), sound_libraries(), models);
  CHECK(ready(with, "clips without a driver"));
  CHECK(with.abilities.back().how == "animate dream -m svd");
}

TEST_CASE("with everything there the next step is to animate") {
  auto models = heads_only();
  models[0].is_default = false;
  SurveyedModel portrait = model("lp", "liveportrait");
  portrait.is_default = true;
  portrait.published = "liveportrait";
  portrait.landmarks = "/models/lp/landmark.onnx";
  portrait.detector = "/models/lp/det_10g.onnx";
  models.push_back(portrait);
  const Diagnosis diagnosis = diagnose(sound_machine(), sound_libraries(), models);
  CHECK(ready(diagnosis, "photos and videos of people"));
  CHECK(ready(diagnosis, "exact crops, eyes and lips"));
  CHECK(diagnosis.next_step == "animate -s portrait.jpg -d talking.mp4");
}

TEST_CASE("what stops the main job is bad and the next step") {
  Machine machine = sound_machine();
  Libraries libraries = sound_libraries();
  auto models = heads_only();
  std::string step;
  SECTION("no engine") {
    libraries = {};
    step = "install or build the program again";
  }
  SECTION("a library of the engine is missing") {
    libraries.missing = {"libtorch_cpu.so.1.13"};
    step = "scripts/setup.sh installs what is missing";
  }
  SECTION("no output") {
    machine.output_writable = false;
    step = "choose another with -o FOLDER";
  }
  SECTION("no model") {
    models.clear();
    step = "install the program again, or animate models fetch liveportrait";
  }
  SECTION("no encoder at all") {
    libraries.encoders.clear();
    libraries.missing_encoders = wanted_encoders();
    step = "install an FFmpeg with libx264, or write .webm, .gif or pictures";
  }
  const Diagnosis diagnosis = diagnose(machine, libraries, models);
  CHECK_FALSE(diagnosis.can_run);
  CHECK(diagnosis.next_step == step);
}

TEST_CASE("which decoders libheif has is told, with what brings a missing one") {
  Libraries libraries = sound_libraries();
  libraries.heif = "1.19.8";
  libraries.reads_heic = libraries.reads_avif = true;
  CHECK(find(diagnose(sound_machine(), libraries, heads_only()), "libheif").text == "1.19.8, reads HEIC and AVIF");
  libraries.reads_heic = false;
  const Diagnosis diagnosis = diagnose(sound_machine(), libraries, heads_only());
  CHECK(diagnosis.can_run);
  CHECK(find(diagnosis, "libheif").health == Health::Note);
  CHECK(find(diagnosis, "libheif").text == "1.19.8, without a decoder for HEIC");
  CHECK(find(diagnosis, "libheif").advice == "apt-get install libheif-plugin-libde265");
}

TEST_CASE("what only makes it slower or poorer is a note") {
  Machine machine = sound_machine();
  Libraries libraries = sound_libraries();
  libraries.blas = Blas::Reference;
  libraries.encoders = {"aac", "gif"};
  libraries.missing_encoders = {"libx264"};
  machine.cascades.clear();
  machine.gpus.loaded = true;
  machine.output_free = 1000;
  machine.memory_available = 1000;
  const Diagnosis diagnosis = diagnose(machine, libraries, heads_only());
  CHECK(diagnosis.can_run);
  for (const char* area : {"BLAS", "FFmpeg", "OpenCV", "device", "disk", "memory"}) {
    INFO(area);
    CHECK(find(diagnosis, area).health == Health::Note);
    CHECK_FALSE(find(diagnosis, area).advice.empty());
  }
  CHECK(find(diagnosis, "BLAS").advice == "apt-get install libopenblas0-openmp");
}
