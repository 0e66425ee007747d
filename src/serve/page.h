#pragma once

#include <span>
#include <string>
#include <string_view>

#include "serve/router.h"

namespace animate::serve {

// A file of the page, which is compiled into the program.
struct PageFile {
  std::string_view name;  // "app.js"
  std::string_view content;
};
// Made from the folder page by scripts/cmake/AnimateEmbed.cmake.
std::span<const PageFile> page_files();

// The page at /, and its files beside it.
void add_page_routes(Router& router);

}  // namespace animate::serve
