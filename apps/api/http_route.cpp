#include "api/http_route.hpp"

#include "api/http_answer.hpp"
#include "api/http_endpoints.hpp"
#include "api/listen_address.hpp"
#include "api/target.hpp"

#include <algorithm>

namespace ducat::api {

namespace {

bool matches(const std::vector<std::string_view>& path, const std::vector<std::string>& segments) {
  return std::equal(path.begin(), path.end(), segments.begin(), segments.end(),
                    [](std::string_view expected, const std::string& given) {
                      return expected == wildcard ? !given.empty() : expected == given;
                    });
}

std::string id_in(const endpoint& chosen, const target& parsed) {
  for (std::size_t at = 0; at < chosen.path.size(); ++at)
    if (chosen.path[at] == wildcard)
      return parsed.segments[at];
  return {};
}

// Requests as such

http_response wrong_method(std::string allowed) {
  auto response = wrong(405, "method_not_allowed", "the route exists, but not for this method");
  response.headers.emplace_back("Allow", std::move(allowed));
  return response;
}

/// Returns the endpoint for the method and path, or 404, or 405 with what is allowed.
tl::expected<const endpoint*, http_response>
find_endpoint(const std::string& method, const target& parsed, const std::vector<endpoint>& among) {
  std::string allowed;
  for (const endpoint& candidate : among) {
    if (!matches(candidate.path, parsed.segments))
      continue;
    if (candidate.method == method || (candidate.method == "GET" && method == "HEAD"))
      return &candidate;
    allowed += allowed.empty() ? "" : ", ";
    allowed += candidate.method == "GET" ? "GET, HEAD" : candidate.method;
  }
  if (!allowed.empty())
    return tl::unexpected(wrong_method(std::move(allowed)));
  return tl::unexpected(refuse(nothing_there()));
}

/// Returns the origin of this node's own pages, as the client knows it.
std::string own_origin(const http_request& request) {
  return (request.is_secured ? "https://" : "http://") + request.host;
}

/// Returns whether the request is of a page served from this machine, or of no page at all; over
/// TLS, where a node is known by its name, of its own page only.
bool is_local(const http_request& request) {
  constexpr std::string_view scheme = "http://";
  const std::string& origin = request.origin;
  if (origin.empty())
    return true;
  if (request.is_secured)
    return origin == own_origin(request);
  if (origin.compare(0, scheme.size(), scheme) != 0)
    return false;
  const std::string host = origin.substr(scheme.size());
  return parse_loopback_address(host) || parse_loopback_address(host + ":80");
}

/// Returns whether this is no change, or no page has asked for it, or the node's own page has, and
/// has said so. Pages from elsewhere cannot set a header that a browser would first ask this node
/// about.
checked<void> check_page(const http_request& request) {
  if (request.origin.empty() || request.method != "POST")
    return {};
  if (request.origin != own_origin(request))
    return tl::unexpected(make_error(v1::Error::PERMISSION, "origin_not_allowed",
                                     "pages from elsewhere may not call this node"));
  if (request.marker.empty())
    return tl::unexpected(make_error(v1::Error::PERMISSION, "request_not_marked",
                                     "a page has to send the header Ducat-Request"));
  return {};
}

/// Returns whether `type` is application/json, in any case and with any parameters.
bool is_json(std::string type) {
  type.resize(std::min(type.size(), type.find(';')));
  type.erase(type.find_last_not_of(" \t") + 1);
  std::transform(type.begin(), type.end(), type.begin(), [](char c) {
    return 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return type == "application/json";
}

bool has_fitting_type(const http_request& request) {
  const bool silent = request.body.empty() && request.content_type.empty();
  return request.method != "POST" || silent || is_json(request.content_type);
}

checked<void> no_parameters(const target& parsed) {
  if (parsed.query.empty())
    return {};
  return invalid("parameter_unknown", "this route has no such query parameter",
                 parsed.query.begin()->first);
}

checked<http_call> make_call(const endpoint& chosen, const http_request& request,
                             const target& parsed) {
  if (auto none = no_parameters(parsed); !none && !chosen.has_parameters)
    return tl::unexpected<v1::Error>(none.error());
  return chosen.make(request, parsed, id_in(chosen, parsed));
}

} // namespace

v1::Error nothing_there() {
  return make_error(v1::Error::NOT_FOUND, "route_unknown", "there is nothing at this path");
}

bool pays_from_account(const http_request& request) {
  const auto has = [&](const auto& text) { return request.body.find(text) != std::string::npos; };
  return request.method == "POST" && request.target == "/v1/payments" && request.origin.empty() &&
         has_fitting_type(request) && !has("card") && !has('\\');
}

std::uint64_t body_max_of(const std::string& method, const std::string& target,
                          const std::vector<endpoint>& among) {
  const auto parsed = parse_target(target);
  if (!parsed)
    return body_bytes_max;
  const auto chosen = find_endpoint(method, *parsed, among);
  return chosen ? (*chosen)->body_max : body_bytes_max;
}

std::vector<std::string> routes() {
  std::vector<std::string> all;
  for (const endpoint& each : endpoints()) {
    std::string& line = all.emplace_back(each.method);
    line += ' ';
    for (const std::string_view segment : each.path)
      line.append("/").append(segment);
  }
  return all;
}

tl::expected<http_call, http_response> route(const http_request& request,
                                             const std::vector<endpoint>& among) {
  if (!is_local(request))
    return tl::unexpected(refuse(make_error(v1::Error::PERMISSION, "origin_not_allowed",
                                            "pages from elsewhere may not call this node")));
  if (const auto allowed = check_page(request); !allowed)
    return tl::unexpected(refuse(allowed.error()));
  const auto parsed = parse_target(request.target);
  if (!parsed)
    return tl::unexpected(refuse(parsed.error()));
  const auto chosen = find_endpoint(request.method, *parsed, among);
  if (!chosen)
    return tl::unexpected(chosen.error());
  if (!has_fitting_type(request))
    return tl::unexpected(wrong(415, "content_type_unsupported", "send application/json"));
  return make_call(**chosen, request, *parsed).map_error([](const v1::Error& why) {
    return refuse(why);
  });
}

} // namespace ducat::api
