#include "animate/options.h"
#include "animate/evaluator.h"
#include "animate/faces.h"
#include "animate/toolbox.h"
#include "animate/trainer.h"

namespace animate {

void MotionOptions::describe(OptionVisitor& visitor) {
  visitor.flag("relative", relative,
               "move the source by the driver's change since the reference frame; off: take the driver's pose itself");
  visitor.flag("relative-jacobian", relative_jacobian,
               "carry over relative turning and stretching too (only with --relative)");
  visitor.flag("adapt-scale,adapt-movement-scale", adapt_scale,
               "scale movements by the size of the source's face against the driver's");
  visitor.text("reference", reference, "first|auto|neutral|N",
               "driving frame that relative motion starts from: the first, the one nearest to the source's pose, the "
               "calmest and most frontal (liveportrait), or number N counted from 0");
}

void CropOptions::describe(OptionVisitor& visitor) {
  visitor.text("crop", crop, "auto|none|x,y,w,h",
               "part of the source to animate: around the face, all of it, or a box in pixels; default auto for "
               "liveportrait, none for fomm");
  visitor.choice("paste-back", paste_back,
                 "put the animated crop back into the full picture; auto: on for liveportrait, off for fomm");
  visitor.number(
      "feather", feather, 0.0, 0.5,
      "fomm: width of the soft edge of --paste-back, as a share of the crop's side; liveportrait's is the original's");
  visitor.text("source-fps", source_fps, "N",
               "frame rate of a folder of pictures as source, as in 30 or 30000/1001; default 25");
}

void DrivingOptions::describe(OptionVisitor& visitor) {
  constexpr double longest = 86400.0 * 365;
  visitor.seconds("start,trim-start", start, 0.0, longest, "use the driving clip from this time on, as in 1.5 or 0:05");
  visitor.seconds("end,trim-end", end, 0.0, std::numeric_limits<double>::infinity(),
                  "use the driving clip up to this time");
  visitor.text("driving-fps", fps, "N",
               "frame rate of a folder of pictures as driver, as in 30 or 30000/1001; default 25");
  visitor.text("video-stream", video_stream, "auto|N",
               "which of the driver's video streams, counted from 0; auto: the longest that moves");
  visitor.choice("deinterlace", deinterlace,
                 "turn the combs of interlaced clips into whole pictures, of driver and source video; auto: where the "
                 "clip says that it is interlaced");
}

void OutputOptions::describe(OptionVisitor& visitor) {
  visitor.text("codec", codec, "NAME", "FFmpeg encoder, as in libx264, libx265, libvpx-vp9; default by the suffix");
  visitor.integer("crf", crf, 0, 63, "quality of the encoder: lower is better and larger");
  visitor.text("encoder-preset,preset", encoder_preset, "NAME", "speed of the encoder, as in fast or slow");
  visitor.text("pix-fmt", pix_fmt, "NAME", "pixel format of the result; default yuv420p for video");
  visitor.text("fps", fps, "N|source|driving",
               "constant frame rate of the result, as in 25 or 30000/1001, or whose times it has; default the source "
               "video's, else the driver's");
  visitor.flag("keep-gaps", keep_gaps,
               "at a constant rate: where the clip's times jump by more than 10 s, repeat the frame for all of it");
  visitor.text("audio", audio, "driving|source|none|FILE", "whose sound the result gets");
  visitor.flag("concat", concat, "write driving | source | result side by side");
  visitor.flag("show-keypoints", show_keypoints, "draw the keypoints on what is written");
  visitor.flag("provenance", provenance,
               "write into the result's metadata that it is synthetic, and by which program and model");
  visitor.flag("overwrite", overwrite, "replace a result that exists already; off: refuse before any work");
  visitor.flag("strict", strict, "a warning about the result ends the job with exit code 1, and nothing is written");
}

void RuntimeOptions::describe(OptionVisitor& visitor) {
  visitor.text("device", device, "auto|cpu|cuda[:N]", "where the networks run");
  visitor.flag("half", half, "half precision on CUDA: the same as --precision fp16");
  visitor.choice("precision", precision,
                 "in what the networks compute on CUDA; the CPU computes in fp32; auto: tf32 on CUDA");
  visitor.text("batch", batch, "auto|N", "frames that go through the networks at once; auto: one on the CPU");
  visitor.integer("threads", threads, 0, 1024,
                  "threads of the networks on the CPU, and at most so many of decoder and encoder each; 0: all cores");
  visitor.choice("conv", conv, "3x3 convolutions on the CPU: by Winograd where that is faster, never, or always");
}

void BenchOptions::describe(OptionVisitor& visitor) {
  visitor.flag("random-weights", random_weights, "measure a config without a checkpoint");
  visitor.flag("baseline", baseline,
               "compute as the original program does: nothing folded, source encoded every frame");
  visitor.integer("frames", frames, 1, 100000,
                  "frames that are measured, after two that are not; of video diffusion: of the clip");
  visitor.text("size", size, "N|WIDTHxHEIGHT", "size of the frames in pixels; default: the config's");
  visitor.flag("layers", layers,
               "a table of layers; a GFLOP is counted as a direct convolution's, two operations a multiply-add");
  visitor.flag("morph", morph, "also a frame of a morph by motion, against one render");
  visitor.flag("probe", probe, "measure the machine's peak by a float32 matrix product and a copy");
  visitor.text("compare", compare, "baseline|FILE.json",
               "compare with the original's computation, measured in turns with this one, or with what --json wrote");
  visitor.text("clip", clip, "VIDEO", "also animate the first --frames frames of this driver, from file to file");
  visitor.text("picture", picture, "FILE", "the source for --clip; default: the clip's first frame");
  visitor.text("roofline", roofline, "FILE.png", "draw the layers below the machine's limits");
}

void HeadsOptions::describe(OptionVisitor& visitor) {
  constexpr int64_t most = 1LL << 53;
  visitor.integer("seed", seed, 0, most, "number of the clip: its head and its motion");
  visitor.integer("identity", identity, -1, most, "number of the head in source.png; -1: the one after --seed");
  visitor.integer("frames", frames, 1, 100000, "length of the clip, 25 frames a second");
  visitor.integer("size", size, 64, 1024, "side of the square pictures in pixels, an even number");
}

void FacesOptions::describe(OptionVisitor& visitor) {
  visitor.integer("count", count, 1, 10000, "how many faces");
  visitor.integer("seed", seed, 0, 1LL << 53, "other faces with every number; the same with the same");
  visitor.number("temperature", temperature, 0, 3,
                 "how far they stray from the mean face: below 1 plainer, above 1 odder than people are");
  visitor.integer("columns", columns, 1, 1000, "faces in a row of the sheet");
  visitor.integer("size", size, 16, 1024, "side of each face in pixels; the model paints 64, more is enlarged");
  visitor.flag("walk", walk, "a clip that goes smoothly through all of them and back to the first");
  visitor.integer("steps", steps, 1, 10000, "--walk: frames from each face to the next");
}

void CropsOptions::describe(OptionVisitor& visitor) {
  visitor.number("increase", increase, 0, 10, "margin on every side, as a share of the face");
  visitor.number("iou-with-initial", iou_with_initial, 0, 1,
                 "a face that overlaps the place where it was first seen by less begins another clip");
  visitor.integer("min-frames", min_frames, 0, 1LL << 40, "leave out clips that are not longer than this");
  visitor.integer("size", size, 8, 8192, "side of the pictures that the commands make, in pixels");
  visitor.text("detector", detector, "auto|haar|FILE.onnx",
               "face detector: SCRFD or YuNet as ONNX; auto: the Haar cascade, which needs no weights");
}

void TrainOptions::describe(OptionVisitor& visitor) {
  constexpr int64_t most = int64_t{1} << 40;
  visitor.integer("steps", steps, 0, most, "steps of the whole run; 0: num_epochs of the config");
  visitor.integer("seed", seed, 0, most, "of weights, data and transforms");
  visitor.integer("steps-per-epoch", steps_per_epoch, 1, most, "what an epoch is for data without an end");
  visitor.integer("log-every", log_every, 1, most, "steps between two lines of the log");
  visitor.integer("sheet-every", sheet_every, 0, most, "steps between two picture sheets; 0: none");
  visitor.integer("checkpoint-every", checkpoint_every, 1, most, "steps between two checkpoints");
  visitor.number("teacher", teacher, 0, 1, "heads: share of steps that give the generator the true keypoints");
  visitor.integer("teacher-steps", teacher_steps, 0, most, "heads: the first steps, all with the true keypoints");
  visitor.choice("amp", amp, "mixed precision: bfloat16 on GPUs that compute in it");
  visitor.flag("fit-only", fit_only,
               "autoencoder: train nothing; fit the distribution of the codes to --data and store it with the weights");
}

void EvaluateOptions::describe(OptionVisitor& visitor) {
  constexpr int64_t most = 1LL << 53;
  visitor.integer("seed", seed, 0, most, "heads: number of the first identity; training sees those below 100000");
  visitor.integer("heads", heads, 0, 1000000, "heads: identities that are reconstructed; 0: none");
  visitor.integer("pairs", pairs, 1, 100000, "heads: pairs of pictures of each identity");
  visitor.integer("transfers", transfers, 0, 100000, "heads: pairs of identities, one driven by the other; 0: none");
  visitor.integer("frames", frames, 3, 100000, "heads: length of a transfer's clip, 25 frames a second");
  visitor.integer("clips", clips, 0, most, "folders: only the first so many clips; 0: all");
  visitor.integer("faces", faces, 0, 100000,
                  "autoencoders: faces that Fréchet distances by the detector's features are measured on; 0: none");
  visitor.integer("linear-code", linear_code, 2, 32768,
                  "autoencoders: faces that the linear code of the same length is fitted to");
  visitor.flag("save-frames", save_frames,
               "write the driving and the generated frames as PNG into the output folder, for other detectors");
  visitor.choice("keypoint-scale", keypoint_scale,
                 "what coordinates of --keypoints mean: 0..1, pixels of its input, or told from their range");
  visitor.number("missing-below", missing_below, 0, 1e6, "a heatmap whose peak is lower has no keypoint");
  visitor.choice("embedding-order", embedding_order, "channels of the picture that --embedding takes");
}

}  // namespace animate
