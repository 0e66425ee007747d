#pragma once

#include <filesystem>
#include <string>

#include "serve/message.h"

namespace animate::serve {

// A file as an answer: its type, ranges (RFC 9110), 304 where the client has it, and a name for a download (query
// `download`). `tag` changes when the content does. Throws Refusal(404), Refusal(416).
Response file_answer(const RequestHead& head, const std::filesystem::path& path, const std::string& type,
                     const std::string& name, const std::string& tag);

// "attachment; filename*=UTF-8''…", with everything but letters, digits and a few signs as %XX.
std::string disposition(const std::string& how, const std::string& name);

}  // namespace animate::serve
