#pragma once

#include <filesystem>
#include <system_error>

namespace animate::cli {

// A folder that is made for results where it is absent, and goes again if nothing was put into it.
class OwnFolder {
 public:
  OwnFolder() = default;
  ~OwnFolder() {
    std::error_code ec;
    // Refuses a folder that is not empty.
    if (made_) std::filesystem::remove(path_, ec);
  }
  OwnFolder(const OwnFolder&) = delete;
  OwnFolder& operator=(const OwnFolder&) = delete;

  // What is in its way is told by whoever writes into it.
  void make(const std::filesystem::path& path) {
    std::error_code ec;
    path_ = path;
    made_ = std::filesystem::create_directory(path, ec);
  }

 private:
  std::filesystem::path path_;
  bool made_ = false;
};

}  // namespace animate::cli
