#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace animate::serve {

// Plain files of JSON that are there whole or not at all. write_json throws animate::Error; read_json gives nullopt for
// what is absent or no JSON.
void write_json(const std::filesystem::path& path, const nlohmann::ordered_json& document);
std::optional<nlohmann::ordered_json> read_json(const std::filesystem::path& path);

void write_bytes(const std::filesystem::path& path, const std::string& bytes);
// Empty where it cannot be read.
std::string read_bytes(const std::filesystem::path& path);

// As text, whatever bytes stand in it.
std::string dump(const nlohmann::ordered_json& document);

// The text of a member of a request; empty where it is absent or null. Throws Refusal(422) for what is no text.
std::string text_member(const nlohmann::json& request, const char* name);

// A folder of the server's own, and those above it. Throws animate::Error(Input) where it cannot be made.
void make_data_folder(const std::filesystem::path& folder);

// The bytes of all files in a folder and below.
uint64_t bytes_below(const std::filesystem::path& folder);

}  // namespace animate::serve
