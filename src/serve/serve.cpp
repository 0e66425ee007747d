#include "serve/serve.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <spawn.h>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "serve/http_server.h"
#include "serve/json_file.h"
#include "serve/service.h"

extern char** environ;

namespace animate::serve {
namespace {

namespace fs = std::filesystem;

// Two servers on one folder would tear each other's jobs apart.
class FolderLock {
 public:
  explicit FolderLock(const fs::path& folder) {
    make_data_folder(folder);
    file_ = ::open((folder / "lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    check(file_ >= 0, ErrorKind::Input, "{}: cannot be written to ({}); choose another --data folder", show(folder),
          std::strerror(errno));
    check(::flock(file_, LOCK_EX | LOCK_NB) == 0, ErrorKind::Input,
          "{}: is in use by another server; stop that one or choose another --data folder", show(folder));
  }
  ~FolderLock() { ::close(file_); }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int file_ = -1;
};

Access access_of(const ServeSettings& settings, std::string& key) {
  Access::Settings access;
  access.host = settings.http.host;
  access.allowed_origins = settings.allowed_origins;
  access.allowed_hosts = settings.allowed_hosts;
  if (!settings.keys.empty()) {
    access.keys = read_keys(settings.keys);
  } else if (!is_loopback(settings.http.host)) {
    key = own_key(settings.data);
    access.keys = {{key, "owner"}};
  }
  return Access(std::move(access));
}

std::string address_of(const HttpSettings& http, uint16_t port, const std::string& key) {
  const bool every = http.host == "0.0.0.0" || http.host == "::";
  std::string host = every ? "localhost" : http.host;
  if (host.find(':') != std::string::npos && !host.starts_with("[")) host = "[" + host + "]";
  const std::string scheme = http.tls_certificate.empty() ? "http" : "https";
  return scheme + "://" + host + ":" + std::to_string(port) + "/" + (key.empty() ? "" : "#key=" + key);
}

void open_in_browser(std::string address) {
  std::string program = "xdg-open";
  std::array<char*, 3> words{program.data(), address.data(), nullptr};
  pid_t child = 0;
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&quiet, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  if (::posix_spawnp(&child, program.c_str(), &quiet, nullptr, words.data(), environ) != 0) {
    log::warn("no browser could be opened (xdg-open is not there); open {}", address);
  }
  posix_spawn_file_actions_destroy(&quiet);
}

}  // namespace

fs::path default_data_folder() {
  const char* data = std::getenv("XDG_DATA_HOME");
  if (data != nullptr && *data != '\0') return fs::path(data) / "animate" / "serve";
  const char* home = std::getenv("HOME");
  check(home != nullptr && *home != '\0', ErrorKind::Usage,
        "there is no home folder; say where files may lie with --data");
  return fs::path(home) / ".local" / "share" / "animate" / "serve";
}

void serve(ServeSettings settings, const Engine& engine, std::stop_token stop) {
  check(settings.http.tls_certificate.empty() == settings.http.tls_key.empty(), ErrorKind::Usage,
        "--tls-cert and --tls-key belong together; give both or none");
  if (settings.data.empty()) settings.data = default_data_folder();
  settings.data = fs::absolute(settings.data).lexically_normal();
  const FolderLock lock(settings.data);
  HttpServer server(settings.http);
  std::string key;
  Service service(settings, engine, access_of(settings, key));
  const std::string address = address_of(settings.http, server.port(), key);
  std::puts(address.c_str());
  std::fflush(stdout);
  log::debug("files and results lie in {}", show(settings.data));
  service.start();
  if (settings.open_page) open_in_browser(address);
  server.run(service, stop, [&service] { service.stop(); });
  log::info("stopped; what was queued is there again at the next start");
}

}  // namespace animate::serve
