#include "heads/face_flow.h"

#include <vector>

#include "heads/face_lines.h"

namespace animate::heads {
namespace {

using torch::Tensor;

Tensor is(const Tensor& features, Feature feature) { return features == static_cast<uint8_t>(feature); }

// A shift that is known at some places, in order, and linear between them. It starts with the first one's.
struct Knot {
  Tensor at, shift;
};
Tensor between(const Tensor& place, const std::vector<Knot>& knots) {
  auto sum = knots.front().shift.expand_as(place).clone();
  for (size_t i = 0; i + 1 < knots.size(); ++i) {
    // Edges that meet or cross, as those of shut lids do, leave a jump.
    const auto length = (knots[i + 1].at - knots[i].at).clamp_min(1e-4);
    const auto way = ((place - knots[i].at) / length).clamp_(0, 1);
    sum.addcmul_(way, knots[i + 1].shift - knots[i].shift);
  }
  return sum;
}

// What both faces share: the planes and how their features differ.
class Flow {
 public:
  Flow(const Columns& source, const Columns& driving, const Tensor& u, const Tensor& v)
      : source_(source),
        driving_(driving),
        who_(driving.row.head.identity),
        aspect_(driving(driving.row.aspect)),
        u_(u),
        v_(v),
        across_(u.abs()),
        side_(u.sign()),
        none_(torch::zeros_like(aspect_)),
        features_(features_at(driving, u, v)) {}

  FaceFlow run() {
    auto du = torch::zeros_like(u_), dv = torch::zeros_like(v_);
    move_mouth(du, dv);
    move_eyes(du, dv);
    const auto still = is(features_, Feature::Nostril).logical_or_(is(features_, Feature::GlassesFrame));
    du.masked_fill_(still, 0);
    dv.masked_fill_(still, 0);
    FaceFlow flow;
    flow.u = u_ + du;
    flow.v = v_ + dv;
    flow.same = features_at(source_, flow.u, flow.v) == features_;
    return flow;
  }

 private:
  void move_mouth(Tensor& du, Tensor& dv) const {
    const auto half = driving_(driving_.row.mouth_half);
    const auto wider = source_(source_.row.mouth_half) - half;
    const auto x = u_ / half;
    const MouthLines now = mouth_lines(driving_, x), then = mouth_lines(source_, x);
    const auto mouth_v = driving_(who_.mouth_y);
    const auto y = v_ - mouth_v + now.bow;
    const auto bow = now.bow - then.bow;
    // The nose's underside and a place below the shadow of the lower lip keep still.
    const auto highest = torch::minimum(now.top, then.top) - 0.02;
    const auto rest_above = torch::minimum(driving_(driving_.row.tip_v) + 0.08 - mouth_v + now.bow, highest);
    const auto below = now.bottom + kUnderLip;
    const auto rest_below = torch::maximum(below, then.bottom + kUnderLip) + 0.25;
    const auto lip = then.bottom - now.bottom + bow;
    // Beside the mouth the cheek fades the motion out.
    const auto beside = ((half + 0.3 - across_) / 0.3).clamp_(0, 1);
    const auto down = between(y, {{rest_above, none_},
                                  {now.top, then.top - now.top + bow},
                                  {now.inner_top, then.inner_top - now.inner_top + bow},
                                  {now.teeth_edge, then.teeth_edge - now.teeth_edge + bow},
                                  {now.inner_bottom, then.inner_bottom - now.inner_bottom + bow},
                                  {now.bottom, lip},
                                  {below, lip},
                                  {rest_below, none_}});
    const auto one = torch::ones_like(none_);
    const auto near = between(y, {{rest_above, none_}, {now.top, one}, {below, one}, {rest_below, none_}});
    dv.add_(down * beside);
    du.add_(side_ * torch::minimum(across_ / half, beside) * wider * near);
  }

  void move_eyes(Tensor& du, Tensor& dv) const {
    const EyeLines now = eye_lines(driving_, across_, side_, v_), then = eye_lines(source_, across_, side_, v_);
    const BrowLines brow = brow_lines(driving_, across_);
    const auto eye_v = driving_(who_.eye_y);
    const auto upper = then.upper - now.upper, lower = then.lower - now.lower;

    const auto& mood = driving_.row.head.expression;
    const auto& mood_then = source_.row.head.expression;
    const auto raised = source_(mood_then.brow) - driving_(mood.brow);
    const auto brow_fade = ((1.4 - brow.x.abs()) / 0.4).clamp_(0, 1);
    const auto brow_shift =
        (source_(source_.row.brow_v) - driving_(driving_.row.brow_v) + brow.x.clamp(-1, 1) * (0.04 * raised)) *
        brow_fade;
    const auto brow_half = brow.thick / aspect_;

    const auto fold = [](const EyeLines& eye) { return eye.upper - eye.open * eye.height * 0.36 - 0.01; };
    const auto fold_fade = ((1.15 - now.x.abs()) / 0.15).clamp_(0, 1);
    const auto fold_shift = (fold(then) - fold(now)) * fold_fade;
    const auto fold_half = now.width * 0.045 / aspect_, lash_half = now.thick / aspect_;
    const auto rim_half = now.width * 0.035 / aspect_;
    const auto forehead = brow.middle - brow_half - 0.3;
    const auto cheek = now.lower + rim_half + 0.22;

    auto down = between(now.y, {{forehead - eye_v, none_},
                                {brow.middle - brow_half - eye_v, brow_shift},
                                {brow.middle + brow_half - eye_v, brow_shift},
                                {fold(now) - fold_half, fold_shift},
                                {fold(now) + fold_half, fold_shift},
                                {now.upper - lash_half, upper},
                                {now.upper + lash_half, upper},
                                {now.lower - rim_half, lower},
                                {now.lower + rim_half, lower},
                                {cheek, none_}});
    // What is painted on top moves as a piece, wherever lines meet below it.
    const auto piece = [&](Feature feature, const Tensor& shift) {
      down = torch::where(is(features_, feature), shift, down);
    };
    piece(Feature::Crease, fold_shift);
    piece(Feature::Lash, upper);
    piece(Feature::Rim, lower);
    piece(Feature::Brow, brow_shift);
    const auto gaze_y = (source_(mood_then.gaze_y) - driving_(mood.gaze_y)) * now.height * 0.35;
    piece(Feature::Eyeball, gaze_y);
    dv.add_(down);
    const auto gaze_x = (source_(mood_then.gaze_x) - driving_(mood.gaze_x)) * now.width * 0.4;
    du.add_(torch::where(is(features_, Feature::Eyeball), gaze_x, none_));
  }

