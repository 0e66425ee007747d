#pragma once

#include <map>
#include <string>
#include <string_view>

#include "animate/facts.h"
#include "animate/options.h"
#include "engine/job_checks.h"

namespace animate::engine {

// What a result is made from, in words that go on with "it was generated …".
inline constexpr std::string_view kPictureAndDriver = "from a source picture and another one's movement";
std::string_view made_from(const CheckedJob& job);

// What a result tells about itself: software, creation_time (UTC, or $SOURCE_DATE_EPOCH), comment in plain words with
// the model and the first 12 digits of its hash, and IPTC's word for pictures that a trained model made. `from_what`
// goes on with "it was generated …".
std::map<std::string, std::string> provenance_of(const ModelFacts& model,
                                                 std::string_view from_what = kPictureAndDriver);

// The options with the provenance in OutputOptions::metadata, unless they say otherwise. What is there already wins.
AnimateOptions with_provenance(AnimateOptions options, const ModelFacts& model,
                               std::string_view from_what = kPictureAndDriver);

}  // namespace animate::engine
