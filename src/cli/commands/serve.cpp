#include "serve/serve.h"

#include <spdlog/fmt/fmt.h>

#include <string>
#include <utility>

#include "base/error.h"
#include "base/path_text.h"
#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/engine_loader.h"
#include "cli/live_bench_text.h"
#include "cli/number_range.h"
#include "serve/bench_live.h"

namespace animate::cli {
namespace {

constexpr const char* kServeExamples =
    R"(The page, scripts (/api/v1/openapi.json) and a camera drive the same program. Pictures stay on this machine.

Examples:
  animate serve --open
  animate serve --port 8000 --data /big/disk/animate --quota 50
  animate serve --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem --keys keys.txt
      for others, each with a key of their own: a line of keys.txt is NAME KEY
  animate serve --bench-live clip.mp4
      what a live session costs here, measured with a clip in place of the camera
)";

constexpr double kGigabyte = 1e9;

// animate serve: a page, an HTTP interface and the live camera.
class ServeCommand : public Command {
 public:
  void declare(CLI::App& app) override {
    app.footer(kServeExamples);
    add_model_flags(app, settings_.model);
    app.add_option("--host", settings_.http.host,
                   "address to listen at; another than this machine's own needs a key, which is made and printed")
        ->option_text("ADDRESS [127.0.0.1]")
        ->group("Server");
    app.add_option("--port", settings_.http.port, "port to listen at; 0: any that is free")
        ->check(number_range(0, 65535))
        ->option_text("N [7860]")
        ->group("Server");
    app.add_option("--data", data_, "where files and results lie; default $XDG_DATA_HOME/animate/serve")
        ->option_text("FOLDER")
        ->group("Server");
    app.add_flag("--open", settings_.open_page, "open the page in the browser")->group("Server");
    app.add_option("--keys", keys_,
                   "who may use the server: a line NAME KEY for each; they do not see each other's files")
        ->option_text("FILE")
        ->group("Access");
    app.add_option("--allow-origin", settings_.allowed_origins, "another site whose pages may use the server")
        ->option_text("https://HOST…")
        ->group("Access");
    app.add_option("--allow-host", settings_.allowed_hosts, "another name under which the server is reached")
        ->option_text("NAME…")
        ->group("Access");
    app.add_option("--tls-cert", certificate_,
                   "certificate chain for https: browsers give cameras to https and localhost only")
        ->option_text("FILE.pem")
        ->group("Access");
    app.add_option("--tls-key", key_, "the certificate's key")->option_text("FILE.pem")->group("Access");
    app.add_option("--max-upload", largest_upload_, "largest file that is taken, in GB")
        ->check(number_range(0.001, 1e6))
        ->option_text("GB [2]")
        ->group("Limits");
    app.add_option("--max-clip", settings_.longest_clip, "longest clip that is taken, in seconds")
        ->check(number_range(1.0, 1e7))
        ->option_text("SECONDS [3600]")
        ->group("Limits");
    app.add_option("--max-files", settings_.files, "files that a key may have")
        ->check(number_range(1, 1000000))
        ->option_text("N [1000]")
        ->group("Limits");
    app.add_option("--max-jobs", settings_.waiting_jobs, "jobs of a key that may wait")
        ->check(number_range(1, 100000))
        ->option_text("N [100]")
        ->group("Limits");
    app.add_option("--quota", quota_, "share of the disk that files and results may take, in GB; default: all of it")
        ->check(number_range(0.001, 1e6))
        ->option_text("GB")
        ->group("Limits");
    app.add_option("--keep", settings_.keep_days, "delete files and results after so many days; default: never")
        ->check(number_range(1, 100000))
        ->option_text("DAYS")
        ->group("Limits");
    add_options(app, "Runtime", settings_.runtime);
    declare_bench(app);
  }

  void run(std::stop_token stop) override {
    if (!clip_.empty()) {
      const auto report =
          serve::bench_live(settings_, engine(), {path_of_text(clip_), path_of_text(picture_)}, std::move(stop));
      fmt::print("{}", json_ ? live_bench_json(report) + "\n" : live_bench_table(report));
      return;
    }
    settings_.data = path_of_text(data_);
    settings_.keys = path_of_text(keys_);
    settings_.http.tls_certificate = path_of_text(certificate_);
    settings_.http.tls_key = path_of_text(key_);
    settings_.largest_upload = static_cast<uint64_t>(largest_upload_ * kGigabyte);
    settings_.quota = static_cast<uint64_t>(quota_ * kGigabyte);
    serve::serve(settings_, engine(), stop);
  }

 private:
  void declare_bench(CLI::App& app) {
    CLI::Option* bench = app.add_option("--bench-live", clip_,
                                        "do not serve: measure a live session over loopback, with this clip in place "
                                        "of the camera, and print frames a second, overhead and delay")
                             ->option_text("CLIP")
                             ->group("Measurement");
    app.add_option("--picture", picture_, "picture that the clip moves; default: the sample head")
        ->option_text("FILE")
        ->needs(bench)
        ->group("Measurement");
    app.add_flag("--json", json_, "one JSON document instead of a table")->needs(bench)->group("Measurement");
    // It has a server of its own, which nobody else reaches, and a folder that goes again.
    for (const char* flag : {"--host", "--port", "--data", "--open", "--keys", "--tls-cert", "--tls-key"}) {
      bench->excludes(app.get_option(flag));
    }
  }

  serve::ServeSettings settings_;
  std::string clip_, picture_;
  bool json_ = false;
  std::string data_, keys_, certificate_, key_;
  double largest_upload_ = 2;
  double quota_ = 0;
};

}  // namespace

std::unique_ptr<Command> make_serve_command() { return std::make_unique<ServeCommand>(); }

}  // namespace animate::cli
