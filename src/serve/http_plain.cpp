#include "serve/http_connection.h"

namespace animate::serve {

void start_plain(boost::asio::ip::tcp::socket socket, HttpShared& shared) {
  std::make_shared<HttpConnection<boost::beast::tcp_stream>>(boost::beast::tcp_stream(std::move(socket)), shared)
      ->start();
}

}  // namespace animate::serve
