#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include "serve/http_connection.h"

namespace animate::serve {

void start_secure(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& tls, HttpShared& shared) {
  using Secure = boost::beast::ssl_stream<boost::beast::tcp_stream>;
  std::make_shared<HttpConnection<Secure>>(Secure(boost::beast::tcp_stream(std::move(socket)), tls), shared)->start();
}

}  // namespace animate::serve