  static constexpr double kUnderLip = 0.12;  // the shadow below the lower lip ends here

  const Columns& source_;
  const Columns& driving_;
  const Identity& who_;
  Tensor aspect_;
  Tensor u_, v_, across_, side_;
  Tensor none_;  // [B, 1, 1] of zeros
  Tensor features_;
};

}  // namespace

Tensor features_at(const Columns& columns, const Tensor& u, const Tensor& v) {
  const HeadRow& row = columns.row;
  const Identity& who = row.head.identity;
  const auto aspect = columns(row.aspect), across = u.abs(), side = u.sign();
  auto features = torch::zeros(u.sizes(), u.options().dtype(torch::kUInt8));
  const auto put = [&](Feature feature, const Tensor& where) {
    features.masked_fill_(where, static_cast<uint8_t>(feature));
  };
  {
    const auto width = columns(who.nose_width);
    const auto x = (across - width * 0.5) / (width * 0.3);
    const auto y = (v - (columns(row.tip_v) + 0.055)) * aspect / (width * 0.2);
    put(Feature::Nostril, (x * x).addcmul_(y, y) < 1);
  }
  if (columns.any(who.beard) || columns.any(who.stubble)) {
    put(Feature::Beard, (beard_of(columns, u, v) > 0.5).logical_and_(columns(who.beard) + columns(who.stubble) > 0));
  }
  if (columns.any(who.moustache)) {
    put(Feature::Moustache, (moustache_of(columns, u, v) > 0).logical_and_(columns(who.moustache) > 0));
  }
  {
    const auto x = u / columns(row.mouth_half);
    const MouthLines mouth = mouth_lines(columns, x);
    const auto y = v - columns(who.mouth_y) + mouth.bow;
    const auto inside = mouth.arch > 0;
    const auto open = columns(row.head.expression.mouth) * 0.24;
    put(Feature::Lips, (y > mouth.top).logical_and_(y < mouth.bottom).logical_and_(inside));
    const auto cavity = (y > mouth.inner_top).logical_and_(y < mouth.inner_bottom).logical_and_(open * 40 > 0.5);
    put(Feature::Cavity, cavity);
    put(Feature::Teeth, (y < mouth.teeth_edge).logical_and_(x.abs() < 0.82).logical_and_(cavity));
    const auto middle = (mouth.inner_top + mouth.inner_bottom) * 0.5;
    put(Feature::Seam, ((y - middle).abs_() < 0.012).logical_and_(x.abs() < 1.02).logical_and_(open * 20 < 0.5));
  }
  {
    const EyeLines eye = eye_lines(columns, across, side, v);
    const auto within = eye.x.abs() < 1;
    put(Feature::Eyeball,
        (eye.y > eye.upper).logical_and_(eye.y < eye.lower).logical_and_(within).logical_and_(eye.open * 14 > 0.5));
    const auto line = [&](Feature feature, const Tensor& from, const Tensor& half) {
      put(feature, (from.abs() * aspect < half).logical_and_(within));
    };
    line(Feature::Crease, eye.y - eye.upper + eye.open * eye.height * 0.36 + 0.01, eye.width * 0.045);
    line(Feature::Rim, eye.y - eye.lower, eye.width * 0.035);
    line(Feature::Lash, eye.y - eye.upper, eye.thick);  // the rim only darkens it, where lids meet
  }
  const BrowLines brow = brow_lines(columns, across);
  put(Feature::Brow, ((v - brow.middle).abs_() * aspect < brow.thick).logical_and_(brow.x.abs() < 1));
  if (columns.any(who.glasses)) {
    put(Feature::GlassesFrame, (glasses_lines(columns, across, v).frame > 0).logical_and_(columns(who.glasses) > 0));
  }
  return features;
}

FaceFlow face_flow(const Columns& source, const Columns& driving, const Tensor& u, const Tensor& v) {
  return Flow(source, driving, u, v).run();
}

}  // namespace animate::heads
