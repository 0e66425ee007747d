#pragma once

#include "checkpoint/checkpoint.h"
#include "models/video_diffusion/config.h"

namespace animate::models::video_diffusion {

// The three networks' configs together.
struct Configs {
  UnetConfig unet;
  VaeConfig vae;
  ClipConfig clip;
};

// Whether a file holds all networks of an image-to-video model in one: Stability's own spelling.
bool is_single_file(const checkpoint::Checkpoint& file);

// What a single file's networks were built with, told from the shapes of its arrays. Widths of heads leave no mark in
// them and are taken to be the published ones, 64 in the UNet and 80 in CLIP. Throws Error(Model) for another file.
Configs told_configs(const checkpoint::Checkpoint& file);

}  // namespace animate::models::video_diffusion
