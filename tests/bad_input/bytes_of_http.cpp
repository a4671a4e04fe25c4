#include "bad_input/bad_bytes.hpp"

namespace ducat::bad_input {

namespace {

using namespace std::string_literals;

/// Requests to one path.
class requests {
public:
  explicit requests(std::string path) : path_{std::move(path)} {}

  /// A request whose head is good, but for `more`.
  std::string with_head(const std::string& more, const std::string& body = "") const {
    return "POST " + path_ + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + more + "\r\n" + body;
  }

  std::string with_body(const std::string& body) const {
    return with_head("Content-Type: application/json\r\nIdempotency-Key: bad\r\nContent-Length: " +
                         std::to_string(body.size()) + "\r\n",
                     body);
  }

  /// A payment with one part replaced or added.
  std::string payment(const std::string& more) const {
    return with_body(R"({"from":"world","to":"shop",)" + more + "}");
  }

  std::string line(const std::string& text) const {
    return text + "\r\nHost: a\r\nConnection: close\r\n\r\n";
  }

private:
  std::string path_;
};

classes heads(const requests& to) {
  const std::string length_2 = "Content-Length: 2\r\n";
  return {
      {"line: no end", std::string(9'000, 'G')},
      {"line: an unknown method", to.line("BREW /v1/payments HTTP/1.1")},
      {"line: bytes for a method", to.line("\x01\x02 / HTTP/1.1")},
      {"line: another version", to.line("GET / HTTP/9.9")},
      {"line: %00", to.line("GET /v1/payments/%00 HTTP/1.1")},
      {"line: a path upwards", to.line("GET /assets/../../../etc/passwd HTTP/1.1")},
      {"line: 1 MiB", to.line("GET /" + std::string(1 << 20, 'a') + " HTTP/1.1")},
      {"head: 100,000 fields", to.with_head(repeated("a: b\r\n", 100'000))},
      {"head: a field of 1 MiB", to.with_head("a: " + std::string(1 << 20, 'b') + "\r\n")},
      {"head: no colon", to.with_head("nothing here\r\n")},
      {"head: a folded field", to.with_head("a: b\r\n c\r\n")},
      {"head: NUL", to.with_head("a: b\0c\r\n"s)},
      {"head: two hosts", to.with_head("Host: b\r\n" + length_2, "{}")},
      {"head: no host", "GET / HTTP/1.1\r\n\r\n"},
      {"head: two keys",
       to.with_head("Idempotency-Key: a\r\nIdempotency-Key: b\r\n" + length_2, "{}")},
      {"head: a key of 10 KiB",
       to.with_head("Idempotency-Key: " + std::string(10 << 10, 'k') + "\r\n")},
      {"length: below zero", to.with_head("Content-Length: -1\r\n", "{}")},
      {"length: 2^64", to.with_head("Content-Length: 18446744073709551616\r\n", "{}")},
      {"length: two of them", to.with_head(length_2 + "Content-Length: 3\r\n", "{}")},
      {"length: with a coding",
       to.with_head(length_2 + "Transfer-Encoding: chunked\r\n", "0\r\n\r\n")},
      {"length: more than comes", to.with_head("Content-Length: 100\r\n", "{}")},
      {"length: 1 GiB", to.with_head("Content-Length: 1073741824\r\n", "{}")},
      {"chunk: no number", to.with_head("Transfer-Encoding: chunked\r\n", "zz\r\n{}\r\n")},
      {"chunk: 2^64",
       to.with_head("Transfer-Encoding: chunked\r\n", "ffffffffffffffff1\r\n{}\r\n")},
      {"chunk: an endless extension",
       to.with_head("Transfer-Encoding: chunked\r\n", "2;" + std::string(1 << 20, 'x'))},
      {"coding: unknown", to.with_head("Transfer-Encoding: gzip\r\n", "{}")},
      {"pipeline: 1,000 wrong requests",
       repeated("GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n", 1'000)},
      {"pipeline: a good head, then bytes", to.with_head(length_2, "{}\x01\x02\x03\x04")},
  };
}

classes bodies(const requests& to) {
  const auto nested = [](std::size_t depth) {
    return R"({"metadata":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  std::string keys = "{";
  for (int i = 0; i < 8'000; ++i)
    keys += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":1";
  return {
      {"body: empty", to.with_body("")},
      {"body: no JSON", to.with_body("amount=5")},
      {"body: cut", to.with_body(R"({"from":"world",)")},
      {"body: a list", to.with_body("[]")},
      {"body: null", to.with_body("null")},
      {"body: 65 KiB", to.with_body("{\"description\":\"" + std::string(65 << 10, 'x') + "\"}")},
      {"body: 101 deep", to.with_body(nested(101))},
      {"body: 10,000 deep", to.with_body(nested(10'000))},
      {"body: 8,000 keys", to.with_body(keys + "}")},
      {"body: a field twice", to.payment(R"("amount":1,"amount":2,"currency":"EUR")")},
      {"body: an unknown field", to.payment(R"("amount":1,"currency":"EUR","state":"CAPTURED")")},
      {"body: another type", to.payment(R"("amount":{"value":1},"currency":"EUR")")},
      {"body: not UTF-8",
       to.payment("\"amount\":1,\"currency\":\"EUR\",\"description\":\"\xc3\x28\"")},
      {"body: a half of a surrogate", to.payment(R"("amount":1,"currency":"\ud800")")},
      {"body: NUL in an id",
       to.with_body(R"({"from":"wor\u0000ld","to":"shop","amount":1,"currency":"EUR"})")},
      {"body: an id of 10 KiB", to.with_body(R"({"from":")" + std::string(10 << 10, 'w') +
                                             R"(","to":"shop","amount":1,"currency":"EUR"})")},
      {"body: escapes in an id",
       to.with_body(R"({"from":"\u001b[2J","to":"shop","amount":1,"currency":"EUR"})")},
      {"amount: 0", to.payment(R"("amount":0,"currency":"EUR")")},
      {"amount: -1", to.payment(R"("amount":-1,"currency":"EUR")")},
      {"amount: the smallest", to.payment(R"("amount":"-9223372036854775808","currency":"EUR")")},
      {"amount: 2^63", to.payment(R"("amount":"9223372036854775808","currency":"EUR")")},
      {"amount: a fraction", to.payment(R"("amount":1.5,"currency":"EUR")")},
      {"amount: 1e400", to.payment(R"("amount":1e400,"currency":"EUR")")},
      {"amount: no number", to.payment(R"("amount":"NaN","currency":"EUR")")},
      {"currency: unknown", to.payment(R"("amount":1,"currency":"XXY")")},
      {"currency: another one", to.payment(R"("amount":1,"currency":"USD")")},
      {"accounts: the same twice",
       to.with_body(R"({"from":"shop","to":"shop","amount":1,"currency":"EUR"})")},
      {"accounts: unknown",
       to.with_body(R"({"from":"nobody","to":"shop","amount":1,"currency":"EUR"})")},
  };
}

} // namespace

classes bytes_of_http(const std::string& path) {
  const requests to{path};
  classes all = heads(to);
  classes more = bodies(to);
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

} // namespace ducat::bad_input
