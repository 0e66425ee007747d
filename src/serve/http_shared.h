#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <mutex>
#include <set>

#include "serve/application.h"
#include "serve/http_server.h"

namespace animate::serve {

// A connection as the server counts it.
class Counted {
 public:
  virtual ~Counted() = default;
  // Lets go of everything that is the application's. Called when no thread runs any more.
  virtual void abandon() = 0;
};

// What all connections share.
struct HttpShared {
  HttpSettings settings;
  Application* application = nullptr;
  std::atomic<size_t> connections = 0;
  std::mutex mutex;
  std::set<std::weak_ptr<Counted>, std::owner_less<>> open;
  // Last, and in this order: what they hold in the end are connections, which need all that stands above.
  boost::asio::io_context io;
  boost::asio::thread_pool workers{4};  // handlers: they may read files and wait for locks

  void add(const std::shared_ptr<Counted>& connection) {
    const std::scoped_lock lock(mutex);
    open.insert(connection);
    ++connections;
  }
  // To be called by a connection's destructor.
  void remove() {
    --connections;
    const std::scoped_lock lock(mutex);
    if (open.size() > 2 * connections + 64) std::erase_if(open, [](const auto& weak) { return weak.expired(); });
  }
};

// Both return at once; the connection lives as long as something is to be done.
void start_plain(boost::asio::ip::tcp::socket socket, HttpShared& shared);
void start_secure(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& tls, HttpShared& shared);

}  // namespace animate::serve
