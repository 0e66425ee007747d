#pragma once

#include <memory>

#include "animate/session.h"
#include "engine/still/animated_source.h"
#include "engine/still/frame_composer.h"
#include "engine/still/source_picture.h"

namespace animate::engine {

// A session of a model that speaks DrivenModel's verbs.
class StillSession : public Session {
 public:
  StillSession(const std::shared_ptr<const models::DrivenModel>& model, const Image& source,
               const AnimateOptions& options);

  SessionFrame animate(const Image& driving, std::optional<double> time) override;
  void recalibrate() override { animated_.forget_reference(); }
  void set_options(const AnimateOptions& options) override;
  Image edit(const EditSettings& settings) override;
  std::vector<SessionFace> faces() const override;

 private:
  AnimateOptions options_;
  const SourcePicture source_;
  AnimatedSource animated_;
};

}  // namespace animate::engine
