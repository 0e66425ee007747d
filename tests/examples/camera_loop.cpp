// A camera moves a picture: pictures in memory, no files.   usage: camera_loop [MODEL]
#include <animate/error.h>
#include <animate/model.h>

#include <algorithm>
#include <cstdio>

namespace {

// Stands for a camera: a bright disc that wanders over a dark picture.
animate::Image capture(int frame) {
  constexpr int side = 128;
  animate::Image picture(side, side);
  const int centre = 32 + 2 * frame % 64;
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const bool inside = (x - centre) * (x - centre) + (y - 64) * (y - 64) < 24 * 24;
      std::fill_n(picture.row(y) + 3 * x, 3, static_cast<uint8_t>(inside ? 220 : 40));
    }
  }
  return picture;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto model = animate::open_model({argc > 1 ? argv[1] : "heads", {}});
    animate::AnimateOptions options;
    options.crop.crop.kind = animate::CropChoice::Kind::None;  // a disc has no face
    const auto session = model->open_session(capture(0), options);
    for (int frame = 0; frame < 12; ++frame) {
      if (frame == 6) session->recalibrate();  // as when somebody has sat down anew
      const animate::SessionFrame shown = session->animate(capture(frame), frame / 25.0);
      std::printf("frame %d: %dx%d in %.0f ms%s\n", frame, shown.image.width(), shown.image.height(),
                  shown.milliseconds, shown.face_found ? "" : ", no face");
    }
  } catch (const animate::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
