#include "motion/edit_sliders.h"

namespace animate::motion {
namespace {

constexpr size_t kX = 0, kY = 1, kZ = 2;

constexpr EditTerm kMovX[] = {{5, kX, -1}};
constexpr EditTerm kMovY[] = {{5, kY, 1}};
constexpr EditTerm kPout[] = {{19, kX, 1}};
constexpr EditTerm kPurse[] = {{14, kY, 0.001}, {3, kY, -0.0005}, {7, kY, -0.0005}, {17, kZ, -0.0005}};
constexpr EditTerm kGrin[] = {{20, kZ, -0.001}, {20, kY, -0.001}, {14, kY, -0.001}};
constexpr EditTerm kLipOpen[] = {{19, kY, 0.001}, {19, kZ, 0.0001}, {17, kY, -0.0001}};
constexpr EditTerm kSmile[] = {{20, kY, -0.01},    {14, kY, -0.02},    {17, kY, 0.0065}, {17, kZ, 0.003},
                               {13, kY, -0.00275}, {16, kY, -0.00275}, {3, kY, -0.0035}, {7, kY, -0.0035}};
constexpr EditTerm kWink[] = {{11, kY, 0.001}, {13, kY, -0.0003}, {17, kX, 0.0003}, {17, kY, 0.0003}, {3, kY, -0.0003}};
constexpr EditTerm kBrowRaise[] = {{1, kY, 0.001}, {2, kY, -0.001}};
constexpr EditTerm kBrowFrown[] = {{1, kX, -0.001}, {2, kX, 0.001}, {1, kY, 0.0003}, {2, kY, -0.0003}};
constexpr EditTerm kLookRight[] = {{11, kX, 0.0007}, {15, kX, 0.001}};
constexpr EditTerm kLookLeft[] = {{11, kX, 0.001}, {15, kX, 0.0007}};
// The lids follow the eyeballs: half the way back on points 11 and 15, and a little on 13 and 16.
constexpr EditTerm kLookUp[] = {
    {11, kY, -0.001 + 0.0005}, {15, kY, -0.001 + 0.0005}, {13, kY, -0.00015}, {16, kY, -0.00015}};

constexpr std::array<SliderInfo, kSliders> kTable{{
    {"head-pitch", "degrees added to the head's pitch", -15, 15, 0, {}, {}},
    {"head-yaw", "degrees added to the head's yaw", -25, 25, 0, {}, {}},
    {"head-roll", "degrees added to the head's roll", -15, 15, 0, {}, {}},
    {"mov-x", "moves the head sideways", -0.19, 0.19, 0, kMovX, kMovX},
    {"mov-y", "moves the head up and down", -0.19, 0.19, 0, kMovY, kMovY},
    {"mov-z", "scales the head: nearer above 1", 0.9, 1.2, 1, {}, {}},
    {"lip-variation-zero", "pouting", -0.09, 0.09, 0, kPout, kPout},
    {"lip-variation-one", "pursed lips", -20, 15, 0, kPurse, kPurse},
    {"lip-variation-two", "grin", 0, 15, 0, kGrin, kGrin},
    {"lip-variation-three", "lips closed (below 0) or open", -90, 120, 0, kLipOpen, kLipOpen},
    {"smile", "smile", -0.3, 1.3, 0, kSmile, kSmile},
    {"wink", "one eye winks", 0, 39, 0, kWink, kWink},
    {"eyebrow", "eyebrows raised, or frowning below 0", -30, 30, 0, kBrowRaise, kBrowFrown},
    {"eyeball-direction-x", "eyes look sideways", -30, 30, 0, kLookRight, kLookLeft},
    {"eyeball-direction-y", "eyes look up and down", -63, 63, 0, kLookUp, kLookUp},
}};

}  // namespace

const SliderInfo& slider_info(Slider slider) { return kTable.at(static_cast<size_t>(slider)); }

std::optional<Slider> find_slider(std::string_view name) {
  for (size_t i = 0; i < kSliders; ++i) {
    if (kTable[i].name == name) return static_cast<Slider>(i);
  }
  return std::nullopt;
}

SliderValues::SliderValues() {
  for (size_t i = 0; i < kSliders; ++i) values_[i] = kTable[i].neutral;
}

Points3 expression_delta(const SliderValues& values, size_t points) {
  Points3 delta(points, Point3{});
  for (size_t i = 0; i < kSliders; ++i) {
    const double value = values[static_cast<Slider>(i)];
    for (const EditTerm& term : value > 0 ? kTable[i].above : kTable[i].below) {
      if (term.point < points) delta[term.point][term.axis] += static_cast<float>(term.factor * value);
    }
  }
  return delta;
}

}  // namespace animate::motion
