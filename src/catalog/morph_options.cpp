#include "animate/morph_options.h"
#include "animate/idle_options.h"

namespace animate {

void MorphOptions::describe(OptionVisitor& visitor) {
  visitor.choice("method", method,
                 "latent: between the codes of a face autoencoder; motion: both pictures painted on the same keypoints "
                 "and dissolved; auto: what the model can");
  visitor.integer("frames", frames, 2, 100000, "frames from one picture to the next, both counted");
  visitor.seconds("duration", duration, 0, 3600, "in place of --frames: seconds from one picture to the next; 0: not");
  visitor.choice("ease", ease, "even pace from picture to picture, or slow at both ends");
  visitor.flag("loop", loop, "go back to the first picture, too, so that the clip goes round");
  visitor.integer("hold", hold, 0, 100000, "more frames for which each picture stands still");
  visitor.number("dissolve", dissolve, 0.05, 1,
                 "motion: share of the way, in its middle, in which details go over; colours take twice that");
  visitor.flag("exact-ends", exact_ends, "motion: fade into the true pictures where the way begins and ends");
  visitor.text("grid", grid, "FILE.png", "also write a sheet of 64 pictures of the way");
  visitor.integer("size", size, 0, 8192, "latent: side of the result in pixels; 0: the network's");
}

void IdleOptions::describe(OptionVisitor& visitor) {
  constexpr int64_t most = 1LL << 53;
  visitor.seconds("seconds", seconds, 0, std::numeric_limits<double>::infinity(),
                  "length of the motion, which goes round without a seam; default 10, or --talk's length");
  visitor.integer("seed", seed, 0, most, "number of the motion: the same seed moves alike");
  visitor.number("liveliness", liveliness, 0, 2, "how far head, gaze and brows move; 0: only breath and blinks");
  visitor.text("talk", talk, "FILE", "sound whose loudness moves jaw and lips; becomes the result's sound");
}

}  // namespace animate
