#include "evaluate/keypoint_files.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <optional>

#include "base/error.h"
#include "base/file_kind.h"
#include "evaluate/tally.h"

namespace animate::evaluate {
namespace {

constexpr auto kColumns = std::to_array<const char*>({"clip", "frame", "point", "x", "y"});
constexpr int64_t kMostPoints = 100'000;
constexpr auto kLandmarkKinds = std::to_array<FigureKind>({{"akd", "AKD", "px", 3}, {"mkr", "MKR", "0..1", 4}});

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"') {
      if (quoted && i + 1 < line.size() && line[i + 1] == '"') {
        fields.back() += line[++i];
      } else {
        quoted = !quoted;
      }
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  return fields;
}

class Lines {
 public:
  explicit Lines(const std::filesystem::path& path) : name_(show(path)), file_(path) {
    std::string header;
    std::getline(file_, header);
    if (header.starts_with("\xEF\xBB\xBF")) header.erase(0, 3);
    const auto names = fields_of(header);
    for (size_t i = 0; i < kColumns.size(); ++i) {
      const auto found = std::find(names.begin(), names.end(), kColumns[i]);
      check(found != names.end(), ErrorKind::Input,
            "{}: its first line names no column {}; begin it with clip,frame,point,x,y", name_, kColumns[i]);
      places_[i] = static_cast<size_t>(found - names.begin());
    }
  }

  bool next() {
    std::string line;
    do {
      ++number_;
      if (!std::getline(file_, line)) return false;
    } while (line.empty() || line == "\r");
    fields_ = fields_of(line);
    return true;
  }

  const std::string& text(size_t column) const {
    check(places_[column] < fields_.size(), ErrorKind::Input, "{}: line {} has no {}; write the file again", name_,
          number_, kColumns[column]);
    return fields_[places_[column]];
  }
  int64_t whole(size_t column, int64_t most) const {
    const int64_t value = parsed<int64_t>(column);
    check(value >= 0 && value <= most, ErrorKind::Input, "{}: line {}: {} is {}; it must be 0 to {}", name_, number_,
          kColumns[column], value, most);
    return value;
  }
  double number(size_t column) const {
    const auto value = parsed<double>(column);
    check(std::isfinite(value), ErrorKind::Input, "{}: line {}: {} is not finite; -1 means missing", name_, number_,
          kColumns[column]);
    return value;
  }

 private:
  template <typename T>
  T parsed(size_t column) const {
    const std::string& field = text(column);
    T value{};
    const char* const end = field.data() + field.size();
    const auto [stop, error] = std::from_chars(field.data(), end, value);
    check(error == std::errc() && stop == end, ErrorKind::Input, "{}: line {}: {} is \"{}\", which is no number", name_,
          number_, kColumns[column], show(field));
    return value;
  }

  std::string name_;
  std::ifstream file_;
  std::array<size_t, kColumns.size()> places_{};
  std::vector<std::string> fields_;
  int64_t number_ = 1;
};

Landmarks landmarks_of(const std::map<int64_t, std::array<double, 2>>& points, size_t count) {
  Landmarks landmarks(count);
  for (const auto& [point, place] : points) landmarks[static_cast<size_t>(point)] = place;
  return landmarks;
}

}  // namespace

KeypointTable read_keypoint_file(const std::filesystem::path& path) {
  require_file(path, "a CSV file of keypoints");
  Lines lines(path);
  KeypointTable table;
  while (lines.next()) {
    auto& points = table[{lines.text(0), lines.whole(1, int64_t{1} << 40)}];
    const int64_t point = lines.whole(2, kMostPoints);
    const double x = lines.number(3), y = lines.number(4);
    if (x != -1 && y != -1) points[point] = {x, y};
  }
  check(!table.empty(), ErrorKind::Input, "{}: has no line below its header; write keypoints into it", show(path));
  return table;
}

EvaluatedPart compare_keypoint_files(const std::filesystem::path& real, const std::filesystem::path& generated) {
  const KeypointTable a = read_keypoint_file(real);
  const KeypointTable b = read_keypoint_file(generated);
  Tally tally(kLandmarkKinds);
  std::optional<std::string> clip;
  int64_t common = 0;
  for (const auto& [frame, points] : a) {
    if (clip != frame.first) tally.begin(frame.first);
    clip = frame.first;
    const auto found = b.find(frame);
    const std::map<int64_t, std::array<double, 2>> none;
    const auto& others = found == b.end() ? none : found->second;
    common += found == b.end() ? 0 : 1;
    int64_t last = -1;
    if (!points.empty()) last = std::max(last, points.rbegin()->first);
    if (!others.empty()) last = std::max(last, others.rbegin()->first);
    const auto count = static_cast<size_t>(last + 1);
    const Landmarks left = landmarks_of(points, count), right = landmarks_of(others, count);
    if (const auto distance = keypoint_distance(left, right)) tally.add("akd", *distance);
    if (const auto rate = missing_rate(left, right)) tally.add("mkr", *rate);
  }
  check(common > 0, ErrorKind::Input, "{}: has no clip and frame in common with {}; give two files of the same frames",
        show(generated), show(real));
  return tally.finish("keypoints", fmt::format("keypoints of {} frames from files", a.size()));
}

}  // namespace animate::evaluate
