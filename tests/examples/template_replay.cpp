// Motion is read once and used twice.   usage: template_replay DRIVING SOURCE OUTPUT_FOLDER
#include <animate/error.h>
#include <animate/model.h>

#include <cstdio>
#include <filesystem>

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: template_replay DRIVING SOURCE OUTPUT_FOLDER\n");
    return 2;
  }
  try {
    const std::filesystem::path folder = argv[3];
    animate::NoProgress silent;
    const auto model = animate::open_model({"heads", {}});

    animate::TemplateJob extract{argv[1], folder / "driver.motion", {}};
    extract.options.driving.end = 0.4;
    std::printf("%lld frames of motion\n", static_cast<long long>(model->run(extract, silent).frames));

    // The driver's pictures are not needed any more.
    animate::AnimateJob replay{argv[2], extract.output, folder / "replayed.mp4", {}};
    replay.options.output.audio.kind = animate::SoundChoice::Kind::None;
    const auto once = model->run(replay, silent).frames;
    replay.output = folder / "calmer.mp4";
    replay.options.motion.relative_jacobian = false;
    const auto again = model->run(replay, silent).frames;
    std::printf("%lld and %lld frames painted from it\n", static_cast<long long>(once), static_cast<long long>(again));
  } catch (const animate::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
