#pragma once

#include <map>
#include <string>
#include <string_view>

#include "animate/facts.h"
#include "animate/options.h"

namespace animate::engine {

// What a result tells about itself: software, creation_time (UTC, or $SOURCE_DATE_EPOCH), comment in plain words with
// the model and the first 12 digits of its hash, and IPTC's word for pictures that a trained model made. `from_what`
// goes on with "it was generated …".
std::map<std::string, std::string> provenance_of(
    const ModelFacts& model, std::string_view from_what = "from a source picture and another one's movement");

// The options with the provenance in OutputOptions::metadata, unless they say otherwise. What is there already wins.
AnimateOptions with_provenance(AnimateOptions options, const ModelFacts& model);

}  // namespace animate::engine
