#include "serve/http_server.h"

#include <spdlog/fmt/fmt.h>
#include <sys/resource.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <condition_variable>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "serve/http_head.h"
#include "serve/http_shared.h"
#include "serve/problem.h"

namespace animate::serve {
namespace {

namespace net = boost::asio;
using Tcp = net::ip::tcp;
using Code = boost::system::error_code;

constexpr size_t kThreads = 2;
constexpr size_t kFilesBesides = 200;  // that the rest of the program may have open

// A thousand connections are a thousand files, and many systems begin with a limit of 1024.
size_t raise_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  const rlim_t wanted = std::min<rlim_t>(limit.rlim_max, 65536);
  if (limit.rlim_cur < wanted) {
    limit.rlim_cur = wanted;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    ::getrlimit(RLIMIT_NOFILE, &limit);
  }
  return limit.rlim_cur;
}

}  // namespace

std::string head_text(const Response& response, bool close) {
  std::string text = fmt::format("HTTP/1.1 {} {}\r\nServer: animate\r\n", response.status, title_of(response.status));
  for (const auto& [name, value] : response.headers) text += name + ": " + value + "\r\n";
  if (!response.events && response.status != 204 && response.status != 304) {
    text += fmt::format("Content-Length: {}\r\n", response.file ? response.file->length : response.body.size());
  }
  if (close) text += "Connection: close\r\n";
  return text + "\r\n";
}

struct HttpServer::Parts {
  std::optional<net::ssl::context> tls;
  HttpShared shared;
  Tcp::acceptor acceptor{shared.io};
  net::steady_timer pause{shared.io};

  void listen();
  void load_tls();
  void accept();
};

void HttpServer::Parts::load_tls() {
  const HttpSettings& settings = shared.settings;
  if (settings.tls_certificate.empty()) return;
  tls.emplace(net::ssl::context::tls_server);
  Code ec;
  tls->set_options(net::ssl::context::no_sslv3 | net::ssl::context::no_tlsv1 | net::ssl::context::no_tlsv1_1, ec);
  tls->use_certificate_chain_file(settings.tls_certificate.string(), ec);
  check(!ec, ErrorKind::Input, "{}: is no certificate in PEM form ({}); give another --tls-cert",
        show(settings.tls_certificate), ec.message());
  tls->use_private_key_file(settings.tls_key.string(), net::ssl::context::pem, ec);
  check(!ec, ErrorKind::Input, "{}: is not the key of that certificate, in PEM form ({}); give another --tls-key",
        show(settings.tls_key), ec.message());
}

void HttpServer::Parts::listen() {
  const HttpSettings& settings = shared.settings;
  Code ec;
  Tcp::resolver resolver(shared.io);
  const auto found = resolver.resolve(settings.host, std::to_string(settings.port),
                                      Tcp::resolver::passive | Tcp::resolver::numeric_service, ec);
  const auto check_host = [&](bool good) {
    check(good, ErrorKind::Input, "--host {}: is no address of this machine ({}); give another", settings.host,
          ec.message());
  };
  check_host(!ec && !found.empty());
  const Tcp::endpoint endpoint = found.begin()->endpoint();
  acceptor.open(endpoint.protocol(), ec);
  if (!ec) acceptor.set_option(net::socket_base::reuse_address(true), ec);
  if (!ec) acceptor.bind(endpoint, ec);
  if (!ec) acceptor.listen(net::socket_base::max_listen_connections, ec);
  check_host(ec != boost::system::errc::address_not_available);
  check(ec != net::error::address_in_use, ErrorKind::Input,
        "port {} of {} is in use already; give another --port, or 0 for any that is free", settings.port,
        settings.host);
  check(!ec, ErrorKind::Input, "port {} of {} cannot be had ({}); give another --port", settings.port, settings.host,
        ec.message());
}

void HttpServer::Parts::accept() {
  acceptor.async_accept(net::make_strand(shared.io), [this](Code ec, Tcp::socket socket) {
    if (ec == net::error::operation_aborted) return;
    if (ec) {
      // No more files, perhaps: those who wait are still there a moment later.
      pause.expires_after(std::chrono::milliseconds(100));
      pause.async_wait([this](Code stopped) {
        if (!stopped) accept();
      });
      return;
    }
    if (shared.connections < shared.settings.connections) {
      socket.set_option(Tcp::no_delay(true), ec);
      if (tls) {
        start_secure(std::move(socket), *tls, shared);
      } else {
        start_plain(std::move(socket), shared);
      }
    }
    accept();
  });
}

HttpServer::HttpServer(HttpSettings settings) : parts_(std::make_unique<Parts>()) {
  const size_t files = raise_file_limit();
  settings.connections = std::min(settings.connections, files > 2 * kFilesBesides ? files - kFilesBesides : files / 2);
  parts_->shared.settings = std::move(settings);
  parts_->load_tls();
  parts_->listen();
}

HttpServer::~HttpServer() = default;

uint16_t HttpServer::port() const { return parts_->acceptor.local_endpoint().port(); }

void HttpServer::run(Application& application, std::stop_token stop, const std::function<void()>& stopping) {
  HttpShared& shared = parts_->shared;
  shared.application = &application;
  parts_->accept();
  std::vector<std::thread> threads;
  for (size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&shared] {
      while (true) {
        try {
          shared.io.run();
          return;
        } catch (const std::exception& error) {
          log::error("internal error: {}", error.what());
        }
      }
    });
  }
  std::mutex mutex;
  std::condition_variable_any until;
  {
    std::unique_lock lock(mutex);
    until.wait(lock, stop, [] { return false; });
  }
  net::post(shared.io, [this] {
    Code ignored;
    parts_->acceptor.close(ignored);
  });
  stopping();
  shared.workers.stop();
  shared.workers.join();
  shared.io.stop();
  for (std::thread& thread : threads) thread.join();
  std::vector<std::shared_ptr<Counted>> left;
  {
    const std::scoped_lock lock(shared.mutex);
    for (const auto& weak : shared.open) {
      if (auto connection = weak.lock()) left.push_back(std::move(connection));
    }
  }
  for (const auto& connection : left) connection->abandon();
}

}  // namespace animate::serve
