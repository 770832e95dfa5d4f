#include "adapters/probes/http_url.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <boost/version.hpp>
#include <charconv>
#if BOOST_VERSION < 108200
#include <boost/url/src.hpp>  // Boost.URL's implementation, here and nowhere else
#endif

namespace muster::probes {

Result<HttpUrl> parse_http_url(std::string_view text) {
  // The text is not repeated: a URL that is refused may hold a password.
  const Error none{"the url of the http probe is none",
                   "expected http://HOST[:PORT]/PATH or https://…"};
  // Boost.URL 1.81 fails an assertion of its own on some texts without an authority: "a:]".
  if (text.find(':') != text.find("://")) return none;
  const auto parsed = boost::urls::parse_uri(boost::core::string_view{text.data(), text.size()});
  if (!parsed || parsed->host().empty()) return none;
  const auto& url = *parsed;
  const bool tls = url.scheme() == "https";
  if (url.scheme() != "http" && !tls)
    return Error{"the http probe cannot ask " + std::string{url.scheme()} + "://",
                 "http:// and https:// are what it speaks"};
  if (url.has_userinfo())
    return Error{"the url of the http probe holds a user name", "leave user and password out"};
  std::uint16_t port = tls ? 443 : 80;
  if (const std::string text_of_port{url.port()}; !text_of_port.empty()) {
    const char* end = text_of_port.data() + text_of_port.size();
    const auto [read, error] = std::from_chars(text_of_port.data(), end, port);
    if (error != std::errc{} || read != end || port == 0)
      return Error{"the url of the http probe has the port " + text_of_port, "expected 1 to 65535"};
  }

  HttpUrl result;
  result.host = url.host_address();
  result.port = port;
  result.authority = std::string{url.encoded_host_and_port()};
  result.target = std::string{url.encoded_path()};
  if (result.target.empty()) result.target = "/";
  if (url.has_query()) result.target += "?" + std::string{url.encoded_query()};
  result.tls = tls;
  return result;
}

}  // namespace muster::probes
