#include "models/identity/identity_model.h"

#include "base/error.h"
#include "core/float_array.h"

namespace animate::models {
namespace {

struct IdentitySource : Source {
  torch::Tensor image;
};

torch::Tensor picture_of(const motion::Motion& motion) {
  const auto found = motion.arrays.find("image");
  check(found != motion.arrays.end(), ErrorKind::Input,
        "the motion holds no picture, which the identity model needs; make the template with this model");
  return core::to_tensor(found->second);
}

}  // namespace

std::shared_ptr<const DrivenModel> IdentityModel::load(const ModelFiles&, const AnimateOptions&) {
  return std::make_shared<IdentityModel>();
}

std::unique_ptr<const Source> IdentityModel::encode_source(const Crop& source) const {
  auto kept = std::make_unique<IdentitySource>();
  kept->image = source.image;
  return kept;
}

motion::Motion IdentityModel::extract_motion(const Crop& driving) const {
  motion::Motion motion;
  motion.arrays["image"] = core::to_float_array(driving.image);
  return motion;
}

torch::Tensor IdentityModel::render(const Source&, const motion::Motion& driving, const motion::Motion&,
                                    const MotionOptions&) const {
  return picture_of(driving);
}

double IdentityModel::pose_distance(const Source& source, const motion::Motion& driving) const {
  const auto& image = static_cast<const IdentitySource&>(source).image;
  return (image - picture_of(driving)).abs().mean().item<double>();
}

}  // namespace animate::models
