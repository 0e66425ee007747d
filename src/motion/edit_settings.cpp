#include "animate/edit_settings.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

#include "base/error.h"
#include "base/time_text.h"
#include "motion/edit_controls.h"

namespace animate {
namespace {

constexpr double kLatestSecond = 86'400;
constexpr double kLatestFrame = 10'000'000;

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string shown(std::string_view text) { return show(std::filesystem::path(std::string(text))); }

// All of `text` as a finite number, whatever the locale.
std::optional<double> number(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

struct Time {
  double value = 0;
  bool in_frames = false;
};

std::optional<Time> time_of(std::string_view text) {
  if (text.empty()) return std::nullopt;
  Time time;
  time.in_frames = text.back() == 'f';
  if (time.in_frames) text.remove_suffix(1);
  const auto value = time.in_frames ? number(text) : seconds_of(text);
  if (!value || *value < 0 || *value > (time.in_frames ? kLatestFrame : kLatestSecond)) return std::nullopt;
  if (time.in_frames && *value != std::floor(*value)) return std::nullopt;
  time.value = *value;
  return time;
}

std::string time_text(double value, bool in_frames) { return fmt::format("{:g}{}", value, in_frames ? "f" : "s"); }

// Whether the words before "=" are a time and no name: no name begins with a digit or a point.
bool begins_like_time(std::string_view text) {
  return !text.empty() &&
         (std::isdigit(static_cast<unsigned char>(text[0])) != 0 || text[0] == '.' || text[0] == '-' || text[0] == '+');
}

}  // namespace

// Reads the settings one by one; remembers which slider a bare time belongs to.
class EditParser {
 public:
  EditSettings parse(std::string_view text) {
    settings_.text_ = text;
    if (trimmed(text).empty()) return std::move(settings_);
    size_t begin = 0;
    while (begin <= text.size()) {
      const size_t end = std::min(text.find_first_of(",;", begin), text.size());
      read(trimmed(text.substr(begin, end - begin)));
      // What stands in another --set continues nothing.
      if (end < text.size() && text[end] == ';') current_.reset();
      begin = end + 1;
    }
    return std::move(settings_);
  }

 private:
  void read(std::string_view item) {
    check(!item.empty(), ErrorKind::Usage,
          "--set: a setting between two commas is empty; write it as in smile=0.6,yaw=-8");
    const size_t equals = item.find('=');
    check(equals != std::string_view::npos, ErrorKind::Usage, "--set {}: has no value; write it as in {}=0.5",
          shown(item), motion::find_edit_control(item) ? shown(item) : "smile");
    const std::string_view left = trimmed(item.substr(0, equals));
    const std::string_view right = trimmed(item.substr(equals + 1));
    const size_t at = left.find('@');
    if (at == std::string_view::npos && begins_like_time(left)) {
      check(current_.has_value(), ErrorKind::Usage,
            "--set {}: belongs to no slider; name it before its first time, as in smile@0s=0,2s=1", shown(item));
      add_key(*current_, left, value(right, item, *current_), item);
      return;
    }
    const std::string_view name = trimmed(left.substr(0, at));
    const size_t control = known(name, item);
    if (at == std::string_view::npos) {
      current_.reset();
      add_constant(control, value(right, item, control), item);
    } else {
      current_ = control;
      add_key(control, trimmed(left.substr(at + 1)), value(right, item, control), item);
    }
  }

  static size_t known(std::string_view name, std::string_view item) {
    if (const auto control = motion::find_edit_control(name)) return *control;
    check(!name.empty(), ErrorKind::Usage, "--set {}: names no slider; `animate edit --list` shows all of them",
          shown(item));
    const std::string near = motion::nearest_edit_control(name);
    check(!near.empty(), ErrorKind::Usage, "--set {}: there is no slider {}; `animate edit --list` shows all of them",
          shown(item), shown(name));
    fail(ErrorKind::Usage, "--set {}: there is no slider {}; did you mean {}?", shown(item), shown(name), near);
  }

