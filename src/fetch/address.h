#pragma once

#include <string>

namespace animate::fetch {

// Throws Error(Input) unless `url` is an address that may be fetched from: https, or
// http where the server is this machine or `any_http` is set.
void check_address(const std::string& url, bool any_http);

// The address as it is shown to people: without a user's name and password in it, control characters escaped.
std::string show_address(const std::string& url);

// base + "/" + path, whether or not the base ends in a slash.
std::string join_address(const std::string& base, const std::string& path);

}  // namespace animate::fetch
