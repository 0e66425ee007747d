#include "batch/output_pattern.h"

#include <array>
#include <vector>

#include "base/error.h"
#include "base/nearest.h"

namespace animate::batch {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kWords = {"source_name", "driving_name", "source_extension", "driving_extension",
                                         "index"};

// Replaces every {word} by value(word); braces have no other meaning here.
template <typename Value>
std::string replace_words(const std::string& text, Value&& value) {
  std::string result;
  for (size_t at = 0; at < text.size();) {
    const size_t open = text.find_first_of("{}", at);
    result += text.substr(at, open - at);
    if (open == std::string::npos) break;
    const size_t close = text.find_first_of("{}", open + 1);
    check(text[open] == '{' && close != std::string::npos && text[close] == '}', ErrorKind::Usage,
          "--pattern {}: a brace has no other half; write words as in {{source_name}}", text);
    result += value(text.substr(open + 1, close - open - 1));
    at = close + 1;
  }
  return result;
}

}  // namespace

std::string stem_of(const fs::path& path) {
  const fs::path clean = path.has_filename() ? path : path.parent_path();
  const bool numbered = clean.filename().string().find('%') != std::string::npos;
  const std::string stem = (numbered ? clean.parent_path().filename() : clean.stem()).string();
  return stem.empty() ? "clip" : stem;
}

OutputPattern::OutputPattern(std::string text) : text_(std::move(text)) {
  const fs::path shape = replace_words(text_, [this](const std::string& word) -> std::string {
    for (const std::string& known : kWords) {
      if (word == known) return "x";
    }
    const std::string hint = nearest(word, kWords);
    fail(ErrorKind::Usage, "--pattern {}: {{{}}} is not known; {}", text_, word,
         hint.empty() ? "use source_name, driving_name, source_extension, driving_extension and index"
                      : fmt::format("did you mean {{{}}}?", hint));
  });
  bool inside = shape.is_relative() && shape.has_filename();
  for (const fs::path& part : shape) inside = inside && part != "..";
  check(inside, ErrorKind::Usage, "--pattern {}: must name a file inside the output folder", text_);
  check(shape.has_extension(), ErrorKind::Usage, "--pattern {}: has no suffix; end it as in .mp4", text_);
}

fs::path OutputPattern::name(const fs::path& source, const fs::path& driving, size_t index) const {
  return replace_words(text_, [&](const std::string& word) -> std::string {
    if (word == "source_name") return stem_of(source);
    if (word == "driving_name") return stem_of(driving);
    if (word == "source_extension") return source.extension().string();
    if (word == "driving_extension") return driving.extension().string();
    return fmt::format("{}", index);
  });
}

}  // namespace animate::batch