  double value(std::string_view text, std::string_view item, size_t index) {
    const auto value = number(text);
    const motion::EditControl& control = motion::edit_controls()[index];
    check(value.has_value(), ErrorKind::Usage, "--set {}: {} is not a number; write it as in {}={:g}", shown(item),
          text.empty() ? "an empty value" : shown(text), control.name, control.high);
    const double clamped = std::clamp(*value, control.low, control.high);
    if (clamped != *value) {
      settings_.warnings_.push_back(fmt::format("--set {}: {} is outside the range of {}, {:g} to {:g}; {:g} is used",
                                                shown(item), shown(text), control.name, control.low, control.high,
                                                clamped));
    }
    return clamped;
  }

  EditSettings::Track* find(size_t control) {
    for (auto& track : settings_.tracks_) {
      if (track.control == control) return &track;
    }
    return nullptr;
  }

  void add_constant(size_t control, double value, std::string_view item) {
    check(find(control) == nullptr, ErrorKind::Usage, "--set {}: {} is set twice; set it once", shown(item),
          motion::edit_controls()[control].name);
    settings_.tracks_.push_back({control, false, false, {{0, value}}});
  }

  void add_key(size_t control, std::string_view text, double value, std::string_view item) {
    const auto time = time_of(text);
    check(time.has_value(), ErrorKind::Usage,
          "--set {}: {} is no time; write seconds as 1.5s or 0:05, or the number of a frame as 50f", shown(item),
          text.empty() ? "an empty word" : shown(text));
    const std::string_view name = motion::edit_controls()[control].name;
    EditSettings::Track* track = find(control);
    if (track == nullptr) {
      settings_.tracks_.push_back({control, true, time->in_frames, {{time->value, value}}});
      return;
    }
    check(track->keyed, ErrorKind::Usage, "--set {}: {} is set for all frames already; keep that or the keyframes",
          shown(item), name);
    const auto& last = track->keys.back();
    const std::string before = time_text(last.time, track->in_frames);
    const std::string now = time_text(time->value, time->in_frames);
    check(track->in_frames == time->in_frames, ErrorKind::Usage,
          "--set {}: {} has keyframes at {} and {}; give all of them in seconds or all in frames", shown(item), name,
          before, now);
    check(time->value != last.time, ErrorKind::Usage, "--set {}: {} has two keyframes at {}, {:g} and {:g}; keep one",
          shown(item), name, now, last.value, value);
    check(time->value > last.time, ErrorKind::Usage,
          "--set {}: the keyframe of {} at {} stands behind the one at {}; put them in the order of their times",
          shown(item), name, now, before);
    track->keys.push_back({time->value, value});
  }

  EditSettings settings_;
  std::optional<size_t> current_;
};

EditSettings EditSettings::parse(std::string_view text) { return EditParser().parse(text); }

bool EditSettings::sets(size_t control) const {
  return std::any_of(tracks_.begin(), tracks_.end(), [&](const Track& track) { return track.control == control; });
}

bool EditSettings::moves() const {
  return std::any_of(tracks_.begin(), tracks_.end(), [](const Track& track) { return track.keys.size() > 1; });
}

void EditSettings::refuse_warnings() const {
  check(warnings_.empty(), ErrorKind::Input, "{}, which --strict refuses; give a value in the range",
        warnings_.empty() ? "" : warnings_.front().substr(0, warnings_.front().rfind(';')));
}

size_t EditSettings::frames_needed(double rate) const {
  size_t frames = 1;
  for (const Track& track : tracks_) {
    if (!track.keyed) continue;
    const double last = track.keys.back().time * (track.in_frames ? 1 : rate);
    // Seconds that are a whole number of frames but for rounding end on that frame.
    frames = std::max(frames, static_cast<size_t>(std::ceil(last - 1e-6)) + 1);
  }
  return frames;
}
}  // namespace animate
