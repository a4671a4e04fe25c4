#include "api/http_answer.hpp"

#include "api/json.hpp"
#include "api/openapi.hpp"

namespace ducat::api {

namespace {

http_response with_body(unsigned status, const google::protobuf::Message& message) {
  auto text = to_json(message);
  return text ? http_response{.status = status, .body = std::move(*text)} : refuse(text.error());
}

void add_proof(const v1::Receipt& receipt, bool replayed, http_response& response) {
  if (receipt.index() != 0)
    response.headers.emplace_back("Ducat-Receipt",
                                  std::to_string(receipt.index()) + "/" + receipt.hash());
  if (replayed)
    response.headers.emplace_back("Idempotent-Replayed", "true");
}

/// Returns the message that is set in the oneof `name` of `whole`.
const google::protobuf::Message& part_of(const google::protobuf::Message& whole, const char* name) {
  const auto* const of = whole.GetDescriptor()->FindOneofByName(name);
  const auto* const field = whole.GetReflection()->GetOneofFieldDescriptor(whole, of);
  return field == nullptr ? whole : whole.GetReflection()->GetMessage(whole, field);
}

} // namespace

unsigned status_of(v1::Error::Type type) {
  switch (type) {
  case v1::Error::INVALID_REQUEST:
    return 400;
  case v1::Error::PERMISSION:
    return 403;
  case v1::Error::UNAUTHENTICATED:
    return 401;
  case v1::Error::NOT_FOUND:
    return 404;
  case v1::Error::CONFLICT:
    return 409;
  case v1::Error::IDEMPOTENCY:
    return 422;
  case v1::Error::UNAVAILABLE:
    return 503;
  case v1::Error::UNKNOWN_OUTCOME:
    return 504;
  default:
    return 500;
  }
}

http_response refuse(const v1::Error& why) {
  return refuse(status_of(why.type()), why);
}

http_response refuse(unsigned status, const v1::Error& why) {
  http_response response{.status = status, .body = error_json(why)};
  if (why.type() == v1::Error::UNAVAILABLE)
    response.headers.emplace_back("Retry-After", "1");
  if (why.type() == v1::Error::UNAUTHENTICATED)
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

http_response wrong(unsigned status, std::string code, std::string message) {
  return refuse(status, invalid(std::move(code), std::move(message)).value());
}

http_response success(unsigned status, const v1::PaymentReply& done) {
  http_response response = with_body(status, done.payment());
  add_proof(done.receipt(), done.replayed(), response);
  if (done.has_refund())
    response.headers.emplace_back("Ducat-Refund", done.refund().id());
  return response;
}

http_response success(unsigned status, const v1::AccountReply& done) {
  http_response response = with_body(status, done.account());
  add_proof(done.receipt(), done.replayed(), response);
  return response;
}

http_response success(unsigned status, const v1::SettlementReply& done) {
  http_response response = with_body(status, part_of(done, "changed"));
  add_proof(done.receipt(), done.replayed(), response);
  return response;
}

http_response success(unsigned status, const v1::SettlementAnswer& found) {
  return with_body(status, part_of(found, "kind"));
}

http_response success(unsigned status, const google::protobuf::Message& done) {
  return with_body(status, done);
}

http_response probe_answer(bool good) {
  return good ? http_response{.status = 200, .body = R"({"status":"ok"})"}
              : http_response{.status = 503, .body = R"({"status":"unavailable"})"};
}

http_response page_answer(const web_file& file) {
  constexpr std::string_view assets = "/assets/";
  const bool is_kept = file.path.substr(0, assets.size()) == assets;
  return {
      .status = 200,
      .body = std::string{file.gzipped},
      .headers = {{"Content-Encoding", "gzip"},
                  {"Cache-Control", is_kept ? "public, max-age=31536000, immutable" : "no-cache"},
                  {"Content-Security-Policy",
                   "default-src 'self'; style-src 'self' 'unsafe-inline'; base-uri 'none'; "
                   "frame-ancestors 'none'"},
                  {"Referrer-Policy", "no-referrer"},
                  {"X-Content-Type-Options", "nosniff"}},
      .content_type = std::string{file.content_type}};
}

http_response openapi_answer() {
  return {
      .status = 200, .body = std::string{openapi_document()}, .content_type = "application/yaml"};
}

} // namespace ducat::api
