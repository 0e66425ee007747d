#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "animate/error.h"
#include "serve/ids.h"
#include "serve/jpeg.h"
#include "serve/live_session.h"
#include "serve/multipart.h"
#include "serve/option_list.h"
#include "serve/problem.h"
#include "serve/stored_file.h"
#include "serve/target.h"

namespace {

using namespace animate;

// Whatever a client sends is understood or refused.
template <typename Action>
void refusals_only(Action&& action) {
  try {
    action();
  } catch (const serve::Refusal&) {
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Internal) std::abort();
  }
}

// A form read at once and in small pieces holds the same.
std::string read_form(std::string_view body, size_t piece) {
  std::string all;
  refusals_only([&] {
    serve::MultipartReader reader("x", {[&](const serve::MultipartReader::Part& part) {
                                          all += "<" + part.name + "|" + part.filename + "|" + part.type + ">";
                                        },
                                        [&](std::string_view bytes) { all += bytes; }, [&] { all += "</>"; }});
    for (size_t at = 0; at < body.size(); at += piece) reader.write(body.substr(at, piece));
    reader.finish();
    all += "whole";
  });
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string once = read_form(text, size + 1);
  if (once.ends_with("whole") && once != read_form(text, 3)) std::abort();
  if (const auto target = serve::parse_target(text)) {
    serve::split_path(target->path);
    if (target->path.find('\0') != std::string::npos) std::abort();
  }
  if (const auto range = serve::parse_range(text, 1000); range && range->first + range->length > 1000) std::abort();
  serve::cookie_of(text, "animate_key");
  serve::parameter_of(text, "boundary");
  if (serve::is_id(text) && text.find_first_of("/.") != std::string_view::npos) std::abort();
  if (serve::shown_name(std::string(text)).find_first_of("/\\\r\n") != std::string::npos) std::abort();
  if (const auto frame = serve::split_frame(text)) {
    refusals_only([&] { serve::decode_jpeg(frame->picture, 64); });
  }
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_discarded()) {
    refusals_only([&] {
      AnimateOptions options;
      serve::set_options(options, json, [](const std::string&) { return std::nullopt; });
    });
  }
  return 0;
}
