#pragma once

#include <filesystem>
#include <string>

namespace animate::catalog {

// The folder or single file of an image-to-video model: a path as it is, else what bears the name `model` in the
// folders that are searched for models (model_search_path()). Throws Error(Input): for a name that is not found, what
// to fetch, how large it is and under which licence; for an empty one, that one has to be given.
std::filesystem::path find_video_model(const std::string& model);

// Whether a folder is laid out as diffusers has such models.
bool is_video_folder(const std::filesystem::path& folder);

}  // namespace animate::catalog
