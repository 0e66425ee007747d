#pragma once

#include <map>
#include <string>

namespace animate::media {

// What a file tells beside its pictures. Keys that the writers know: software, comment, creation_time (ISO 8601, UTC)
// and digital_source_type (a word of IPTC's list of that name).
using Metadata = std::map<std::string, std::string>;

}  // namespace animate::media
