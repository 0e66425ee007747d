#pragma once

#include <filesystem>
#include <string>

#include "catalog/model_finder.h"

namespace animate::catalog {

// The folder or single file of an image-to-video model: a path as it is, else what bears the name `model` in the
// folders that are searched for models (model_search_path()); without a name the first one there. Throws Error(Input)
// for one that is not found: what to fetch, how large it is and under which licence.
std::filesystem::path find_video_model(const std::string& model);

// The same as what lists and reports are told, with its files. A folder that lacks a network has none.
FoundModel video_model_at(const std::filesystem::path& location);

}  // namespace animate::catalog
