#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace animate {
inline namespace base {

// Order in which people count: "face2" before "face10". Runs of digits compare as numbers of any length, all else by
// bytes; names that are equal so far ("a1", "a01") compare by bytes, so that the order is total.
bool natural_less(std::string_view a, std::string_view b);

// Files by their names in that order, whatever their folders.
void sort_by_name(std::vector<std::filesystem::path>& files);

// "notes.txt, a.heic and 3 more": the names of files for a sentence, at most three of them.
std::string some_names(const std::vector<std::filesystem::path>& files);

}  // namespace base
}  // namespace animate
