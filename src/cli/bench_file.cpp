#include "cli/bench_file.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file_kind.h"

namespace animate::cli {
namespace {

using Json = nlohmann::json;

constexpr uintmax_t kMostBytes = 4'000'000;
constexpr size_t kMostStages = 100;
constexpr size_t kLongestText = 200;

[[noreturn]] void complain(const std::string& file, const std::string& fault) {
  fail(ErrorKind::Input, "{}: {}; write the file with `animate bench --json > FILE`", file, fault);
}

// An object of the document; `place` as in "stages[1]: ", for the sentences.
class Fields {
 public:
  Fields(const Json& json, std::string file, std::string place)
      : json_(json), file_(std::move(file)), place_(std::move(place)) {
    if (!json_.is_object()) complain(file_, place_ + "is no object");
  }

  const Json& at(const char* key) const {
    if (!json_.contains(key)) complain(file_, fmt::format("{}{} is missing", place_, key));
    return json_.at(key);
  }

  // Texts reach the terminal: nothing in them may move its cursor.
  std::string text(const char* key) const {
    const Json& value = at(key);
    const bool sound = value.is_string() && !value.get_ref<const std::string&>().empty() &&
                       value.get_ref<const std::string&>().size() <= kLongestText;
    if (!sound) complain(file_, fmt::format("{}{} is no short text", place_, key));
    return show(value.get<std::string>());
  }

  double milliseconds(const char* key) const {
    constexpr double most = 1e9;
    const Json& value = at(key);
    const bool sound = value.is_number() && value.get<double>() > 0 && value.get<double>() < most;
    if (!sound) complain(file_, fmt::format("{}{} is no positive time", place_, key));
    return value.get<double>();
  }

  int64_t pixels(const char* key) const {
    constexpr int64_t most = 1 << 20;
    const Json& value = at(key);
    const bool sound = value.is_number_unsigned() && value.get<uint64_t>() > 0 && value.get<uint64_t>() <= most;
    if (!sound) complain(file_, fmt::format("{}{} is no number of pixels", place_, key));
    return value.get<int64_t>();
  }

 private:
  const Json& json_;
  std::string file_;
  std::string place_;
};

Json parsed(const std::filesystem::path& path, const std::string& file) {
  require_file(path, "what `animate bench --json` wrote");
  // Not by the file's size, which a pipe does not have.
  std::ifstream stream(path, std::ios::binary);
  std::string text(kMostBytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(stream.gcount()));
  if (text.size() > kMostBytes) complain(file, "is larger than 4 MB");
  Json document = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (document.is_discarded()) complain(file, "is not JSON");
  return document;
}

}  // namespace

BenchComparison read_bench_file(const std::filesystem::path& path) {
  BenchComparison comparison;
  const std::string file = show(path);
  comparison.name = file;
  const Json document = parsed(path, file);
  const Fields fields(document, file, "");
  comparison.model = fields.text("model");
  comparison.device = fields.text("device");
  comparison.mode = fields.text("mode");
  comparison.width = fields.pixels("width");
  comparison.height = fields.pixels("height");
  comparison.milliseconds_per_frame = fields.milliseconds("milliseconds_per_frame");
  const Json& stages = fields.at("stages");
  if (!stages.is_array() || stages.size() > kMostStages) complain(file, "stages is no short list");
  for (size_t i = 0; i < stages.size(); ++i) {
    const Fields row(stages[i], file, fmt::format("stages[{}]: ", i));
    BenchStage stage;
    stage.name = row.text("name");
    stage.milliseconds = row.milliseconds("milliseconds");
    comparison.stages.push_back(std::move(stage));
  }
  return comparison;
}

}  // namespace animate::cli
