#include "api/http_world.hpp"

#include <random>

namespace ducat::api {

namespace {

/// Bytes that are wrong, and the status they must be answered with. 0: no answer, but the
/// connection is closed. -1: any status from 400 on, or none.
struct bad_input {
  std::string name;
  std::string bytes;
  int status;
};

std::string repeated(std::size_t count, std::string_view text) {
  std::string all;
  for (std::size_t at = 0; at < count; ++at)
    all += text;
  return all;
}

/// Returns `size` bytes that are the same in every run.
std::string noise(std::size_t size) {
  std::mt19937 random(7);
  std::string bytes(size, '\0');
  for (char& byte : bytes)
    byte = static_cast<char>(random());
  return bytes;
}

/// Returns a POST of `body` to /v1/payments, with `header` besides what it needs.
std::string post(const std::string& body, const std::string& header = "Idempotency-Key: k\r\n",
                 const std::string& path = "/v1/payments") {
  return "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" + header +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// Returns a POST to where bodies may be long.
std::string captures(const std::string& body) {
  return post(body, "", "/v1/settlement/captures");
}

/// Returns a POST with a body of `framing` and `rest`.
std::string framed(const std::string& framing, const std::string& rest) {
  return "POST /v1/crash HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" + framing +
         "\r\n" + rest;
}

std::string get(const std::string& target, const std::string& header = "Host: a\r\n") {
  return "GET " + target + " HTTP/1.1\r\n" + header + "\r\n";
}

std::vector<bad_input> bytes_that_are_no_http() {
  return {{"nothing", "", 0},
          {"one byte", "G", 400},
          {"zeroes", std::string(1024, '\0'), 400},
          {"1 KiB of noise", noise(1024), 400},
          {"32 KiB of noise", noise(32 * 1024), 400},
          {"64 KiB of noise", noise(64 * 1024), 400},
          {"10 MiB of noise", noise(10 << 20), 400},
          {"a TLS hello", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11), 400},
          {"an HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
          {"a CAF header", std::string(32, '\1'), 400},
          {"no CRLF", std::string(4096, 'a'), 400},
          {"a line without end", std::string(100'000, 'a'), -1},
          {"line feeds only", "GET /healthz HTTP/1.1\nHost: a\n\n", 400},
          {"two requests glued by junk", "GET / HTTP/1.1\r\nHost: a\r\n\r\njunk", 404}};
}

std::vector<bad_input> wrong_request_lines() {
  return {{"junk as method", "G\x01T /healthz HTTP/1.1\r\nHost: a\r\n\r\n", 400},
          {"an unknown method", "BREW /healthz HTTP/1.1\r\nHost: a\r\n\r\n", 405},
          {"a method of lower case", "get /healthz HTTP/1.1\r\nHost: a\r\n\r\n", 405},
          {"CONNECT", "CONNECT host:443 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
          {"OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
          {"HTTP/0.9", "GET /healthz\r\n", 400},
          {"HTTP/3.7", "GET /healthz HTTP/3.7\r\nHost: a\r\n\r\n", 400},
          {"no target", "GET  HTTP/1.1\r\nHost: a\r\n\r\n", 400},
          {"a blank in the target", "GET /heal thz HTTP/1.1\r\nHost: a\r\n\r\n", 400},
          {"%00", get("/v1/payments/%00"), 400},
          {"half an escape", get("/v1/payments/%4"), 400},
          {"escaped line ends", get("/v1/payments/a%0d%0aX:%20y"), 400},
          {"bytes over 127 in the target", get("/v1/payments/\xff\xfe"), 400},
          {"dots to the root", get("/../../../../etc/passwd"), 404},
          {"escaped dots", get("/%2e%2e/%2e%2e/etc/passwd"), 404},
          {"another host's URI", get("https://example.org/v1/payments"), 400},
          {"a path of 7,000", get("/" + std::string(7'000, 'a')), 404},
          {"a path of 7,000 slashes", get(std::string(7'000, '/')), 404},
          {"a path of 9,000", get("/" + std::string(9'000, 'a')), 431},
          {"1,000 parameters", get("/v1/payments?" + repeated(1'000, "a&")), 400},
          {"an id of 4,000", get("/v1/payments/" + std::string(4'000, 'a')), 404}};
}

std::vector<bad_input> wrong_headers() {
  return {{"no Host", get("/healthz", ""), 400},
          {"two Hosts", get("/healthz", "Host: a\r\nHost: b\r\n"), 400},
          {"a header without colon", get("/healthz", "Host: a\r\nnonsense\r\n"), 400},
          {"a header without name", get("/healthz", "Host: a\r\n: b\r\n"), 400},
          {"a blank before the colon", get("/healthz", "Host: a\r\nX : b\r\n"), 400},
          {"NUL in a header", get("/healthz", std::string("Host: a\r\nX: \0\r\n", 14)), 400},
          {"a header of 1 MiB", get("/healthz", "X: " + std::string(1 << 20, 'a') + "\r\n"), 431},
          {"100,000 headers", get("/healthz", repeated(100'000, "X: y\r\n")), 431},
          {"a header that ends early", "GET /healthz HTTP/1.1\r\nHost: a\r\nX", 400},
          {"no key", post("{}", ""), 400},
          {"two keys", post("{}", "Idempotency-Key: a\r\nIdempotency-Key: b\r\n"), 400},
          {"a key of 256", post("{}", "Idempotency-Key: " + std::string(256, 'k') + "\r\n"), 400},
          {"a key that is not ASCII", post("{}", "Idempotency-Key: \xff\r\n"), 400},
          {"a body that is no JSON by its type",
           "POST /v1/crash HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}", 415}};
}

std::vector<bad_input> wrong_framing() {
  return {
      {"length -1", framed("Content-Length: -1\r\n", ""), 400},
      {"length 2^31", framed("Content-Length: 2147483648\r\n", ""), 413},
      {"length 2^32", framed("Content-Length: 4294967296\r\n", ""), 413},
      {"length 2^64", framed("Content-Length: 18446744073709551616\r\n", ""), 400},
      {"a length with letters", framed("Content-Length: 2x\r\n", "{}"), 400},
      {"an empty length", framed("Content-Length: \r\n", "{}"), 400},
      {"two lengths", framed("Content-Length: 2\r\nContent-Length: 3\r\n", "{} "), 400},
      {"a length over the body", framed("Content-Length: 3\r\n", "{}"), 400},
      {"length and chunks",
       framed("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n"), 400},
      {"chunks and length",
       framed("Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", "2\r\n{}\r\n0\r\n\r\n"), 400},
      {"an unknown coding", framed("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 400},
      {"a coding without chunks", framed("Transfer-Encoding: identity\r\n", "{}"), 400},
      {"a chunk size of no digits", framed("Transfer-Encoding: chunked\r\n", "x\r\n{}\r\n"), 400},
      {"a chunk size of 2^64", framed("Transfer-Encoding: chunked\r\n", "10000000000000000\r\n"),
       400},
      {"a chunk over the limit",
       framed("Transfer-Encoding: chunked\r\n", "20000\r\n" + std::string(0x20000, ' ')), 413},
      {"a chunk that is longer than it says",
       framed("Transfer-Encoding: chunked\r\n", "1\r\n{}\r\n0\r\n\r\n"), 400},
      {"a chunk that ends early", framed("Transfer-Encoding: chunked\r\n", "8\r\n{}"), 400},
      {"a body of 64 KiB and 1", post(std::string(65'537, ' ')), 413},
      {"a body of 10 MiB", post(std::string(10 << 20, 'a')), 413},
      {"1 MiB and 1 of captures", captures(std::string((1 << 20) + 1, ' ')), 413},
      {"chunks of 1 MiB and 1 of captures",
       "POST /v1/settlement/captures HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
       "Transfer-Encoding: chunked\r\n\r\n100001\r\n" +
           std::string((1 << 20) + 1, ' '),
       413},
      {"captures to somewhere else",
       "POST /v1/settlement/capture HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n", 413}};
}

std::vector<bad_input> wrong_bodies() {
  return {{"no body", post(""), 400},
          {"64 KiB of blanks", post(std::string(65'536, ' ')), 400},
          {"1 MiB of blanks as captures", captures(std::string(1 << 20, ' ')), 400},
          {"zeroes as JSON", post(std::string(64, '\0')), 400},
          {"half of JSON", post(R"({"amount":)"), 400},
          {"JSON twice", post(R"({"amount":1}{"amount":1})"), 400},
          {"30,000 open arrays", post(std::string(30'000, '[')), 400},
          {"30,000 nested objects", post(repeated(10'000, R"({"a":)")), 400},
          {"10,000 keys", post("{" + repeated(10'000, R"("a":1,)") + R"("b":1})"), 400},
          {"a field that is unknown", post(R"({"amount":1,"balance":5})"), 400},
          {"a field that is read only", post(R"({"amount":1,"state":"CAPTURED"})"), 400},
          {"a field twice", post(R"({"amount":1,"amount":100})"), 400},
          {"invalid UTF-8", post("{\"amount\":1,\"from\":\"\xc3\x28\"}"), 400},
          {"half a surrogate", post(R"({"amount":1,"from":"\udc00"})"), 400},
          {"amount 0", post(R"({"amount":0})"), 400},
          {"amount -1", post(R"({"amount":-1})"), 400},
          {"amount INT64_MIN", post(R"({"amount":-9223372036854775808})"), 400},
          {"amount INT64_MAX + 1", post(R"({"amount":9223372036854775808})"), 400},
          {"amount of 4,000 digits", post(R"({"amount":)" + std::string(4'000, '9') + "}"), 400},
          {"amount 1e400", post(R"({"amount":1e400})"), 400},
          {"amount as fraction", post(R"({"amount":1.5})"), 400},
          {"a number as text", post(R"({"amount":1,"from":7})"), 400},
          {"a key in the body", post(R"({"amount":1,"idempotency_key":"k"})"), 400},
          {"another id in the body",
           post(R"({"id":"pay_2"})", "Idempotency-Key: k\r\n", "/v1/payments/pay_1/capture"), 400},
          {"times of 2^32", framed("Content-Length: 20\r\n", R"({"times":4294967296})"), 400},
          {"times -1", framed("Content-Length: 12\r\n", R"({"times":-1})"), 400}};
}

class HttpBadInput : public HttpServer {
protected:
  HttpBadInput() : canary_(client()) { canary_.set_keep_alive(true); }

  /// Another client, on a connection of its own, is served as if nothing happened.
  void expect_service() {
    const auto answer = canary_.Get("/v1/status");
    ASSERT_EQ(status_in(answer), 200);
    ASSERT_EQ(body_of(answer)["node"], "node1");
  }

  void expect_refusal(const bad_input& input) {
    const std::string answer = exchange(input.bytes);
    const int status = status_in(answer);
    const bool fitting = input.status >= 0 ? status == input.status : status == 0 || status >= 400;
    EXPECT_TRUE(fitting) << input.name << '\n' << status << '\n' << answer.substr(0, 500);
    if (status >= 400 && input.name.find("two requests") == std::string::npos) {
      EXPECT_NE(code_in(answer), "") << input.name << '\n' << answer.substr(0, 500);
    }
  }

  void expect_refusals(const std::vector<bad_input>& inputs) {
    for (const auto& input : inputs) {
      expect_refusal(input);
      expect_service();
    }
    EXPECT_EQ(to.payments(), 0U);
  }

private:
  httplib::Client canary_;
};

} // namespace

TEST_F(HttpBadInput, BytesThatAreNoHttp) {
  expect_refusals(bytes_that_are_no_http());
}

TEST_F(HttpBadInput, RequestLines) {
  expect_refusals(wrong_request_lines());
}

TEST_F(HttpBadInput, Headers) {
  expect_refusals(wrong_headers());
}

TEST_F(HttpBadInput, Framing) {
  expect_refusals(wrong_framing());
}

TEST_F(HttpBadInput, Bodies) {
  expect_refusals(wrong_bodies());
}

TEST_F(HttpBadInput, ARequestTruncatedAtEachByte) {
  const std::string whole = post(R"({"amount":1})");
  for (std::size_t size = 0; size < whole.size(); ++size)
    expect_refusal({"truncated", whole.substr(0, size), size == 0 ? 0 : 400});
  expect_service();
  EXPECT_EQ(to.payments(), 0U);
}

// What follows a request that is out of step is never taken for a request.
TEST_F(HttpBadInput, NothingIsServedAfterARequestThatIsOutOfStep) {
  const std::string smuggled = post(R"({"amount":1})");
  for (const auto& inputs : {wrong_framing(), bytes_that_are_no_http()})
    for (const auto& input : inputs)
      if (!input.bytes.empty() && input.bytes.size() < 4096)
        exchange(input.bytes + smuggled);
  EXPECT_EQ(to.payments(), 0U);
}

} // namespace ducat::api
