#include "models/fomm/config_schema.h"

#include <array>

namespace animate::models::fomm {
namespace {

using enum KeyType;

constexpr auto kSchema = std::to_array<SchemaKey>({
    {"dataset_params", Section},
    {"dataset_params.root_dir", String},
    {"dataset_params.frame_shape", List},
    {"dataset_params.id_sampling", Bool},
    {"dataset_params.pairs_list", String},
    {"dataset_params.random_seed", Int},
    {"dataset_params.augmentation_params", Section},
    {"dataset_params.augmentation_params.flip_param", Section},
    {"dataset_params.augmentation_params.flip_param.horizontal_flip", Bool},
    {"dataset_params.augmentation_params.flip_param.time_flip", Bool},
    {"dataset_params.augmentation_params.rotation_param", Section},
    {"dataset_params.augmentation_params.rotation_param.degrees", Any},
    {"dataset_params.augmentation_params.resize_param", Section},
    {"dataset_params.augmentation_params.resize_param.ratio", List},
    {"dataset_params.augmentation_params.resize_param.interpolation", String},
    {"dataset_params.augmentation_params.crop_param", Section},
    {"dataset_params.augmentation_params.crop_param.size", Any},
    {"dataset_params.augmentation_params.jitter_param", Section},
    {"dataset_params.augmentation_params.jitter_param.brightness", Float},
    {"dataset_params.augmentation_params.jitter_param.contrast", Float},
    {"dataset_params.augmentation_params.jitter_param.saturation", Float},
    {"dataset_params.augmentation_params.jitter_param.hue", Float},
    {"model_params", Section},
    {"model_params.common_params", Section},
    {"model_params.common_params.num_kp", Int},
    {"model_params.common_params.num_channels", Int},
    {"model_params.common_params.estimate_jacobian", Bool},
    {"model_params.common_params.grid", String},  // ours
    {"model_params.kp_detector_params", Section},
    {"model_params.kp_detector_params.temperature", Float},
    {"model_params.kp_detector_params.block_expansion", Int},
    {"model_params.kp_detector_params.max_features", Int},
    {"model_params.kp_detector_params.num_blocks", Int},
    {"model_params.kp_detector_params.scale_factor", Float},
    {"model_params.kp_detector_params.single_jacobian_map", Bool},
    {"model_params.kp_detector_params.pad", Int},
    {"model_params.kp_detector_params.jacobian_stride", Int},  // ours
    {"model_params.generator_params", Section},
    {"model_params.generator_params.block_expansion", Int},
    {"model_params.generator_params.max_features", Int},
    {"model_params.generator_params.num_down_blocks", Int},
    {"model_params.generator_params.num_bottleneck_blocks", Int},
    {"model_params.generator_params.estimate_occlusion_map", Bool},
    {"model_params.generator_params.skips", Bool},      // ours
    {"model_params.generator_params.padding", String},  // ours
    {"model_params.generator_params.dense_motion_params", Section},
    {"model_params.generator_params.dense_motion_params.block_expansion", Int},
    {"model_params.generator_params.dense_motion_params.max_features", Int},
    {"model_params.generator_params.dense_motion_params.num_blocks", Int},
    {"model_params.generator_params.dense_motion_params.scale_factor", Float},
    {"model_params.generator_params.dense_motion_params.kp_variance", Float},
    {"model_params.discriminator_params", Section},
    {"model_params.discriminator_params.scales", List},
    {"model_params.discriminator_params.block_expansion", Int},
    {"model_params.discriminator_params.max_features", Int},
    {"model_params.discriminator_params.num_blocks", Int},
    {"model_params.discriminator_params.sn", Bool},
    {"model_params.discriminator_params.use_kp", Bool},
    {"model_params.discriminator_params.kp_variance", Float},
    {"train_params", Section},
    {"train_params.num_epochs", Int},
    {"train_params.num_repeats", Int},
    {"train_params.epoch_milestones", List},
    {"train_params.lr_generator", Float},
    {"train_params.lr_discriminator", Float},
    {"train_params.lr_kp_detector", Float},
    {"train_params.batch_size", Int},
    {"train_params.scales", List},
    {"train_params.checkpoint_freq", Int},
    {"train_params.align_corners", Bool},  // ours
    {"train_params.transform_params", Section},
    {"train_params.transform_params.sigma_affine", Float},
    {"train_params.transform_params.sigma_tps", Float},
    {"train_params.transform_params.points_tps", Int},
    {"train_params.loss_weights", Section},
    {"train_params.loss_weights.generator_gan", Float},
    {"train_params.loss_weights.discriminator_gan", Float},
    {"train_params.loss_weights.feature_matching", List},
    {"train_params.loss_weights.perceptual", List},
    {"train_params.loss_weights.equivariance_value", Float},
    {"train_params.loss_weights.equivariance_jacobian", Float},
    {"train_params.loss_weights.structural", List},                      // ours
    {"train_params.loss_weights.keypoint_supervision", Float},           // ours
    {"train_params.loss_weights.keypoint_supervision_jacobian", Float},  // ours
    {"train_params.loss_weights.keypoint_focus", Float},                 // ours
    {"train_params.loss_weights.keypoint_distance", Float},              // ours
    {"train_params.loss_weights.keypoint_heatmap", Float},               // ours
    {"train_params.loss_weights.flow", Float},                           // ours
    {"train_params.loss_weights.occlusion", Float},                      // ours
    {"train_params.max_gradient_norm", Float},                           // ours
    {"train_params.heads_wildness", List},                               // ours
    {"train_params.heads_expressions", String},                          // ours
    {"train_params.phase", String},                                      // ours
    {"train_params.lr_half_life", Int},                                  // ours
    {"train_params.detected_share", Float},                              // ours
    {"train_params.transfer_share", Float},                              // ours
    {"train_params.validate_every", Int},                                // ours
    {"train_params.validate_heads", Int},                                // ours
    {"reconstruction_params", Section},
    {"reconstruction_params.num_videos", Int},
    {"reconstruction_params.format", String},
    {"animate_params", Section},
    {"animate_params.num_pairs", Int},
    {"animate_params.format", String},
    {"animate_params.normalization_params", Section},
    {"animate_params.normalization_params.adapt_movement_scale", Bool},
    {"animate_params.normalization_params.use_relative_movement", Bool},
    {"animate_params.normalization_params.use_relative_jacobian", Bool},
    {"visualizer_params", Section},
    {"visualizer_params.kp_size", Int},
    {"visualizer_params.draw_border", Bool},
    {"visualizer_params.colormap", String},
});

}  // namespace

std::span<const SchemaKey> config_schema() { return kSchema; }

}  // namespace animate::models::fomm
